from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from hdcli.store.codec import read_settings
from support import DeskFolder, run_hd


def test_makes_a_repository_with_one_commit_and_its_first_agent(tmp_path: Path) -> None:
    desk = DeskFolder(tmp_path / "support")
    ran = run_hd("init", "support", "--name", "IT: the \"desk\" & 'co'", "--prefix", "IT")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("desk opened in support, you are agent 'alice'\n")
    assert desk.git("log", "--format=%an %s") == "Alice Martin desk: open"
    assert desk.git("ls-files").split() == [".gitattributes", "desk.yaml"]
    assert desk.git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert desk.clean()
    settings = read_settings((desk.path / "desk.yaml").read_bytes())
    assert (settings.name, settings.prefix) == ("IT: the \"desk\" & 'co'", "IT")
    assert settings.agents["alice"].identity == "Alice Martin <alice@example.org>"
    assert desk.new("First").startswith("IT-")


def test_a_second_run_says_so_and_changes_nothing(a_desk: DeskFolder) -> None:
    before = a_desk.git("rev-parse", "main")
    ran = run_hd("init", str(a_desk.path), "--name", "Other", "--language", "fr")
    assert ran.code == 0
    assert ran.out == f"{a_desk.path} is a desk already; nothing was changed\n"
    assert a_desk.git("rev-parse", "main") == before
    assert a_desk.clean()


def test_without_a_folder_it_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "Bureau d’été, 2e étage"
    folder.mkdir()
    (folder / "old notes.txt").write_text("mine")
    monkeypatch.chdir(folder)
    assert run_hd("init").code == 0
    assert read_settings((folder / "desk.yaml").read_bytes()).name == folder.name
    assert DeskFolder(folder).git("status", "--porcelain") == '?? "old notes.txt"'
    assert run_hd("new", "Works here").code == 0


def test_a_french_desk_speaks_french(tmp_path: Path) -> None:
    assert run_hd("init", "desk", "--language", "fr").code == 0
    text = (tmp_path / "desk" / "desk.yaml").read_text()
    assert "# Les réglages de ce desk." in text
    assert DeskFolder(tmp_path / "desk").new("Panne", "-c", "réseau", "--urgency", "forte")


def test_a_hub_has_no_work_tree_and_can_be_cloned(tmp_path: Path) -> None:
    hub = DeskFolder(tmp_path / "hub.git")
    assert run_hd("init", "--bare", "hub.git").code == 0
    assert hub.git("rev-parse", "--is-bare-repository") == "true"
    ticket = hub.new("Piped in")
    subprocess.run(["git", "clone", "-q", "hub.git", "clone"], check=True)
    assert DeskFolder(tmp_path / "clone").hd("take", "-q", ticket).out == f"{ticket}\n"
    assert read_settings((tmp_path / "clone" / "desk.yaml").read_bytes()).name == "hub"


def test_without_a_git_identity_it_names_the_commands_that_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
    ):
        monkeypatch.delenv(name)
    ran = run_hd("init", "desk")
    assert ran.code == 1
    assert ran.err.startswith("hd: git does not know who you are; git config --global user.name ")
    assert not (tmp_path / "desk").exists()


def test_an_address_that_no_mail_can_reach_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "alice")
    ran = run_hd("init", "desk")
    assert ran.code == 1
    assert "git knows you by 'alice', which is no mail address; git config" in ran.err


@pytest.mark.parametrize(
    ("name", "email", "handle"),
    [
        ("Élodie Brûlé", "e@example.org", "elodie"),
        ("李 娜", "li.na@example.org", "li"),
        ("Desk Jockey", "d@example.org", "desk-jockey"),
        ("Network", "n@example.org", "network2"),
        ("me", "m@example.org", "me2"),
        ("李", "娜@example.org", "agent"),
    ],
)
def test_the_handle_is_a_plain_name_that_is_free(
    name: str, email: str, handle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", name)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", email)
    ran = run_hd("init", "desk")
    assert f"you are agent '{handle}'" in ran.out, ran.err


def test_a_repository_with_commits_that_is_no_desk_is_left_alone(tmp_path: Path) -> None:
    project = DeskFolder(tmp_path / "project")
    project.path.mkdir()
    project.git("init", "-q", "-b", "trunk")
    project.git("commit", "-q", "--allow-empty", "-m", "first")
    ran = run_hd("init", "project")
    assert ran.code == 1
    assert "project is a git repository with commits, and no desk; a desk is" in ran.err
    assert project.git("status", "--porcelain", "--branch") == "## trunk"


def test_an_empty_repository_becomes_the_desk(tmp_path: Path) -> None:
    desk = DeskFolder(tmp_path / "desk")
    desk.path.mkdir()
    desk.git("init", "-q", "-b", "trunk")
    assert run_hd("init", "desk").code == 0
    assert desk.git("status", "--porcelain", "--branch") == "## main"
    assert run_hd("init", "--bare", "desk").out.endswith("nothing was changed\n")


@pytest.mark.parametrize("name", ["desk.yaml", ".gitattributes"])
def test_a_file_in_the_way_is_named_and_stays(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / name).write_text("mine\n")
    ran = run_hd("init", "desk")
    assert (ran.code, ran.err) == (
        5, f"hd: desk/{name} is in the way; move it, or choose another folder\n",
    )  # fmt: skip
    assert [each.name for each in folder.iterdir()] == [name]
    assert (folder / name).read_text() == "mine\n"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert run_hd("init", "file").err == "hd: file is a file; name a folder\n"
    ran = run_hd("init", "file/below")
    assert (ran.code, ran.err) == (1, "hd: can't make a desk in file/below: Not a directory\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_t_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    ran = run_hd("init", "locked/desk")
    assert (ran.code, ran.err) == (1, "hd: can't make a desk in locked/desk: Permission denied\n")
    assert run_hd("init", "locked").code == 1


def test_inside_a_desk_there_is_no_second(a_desk: DeskFolder) -> None:
    ran = run_hd("init", str(a_desk.path / "tickets" / "mine"))
    assert ran.code == 1
    assert f"is inside the desk {a_desk.path}; choose a folder outside it" in ran.err
    assert a_desk.clean()


def test_inside_another_repository_it_says_so(tmp_path: Path) -> None:
    outer = DeskFolder(tmp_path / "outer")
    outer.path.mkdir()
    outer.git("init", "-q")
    ran = run_hd("init", "outer/desk")
    assert ran.code == 0
    assert ran.err == (f"note: it lies inside the repository {outer.path}; let that ignore it\n")
    assert DeskFolder(outer.path / "desk").clean()


@pytest.mark.parametrize("name", ["two\nlines", "\x1b[31mred", "x" * 201])
def test_a_name_that_is_not_one_line_is_refused(name: str, tmp_path: Path) -> None:
    ran = run_hd("init", "desk", "--name", name)
    assert (ran.code, ran.err) == (
        2, "hd: a desk's name is one line of at most 200 characters\n",
    )  # fmt: skip
    assert not (tmp_path / "desk").exists()


def test_a_folder_s_odd_name_becomes_one_line(tmp_path: Path) -> None:
    ran = run_hd("init", "odd\n\x1b[31m: {name} @HANDLE@")
    assert ran.code == 0, ran.err
    assert "\x1b" not in ran.out
    folder = next(each for each in tmp_path.iterdir() if each.name.startswith("odd"))
    assert read_settings((folder / "desk.yaml").read_bytes()).name == "odd [31m: {name} @HANDLE@"


def test_a_prefix_of_other_letters_is_wrong_usage(tmp_path: Path) -> None:
    ran = run_hd("init", "desk", "--prefix", "h-d")
    assert (ran.code, ran.err) == (
        2, "hd: 'h-d' is no prefix; 1 to 10 capital letters and digits, as in HD\n",
    )  # fmt: skip


def test_an_interrupted_run_can_be_run_again(tmp_path: Path) -> None:
    assert run_hd("init", "desk").code == 0
    desk = DeskFolder(tmp_path / "desk")
    desk.git("update-ref", "-d", "refs/heads/main")  # as if it was killed before the last step
    assert run_hd("init", "desk").out.startswith("desk opened in desk")
    assert desk.clean()


def test_a_repository_that_git_was_stopped_making_is_completed(tmp_path: Path) -> None:
    desk = DeskFolder(tmp_path / "desk")
    (desk.path / ".git" / "objects").mkdir(parents=True)
    assert run_hd("init", str(desk.path)).code == 0
    desk.new()
    assert desk.clean()


def test_a_repository_that_can_t_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "desk" / ".git").mkdir(parents=True)
    (tmp_path / "desk" / ".git" / "objects").write_text("")
    ran = run_hd("init", "desk")
    assert ran.code == 1
    assert ran.err.startswith("hd: git can't make a repository in desk: ")
    assert ran.err.endswith("Not a directory\n")

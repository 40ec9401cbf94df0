"""Where a desk is and how its repository stands: each gives a clear line and the right code."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hdcli.errors import Busy, Conflict, NotADesk
from support import DeskFolder, run_hd

STRANGE = ["with spaces", "accentué", "line\nend", 'quo"te', "-dash", "back\\slash"]
# What people set, and must find no trace of in what hd does.
SETTINGS = {
    "core.autocrlf": "true",
    "core.splitIndex": "true",
    "index.version": "4",
    "core.untrackedCache": "true",
    "core.abbrev": "4",
    "core.quotePath": "true",
    "core.pager": "false",
    "color.ui": "always",
    "diff.noprefix": "true",
    "diff.renames": "copies",
    "fastimport.unpackLimit": "1",
    "i18n.commitEncoding": "latin1",
    "i18n.logOutputEncoding": "latin1",
    "log.date": "relative",
    "log.showSignature": "true",
    "trailer.separators": "#",
}
UNDER_WAY = {"MERGE_HEAD": "merge", "CHERRY_PICK_HEAD": "cherry-pick", "rebase-merge": "rebase"}


def refused(desk: DeskFolder, *words: str, line: tuple[str, ...] = ("new", "x")) -> None:
    """A write ends with exit 5 and one line with these words, and changed nothing."""
    before = desk.git("rev-parse", "main"), desk.git("status", "--porcelain")
    ran = desk.hd(*line, code=Conflict.exit_code)
    assert all(word in ran.err for word in words), ran.err
    assert ran.err.count("\n") == 1
    assert (desk.git("rev-parse", "main"), desk.git("status", "--porcelain")) == before
    assert not (desk.path / ".git" / "hd" / "journal").exists()


@pytest.mark.parametrize("name", STRANGE)
def test_a_desk_works_in_a_folder_of_any_name(
    make_desk: Callable[..., DeskFolder], name: str
) -> None:
    desk = make_desk(name)
    ticket = desk.new()
    desk.hd("escalate", ticket, "-m", "Beyond us")
    assert ticket in desk.hd("list").out
    assert desk.clean()


def test_hd_works_from_a_folder_inside_and_from_git_s_own(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    for place in ("tickets", ".git", ".git/objects"):
        inside = DeskFolder(a_desk.path / place)
        assert inside.process("note", ticket, "-m", f"from {place}").returncode == 0
        assert a_desk.clean()


def test_the_desk_is_named_by_option_or_variable(
    a_desk: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_desk.new()
    assert run_hd("list", "-q").code == NotADesk.exit_code
    assert run_hd("--desk", str(a_desk.path / ".git"), "list", "-q").code == 0
    monkeypatch.setenv("HD_DESK", str(a_desk.path))
    assert run_hd("list", "-q").code == 0
    assert run_hd("--desk", str(tmp_path), "list").code == NotADesk.exit_code


def test_the_variables_of_a_git_hook_do_not_lead_astray(a_desk: DeskFolder, tmp_path: Path) -> None:
    env = {"GIT_DIR": str(tmp_path / "no"), "GIT_INDEX_FILE": "no", "GIT_WORK_TREE": "/"}
    assert a_desk.process("new", "x", env=env).returncode == 0
    assert a_desk.clean()


def test_a_bare_desk_takes_tickets(make_desk: Callable[..., DeskFolder]) -> None:
    hub = make_desk("hub.git", "--bare")
    ticket = hub.hd("new", "x", agent="alice").id
    hub.hd("escalate", ticket, "-m", "Beyond us")
    assert ticket in hub.hd("list").out
    assert hub.git("branch", "--list", f"l2/{ticket}")
    inside = DeskFolder(hub.path / "refs")
    assert inside.process("note", ticket, "-m", "x").returncode == 0


def test_a_branch_that_is_not_the_desk_s_is_left_alone(a_desk: DeskFolder) -> None:
    a_desk.new()
    a_desk.git("switch", "-q", "-c", "idea")
    refused(a_desk, "'idea'", "git switch main")
    assert a_desk.hd("list", "-q").out
    a_desk.git("switch", "-q", "--detach")
    refused(a_desk, "detached HEAD", "git switch main")
    a_desk.git("switch", "-q", "main")
    a_desk.new()


@pytest.mark.parametrize("name", UNDER_WAY)
def test_what_git_left_half_done_comes_first(a_desk: DeskFolder, name: str) -> None:
    (a_desk.path / ".git" / name).mkdir()
    refused(a_desk, f"a {UNDER_WAY[name]} is under way", "--abort")


def test_a_linked_work_tree_says_where_the_desk_is(a_desk: DeskFolder, tmp_path: Path) -> None:
    linked = DeskFolder(tmp_path / "linked")
    a_desk.git("worktree", "add", "-q", "-b", "idea", str(linked.path))
    assert str(a_desk.path) in linked.hd("new", "x", code=Conflict.exit_code).err
    a_desk.git("switch", "-q", "-c", "other")
    linked.git("switch", "-q", "main")
    ticket = linked.new()
    assert linked.clean()
    assert ticket in a_desk.hd("list", "-q").out
    assert str(linked.path) in a_desk.hd("new", "x", code=Conflict.exit_code).err


def test_a_bare_desk_does_not_write_below_a_linked_work_tree(
    make_desk: Callable[..., DeskFolder], tmp_path: Path
) -> None:
    hub = make_desk("hub.git", "--bare")
    linked = DeskFolder(tmp_path / "linked")
    hub.git("worktree", "add", "-q", str(linked.path), "main")
    assert str(linked.path) in hub.hd("new", "x", code=Conflict.exit_code).err
    linked.new()
    assert linked.clean()


def test_a_hand_edit_is_never_overwritten(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new(), a_desk.new()
    file = a_desk.file(ticket)
    file.write_text(file.read_text() + "# mine\n")
    note = ("note", ticket, "-m", "x")
    refused(a_desk, file.name, "hd commit", "git restore", line=note)
    a_desk.git("add", "-A")
    refused(a_desk, file.name, line=note)
    a_desk.git("reset", "-q", "--hard")
    file.unlink()
    refused(a_desk, file.name, "deleted by hand", line=note)
    a_desk.hd("note", other, "-m", "x")
    assert a_desk.git("status", "--porcelain") == f" D tickets/{file.parent.name}/{file.name}"


def test_what_is_no_plain_file_is_not_written_through(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new()
    file, victim = a_desk.file(ticket), tmp_path / "victim"
    note = ("note", ticket, "-m", "x")
    victim.write_text(file.read_text())
    file.unlink()
    file.symlink_to(victim)
    refused(a_desk, file.name, "not a plain file", line=note)
    file.unlink()
    file.mkdir()
    refused(a_desk, file.name, "not a plain file", line=note)
    file.rmdir()
    os.mkfifo(file)
    refused(a_desk, file.name, "not a plain file", line=note)
    file.unlink()
    moved = tmp_path / "moved"
    (a_desk.path / "tickets").rename(moved)
    (a_desk.path / "tickets").symlink_to(moved)
    refused(a_desk, "tickets", "link", line=note)
    refused(a_desk, "tickets", "link")


def test_a_submodule_in_the_place_of_a_folder_is_left_alone(a_desk: DeskFolder) -> None:
    a_desk.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},tickets")
    a_desk.git("commit", "-q", "-m", "A submodule")
    (a_desk.path / "tickets").mkdir()
    refused(a_desk, "tickets", "in the way")
    a_desk.hd("list")


def test_a_file_in_the_place_of_a_folder_is_left_alone(a_desk: DeskFolder) -> None:
    (a_desk.path / "tickets").write_text("mine")
    refused(a_desk, "tickets", "in the way")
    a_desk.git("add", "tickets")
    a_desk.git("commit", "-q", "-m", "A file")
    refused(a_desk, "tickets", "in the way")
    assert (a_desk.path / "tickets").read_text() == "mine"


def test_a_git_at_work_is_waited_for_and_named(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HD_LOCK_TIMEOUT", "0.05")
    lock = a_desk.path / ".git" / "index.lock"
    lock.touch()
    ran = a_desk.hd("new", "x", code=Busy.exit_code)
    assert str(lock) in ran.err
    assert lock.exists()
    assert a_desk.git("rev-list", "--count", "main") == "2"
    lock.unlink()
    a_desk.new()
    assert a_desk.clean()


def test_a_hook_that_refuses_is_quoted(a_desk: DeskFolder) -> None:
    hook = a_desk.path / ".git" / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\n[ "$1" = prepared ] || exit 0\necho "frozen today" >&2\nexit 1\n')
    hook.chmod(0o755)
    before = a_desk.git("rev-parse", "main")
    ran = a_desk.hd("new", "x", code=1)
    assert "hook" in ran.err
    assert "frozen today" in ran.err
    assert ran.err.count("\n") == 1
    assert (a_desk.git("rev-parse", "main"), a_desk.clean()) == (before, True)


def test_hooks_for_commits_made_by_people_do_not_run(a_desk: DeskFolder) -> None:
    for name in ("pre-commit", "commit-msg", "post-commit", "post-checkout", "post-index-change"):
        hook = a_desk.path / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
    a_desk.new()
    assert a_desk.clean()


def test_what_people_set_in_git_changes_nothing(a_desk: DeskFolder) -> None:
    for name, value in SETTINGS.items():
        a_desk.git("config", name, value)
    ticket = a_desk.new("Imprimante bloquée")
    a_desk.hd("escalate", ticket, "-m", "Dépassé")
    assert a_desk.clean()
    a_desk.hd("resolve", ticket, "-m", "Réparée")
    a_desk.hd("undo")
    a_desk.file(ticket).write_text(f"# à moi\n{a_desk.file(ticket).read_text()}")
    a_desk.hd("commit")
    assert a_desk.clean()
    for line in (["list"], ["show", ticket], ["log", ticket], ["log"]):
        ran = a_desk.hd(*line)
        assert "bloquée" in ran.out
        assert "\x1b" not in ran.out
    a_desk.hd("fsck")


def test_a_repository_that_is_no_desk_is_told_what_it_lacks(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "repository")
    folder.path.mkdir()
    assert "hd init" in folder.hd("list", code=NotADesk.exit_code).err
    folder.git("init", "-q", "-b", "main")
    assert "no desk" in folder.hd("new", "x", code=NotADesk.exit_code).err
    folder.git("commit", "-q", "--allow-empty", "-m", "x")
    assert "no desk.yaml" in folder.hd("list", code=NotADesk.exit_code).err


def test_master_is_the_desk_s_branch_where_there_is_no_main(a_desk: DeskFolder) -> None:
    a_desk.git("branch", "-m", "main", "master")
    ticket = a_desk.new()
    assert ticket in a_desk.git("log", "-1", "--format=%s", "master")
    assert a_desk.clean()


def test_sha256_repositories_are_desks_too(tmp_path: Path) -> None:
    desk = DeskFolder(tmp_path / "desk")
    desk.path.mkdir()
    desk.git("init", "-q", "--object-format=sha256", "-b", "main")
    desk.hd("init", str(desk.path))
    ticket = desk.new()
    desk.hd("escalate", ticket, "-m", "Beyond us")
    desk.hd("resolve", ticket, "-m", "New switch")
    assert desk.hd("list", "--all", "-q").out.split() == [ticket]
    assert desk.clean()


def test_another_user_s_desk_is_refused_with_git_s_remedy(a_desk: DeskFolder) -> None:
    env = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    ran = a_desk.process("list", env=env)
    assert ran.returncode == NotADesk.exit_code
    assert b"git config --global --add safe.directory" in ran.stderr


def test_without_git_hd_says_so(a_desk: DeskFolder, tmp_path: Path) -> None:
    for line in (["list"], ["new", "x"], ["init", str(tmp_path / "other")]):
        ran = a_desk.process(*line, env={"PATH": str(tmp_path)})
        assert (ran.returncode, ran.stdout) == (1, b"")
        assert ran.stderr == b"hd: git is not installed; install git 2.39 or newer\n"
    assert shutil.which("git")

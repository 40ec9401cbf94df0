"""hd hub: the hook on a real bare repository, and pushes to it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support import DeskFolder, run_hd


def push(desk: DeskFolder, *refs: str) -> subprocess.CompletedProcess[str]:
    """git push, as anybody runs it."""
    line = ["git", "push", "origin", *(refs or ("main",))]
    return subprocess.run(line, cwd=desk.path, capture_output=True, text=True, check=False)


@pytest.fixture
def clone(make_desk: Callable[..., DeskFolder], tmp_path: Path) -> DeskFolder:
    """A clone of a hub that hd made."""
    make_desk("hub.git", "--bare")
    desk = DeskFolder(tmp_path / "clone")
    subprocess.run(["git", "clone", "-q", "hub.git", str(desk.path)], cwd=tmp_path, check=True)
    return desk


def test_a_hub_takes_honest_work_and_names_what_it_refuses(clone: DeskFolder) -> None:
    ticket = clone.new("Printer jams", "-b", "Since Monday")
    done = push(clone)
    assert done.returncode == 0, done.stderr
    file = clone.file(ticket)
    file.write_text(file.read_text().replace("Since Monday", "Never"))
    clone.git("commit", "-qam", "Tidy up")
    done = push(clone)
    assert done.returncode == 1
    commit = clone.git("rev-parse", "--short=10", "HEAD")
    path = file.relative_to(clone.path)
    said = [line.strip() for line in done.stderr.splitlines()]
    assert said[0].startswith(f"remote: error: {commit}: {path}:")
    assert "of the log was altered; a log only grows" in said[0]
    assert said[1] == "remote: hd: the push was refused: 1 error"


def test_a_push_of_very_many_errors_says_some(clone: DeskFolder) -> None:
    for number in range(30):
        (clone.path / "tickets").mkdir(exist_ok=True)
        (clone.path / "tickets" / f"{number}.txt").write_text("x")
    clone.git("add", "-A")
    clone.git("commit", "-qm", "Many")
    done = push(clone)
    assert done.stderr.count("remote: error: ") == 20
    assert "the push was refused: 20 errors and more" in done.stderr


def test_install_says_where_and_is_done_twice_without_harm(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", "a.git"], cwd=tmp_path, check=True)
    assert run_hd("hub", "status", "a.git").code == 1
    for _ in range(2):
        ran = run_hd("hub", "install", "a.git")
        assert (ran.code, ran.out.split()[-1]) == (0, str(tmp_path / "a.git/hooks/pre-receive"))
    assert run_hd("--desk", "a.git", "hub").out.startswith("pushes are judged by ")


def test_install_replaces_nobodys_hook_and_joins_those_of_a_git_host(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", "a.git"], cwd=tmp_path, check=True)
    hooks = tmp_path / "a.git" / "hooks"
    (hooks / "pre-receive").write_text("#!/bin/sh\n")
    ran = run_hd("hub", "install", "a.git")
    assert ran.code == 5
    assert "is there already; let it run: " in ran.err
    (hooks / "pre-receive.d").mkdir()
    assert run_hd("hub", "install", "a.git").out.strip().endswith("pre-receive.d/hd")
    assert (hooks / "pre-receive").read_text() == "#!/bin/sh\n"


def test_install_wants_a_bare_repository_and_a_desk_or_nothing(a_desk: DeskFolder) -> None:
    assert "has a work tree" in a_desk.hd("hub", "install", code=1).err
    path = a_desk.path.parent
    subprocess.run(["git", "init", "-q", "-b", "main", "code"], cwd=path, check=True)
    line = ["git", "-C", "code", "commit", "-q", "--allow-empty", "-m", "x"]
    subprocess.run(line, cwd=path, check=True)
    subprocess.run(["git", "clone", "-q", "--bare", "code", "b.git"], cwd=path, check=True)
    assert "so it is no desk" in run_hd("hub", "install", "b.git").err
    assert not (path / "b.git/hooks/pre-receive").exists()


def test_receive_is_for_git(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("hub", "receive", code=2, stdin="hello\n")
    assert "this is for git to run" in ran.err


def test_a_hook_with_another_hook_path_is_refused(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", "a.git"], cwd=tmp_path, check=True)
    shared = ["git", "-C", "a.git", "config", "core.hooksPath", str(tmp_path / "hooks")]
    subprocess.run(shared, cwd=tmp_path, check=True)
    assert "core.hooksPath leads to" in run_hd("hub", "install", "a.git").err

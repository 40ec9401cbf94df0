from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hdcli.store import gitlocks, lock
from hdcli.store.discover import discover
from hdcli.store.git import Repository
from support import DeskFolder

LEFT = [
    "index.lock",
    "HEAD.lock",
    "config.lock",
    "packed-refs.lock",
    "packed-refs.new",
    "shallow.lock",
    "refs/heads/main.lock",
    "refs/heads/l2/HD-7K3QF.lock",
    "refs/remotes/origin/main.lock",
    "objects/maintenance.lock",
    "objects/info/commit-graphs/commit-graph-chain.lock",
    "objects/pack/multi-pack-index.lock",
]


@pytest.fixture
def repository(a_desk: DeskFolder) -> Repository:
    a_desk.new()
    return discover(a_desk.path).repository


def left(repository: Repository, name: str, text: str = "", *, old: bool = True) -> Path:
    place = repository.git_dir / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    if old:
        os.utime(place, (0, 0))
    return place


@contextmanager
def git_with_an_editor_open(desk: DeskFolder) -> Iterator[None]:
    """``git commit -a`` holds the index's lock, which it has not open, until the editor ends."""
    (desk.path / "desk.yaml").write_text((desk.path / "desk.yaml").read_text() + "# mine\n")
    editor = "echo open > ../editor; cat"
    with subprocess.Popen(
        ["git", "commit", "-qa"],
        cwd=desk.path,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GIT_EDITOR": f'sh -c "{editor}"'},
    ) as process:
        while not (desk.path / "../editor").exists() and process.poll() is None:
            pass
        yield


def test_what_dead_processes_left_is_found_and_removed(repository: Repository) -> None:
    places = [left(repository, name) for name in LEFT]
    places.append(left(repository, "gc.pid", f"4194399 {socket.gethostname()}", old=False))
    places.append(left(repository, "worktrees/x/index.lock"))
    found = {each.place: each.doubt for each in gitlocks.locks(repository)}
    assert found == dict.fromkeys(places, "")
    assert gitlocks.clear(repository) == sorted(places)
    assert not any(each.exists() for each in places)


@pytest.mark.parametrize("name", LEFT)
def test_a_lock_that_somebody_has_open_stays(repository: Repository, name: str) -> None:
    place = left(repository, name)
    wait = "import sys; file = open(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", wait, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        (found,) = gitlocks.locks(repository)
        assert str(holder.pid) in found.doubt
        assert gitlocks.clear(repository) == []
        holder.communicate()
    assert gitlocks.clear(repository) == [place]


def test_a_commit_with_its_editor_open_keeps_its_lock(
    a_desk: DeskFolder, repository: Repository
) -> None:
    with git_with_an_editor_open(a_desk):
        (found,) = gitlocks.locks(repository)
        os.utime(found.place, (0, 0))
        assert "git is at work here" in gitlocks.locks(repository)[0].doubt
        assert gitlocks.clear(repository) == []
        assert found.place.exists()


def test_while_hd_writes_no_lock_is_taken_away(repository: Repository) -> None:
    place = left(repository, "index.lock", "hd\n")
    with lock.lock(repository.local):
        assert gitlocks.locks(repository)[0].doubt == "hd is at work here"
        assert gitlocks.clear(repository) == []
    assert gitlocks.clear(repository) == [place]


def test_new_ones_and_those_of_gc_elsewhere_are_left_alone(repository: Repository) -> None:
    left(repository, "index.lock", old=False)
    left(repository, "gc.pid", "12 another-machine", old=False)
    doubts = {each.place.name: each.doubt for each in gitlocks.locks(repository)}
    assert doubts == {
        "gc.pid": "git gc is at work on another-machine",
        "index.lock": "it is less than a minute old",
    }
    assert gitlocks.clear(repository) == []


def test_one_that_another_git_made_meanwhile_stays(repository: Repository) -> None:
    place = left(repository, "index.lock")
    (judged,) = gitlocks.locks(repository)
    place.unlink()
    left(repository, "index.lock", "theirs", old=False)
    assert not gitlocks._remove(judged)
    assert place.read_text() == "theirs"

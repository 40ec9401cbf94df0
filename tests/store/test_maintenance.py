"""Housekeeping in the background: when it starts, and that it leaves the desk as it was."""

from __future__ import annotations

import time
from pathlib import Path

from hdcli.store import maintenance
from hdcli.store.git import Repository
from support import DeskFolder


def repository(desk: DeskFolder) -> Repository:
    """The repository of a desk."""
    git_dir = desk.path / ".git"
    return Repository(git_dir, git_dir, desk.path)


def started(desk: DeskFolder) -> Path:
    """What says that the housekeeping was started."""
    return desk.path / ".git" / "hd" / "maintained"


def wait_for_its_end(desk: DeskFolder) -> None:
    """Until the graph is there and git's own locks are gone."""
    objects = desk.path / ".git" / "objects"
    graph = objects / "info" / "commit-graphs" / "commit-graph-chain"
    locks = ("maintenance.lock", "info/commit-graphs/commit-graph-chain.lock")
    for _ in range(600):
        if graph.exists() and not any((objects / each).exists() for each in locks):
            return
        time.sleep(0.05)
    raise AssertionError("still at it")


def test_a_few_writes_start_nothing(a_desk: DeskFolder) -> None:
    a_desk.new()
    assert not started(a_desk).exists()


def test_many_loose_objects_start_it_once_a_minute(a_desk: DeskFolder) -> None:
    folder = a_desk.path / ".git" / "objects" / "17"
    folder.mkdir(exist_ok=True)
    for number in range(30):
        (folder / f"{number:038x}").touch()
    maintenance.after_write(repository(a_desk))
    assert started(a_desk).exists()
    first = started(a_desk).stat().st_mtime_ns
    wait_for_its_end(a_desk)
    maintenance.after_write(repository(a_desk))
    assert started(a_desk).stat().st_mtime_ns == first


def test_it_packs_what_is_loose_and_loses_nothing(a_desk: DeskFolder) -> None:
    ticket_id = a_desk.new()
    a_desk.hd("escalate", ticket_id, "-m", "Beyond us")
    before = a_desk.git("rev-list", "--all", "--objects")
    maintenance.after_import(repository(a_desk), ())
    wait_for_its_end(a_desk)
    assert list((a_desk.path / ".git" / "objects" / "pack").glob("*.pack"))
    assert a_desk.git("rev-list", "--all", "--objects") == before
    a_desk.hd("note", ticket_id, "-m", "Goes on")
    assert a_desk.clean()
    assert a_desk.git("fsck", "--no-progress", "--no-dangling") == ""


def test_a_read_only_repository_is_left_alone(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    maintenance.after_write(Repository(nowhere, nowhere, None))
    maintenance.start(Repository(nowhere, nowhere, None))

"""How the desk's branch stands to the one that it follows."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from hdcli.store.discover import discover
from hdcli.store.upstream import Following, following, mark_fetched
from support import DeskFolder


def state(desk: DeskFolder) -> Following:
    place = discover(desk.path)
    return following(place.repository, place.branch)


def test_ahead_behind_gone_and_alone(a_desk: DeskFolder, tmp_path: Path) -> None:
    assert state(a_desk) == Following(shown=True)
    hub = tmp_path / "hub.git"
    a_desk.git("clone", "-q", "--bare", str(a_desk.path), str(hub))
    a_desk.git("remote", "add", "origin", str(hub))
    a_desk.git("fetch", "-q", "origin")
    a_desk.git("branch", "-q", "-u", "origin/main")
    found = state(a_desk)
    assert replace(found, fetched=None) == Following(shown=True, upstream="origin/main")
    assert found.fetched == int((a_desk.path / ".git" / "FETCH_HEAD").stat().st_mtime)
    a_desk.new()
    assert state(a_desk).ahead == 1
    a_desk.git("push", "-q", "origin", "main")
    a_desk.git("reset", "-q", "--hard", "HEAD^")
    assert (state(a_desk).ahead, state(a_desk).behind) == (0, 1)
    a_desk.git("switch", "-q", "-c", "elsewhere")
    assert not state(a_desk).shown
    a_desk.git("update-ref", "-d", "refs/remotes/origin/main")
    assert state(a_desk).gone


def test_when_the_upstream_was_last_heard_of(a_desk: DeskFolder, tmp_path: Path) -> None:
    a_desk.git("clone", "-q", str(a_desk.path), str(tmp_path / "clone"))
    clone = DeskFolder(tmp_path / "clone")
    made = clone.path / ".git" / "logs" / "refs" / "remotes" / "origin" / "HEAD"
    os.utime(made, (1000, 1000))
    assert state(clone).fetched == 1000
    a_desk.path.rename(tmp_path / "gone")
    with pytest.raises(AssertionError):
        clone.git("fetch")
    assert state(clone).fetched == 1000
    mark_fetched(discover(clone.path).repository)
    assert (state(clone).fetched or 0) > 1000

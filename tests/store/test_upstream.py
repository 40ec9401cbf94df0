"""How the desk's branch stands to the one that it follows."""

from __future__ import annotations

from pathlib import Path

from hdcli.store.discover import discover
from hdcli.store.upstream import Following, following
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
    assert state(a_desk) == Following(shown=True, upstream="origin/main")
    a_desk.new()
    assert state(a_desk).ahead == 1
    a_desk.git("push", "-q", "origin", "main")
    a_desk.git("reset", "-q", "--hard", "HEAD^")
    assert (state(a_desk).ahead, state(a_desk).behind) == (0, 1)
    a_desk.git("switch", "-q", "-c", "elsewhere")
    assert not state(a_desk).shown
    a_desk.git("update-ref", "-d", "refs/remotes/origin/main")
    assert state(a_desk).gone

"""hd sync: what it tells those who took no part in a merge, and of what git alone committed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import DeskFolder

Pair = tuple[DeskFolder, DeskFolder]


@pytest.fixture
def pair(a_desk: DeskFolder, tmp_path: Path) -> Pair:
    """The clones of alice and bob of one hub."""
    hub = tmp_path / "hub.git"
    a_desk.git("clone", "-q", "--bare", ".", str(hub))
    a_desk.git("remote", "add", "origin", hub.as_uri())
    a_desk.hd("sync", "-q")
    a_desk.git("clone", "-q", hub.as_uri(), str(tmp_path / "bob"))
    return a_desk, DeskFolder(tmp_path / "bob")


def test_who_lost_an_edit_is_told_whoever_merged(pair: Pair) -> None:
    alice, bob = pair
    ticket = alice.hd("new", "-q", "slow").id
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    bob.hd("set", ticket, "priority=low", agent="bob")
    bob.hd("sync", agent="bob")
    alice.hd("note", ticket, "-m", "it waits for Friday")
    alice.hd("set", ticket, "priority=high")
    alice.hd("sync")
    said = f"{ticket}: alice's priority counts, not bob's"
    again = bob.git("rev-parse", "HEAD")
    assert f"  merged by alice: {said}\n" in bob.hd("sync", agent="bob").out
    bob.git("reset", "-q", "--hard", again)
    found = json.loads(bob.hd("sync", "--pull", "--json", agent="bob").out)["sync"]
    assert found["came"]["remarks"] == [f"by alice: {said}"]
    assert found["remarks"] == []


def test_what_git_alone_committed_is_listed_by_ticket(pair: Pair) -> None:
    alice, bob = pair
    ticket = alice.hd("new", "-q", "slow").id
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    file = alice.file(ticket)
    file.write_text(file.read_text().replace("title: slow", "title: slow line  # as ever"))
    (alice.path / "README.md").write_text("our desk\n")
    alice.git("add", "README.md")
    alice.git("commit", "-q", "-a", "-m", "calls it by its name")
    alice.hd("escalate", alice.hd("new", "-q", "other").id, "-m", "who has it?")
    alice.hd("sync")
    lines = bob.hd("sync", agent="bob").out.splitlines()
    line = next(each for each in lines if ticket in each)
    assert "edit by hand by alice" in line
    assert any("the desk" in each and "edit by hand by alice" in each for each in lines)
    assert "none" not in "".join(lines)


def test_whoever_may_read_may_follow(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = pair
    ticket = alice.hd("new", "-q", "slow").id
    alice.hd("sync")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "auditor@example.net")
    bob.hd("sync", code=1)
    assert ticket in bob.hd("sync", "--pull").out

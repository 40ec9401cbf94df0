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


def worked_on_apart(alice: DeskFolder, bob: DeskFolder) -> tuple[str, str]:
    """A ticket that alice merged into another while bob worked on it, and that other."""
    one, two = (alice.hd("new", "-q", title).id for title in ("printer", "the printer again"))
    alice.hd("tag", one, "+paper")
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    alice.hd("merge", two, one, "-m", "the same")
    alice.hd("tag", one, "--", "-paper")
    alice.hd("sync")
    bob.hd("note", two, "-m", "toner ordered", agent="bob")
    bob.hd("tag", two, "+toner", "+paper", agent="bob")
    (bob.path.parent / "photo.txt").write_text("a photo")
    bob.hd("attach", two, str(bob.path.parent / "photo.txt"), agent="bob")
    return two, one


def is_whole(bob: DeskFolder, two: str, one: str) -> None:
    ticket = bob.ticket(one)
    assert list(ticket.items("tags")) == ["toner"]
    assert [Path(each).name[13:] for each in ticket.items("attachments")] == ["photo.txt"]
    told = [each.body.strip() for each in ticket.log if each.of == two and each.body]
    assert told == ["toner ordered"]
    bob.hd("fsck")


def test_tags_and_files_of_a_ticket_merged_elsewhere_go_along(pair: Pair) -> None:
    alice, bob = pair
    two, one = worked_on_apart(alice, bob)
    bob.hd("sync", agent="bob")
    is_whole(bob, two, one)
    bob.hd("fsck", "--range", "origin/main~8..main")


def test_what_git_alone_merged_is_taken_along_by_a_repair(pair: Pair) -> None:
    alice, bob = pair
    two, one = worked_on_apart(alice, bob)
    for name, value in (("user.name", "Bob Ndiaye"), ("user.email", "bob@example.org")):
        bob.git("config", name, value)
    bob.git("pull", "-q", "--rebase")
    ran = bob.hd("fsck", code=4)
    assert f"{one}, which it was merged into, lacks what was written on it" in ran.out + ran.err
    bob.hd("fsck", "--repair", "--as", "bob")
    is_whole(bob, two, one)
    bob.hd("fsck", "--range", "origin/main..main")
    bob.hd("sync", agent="bob")


def test_that_a_rewritten_history_is_taken_over_is_said(pair: Pair) -> None:
    alice, bob = pair
    alice.hd("new", "-q", "one")
    alice.hd("sync")
    bob.hd("sync", agent="bob")
    assert "taken over" not in bob.hd("sync", "--accept-rewrite", agent="bob").out
    alice.git("commit", "-q", "--amend", "--no-edit", "--date", "2026-11-01T00:00:00Z")
    alice.git("push", "-q", "--force", "origin", "main")
    bob.hd("new", "two", agent="bob")
    said = bob.hd("sync", "--accept-rewrite", agent="bob").out
    assert "its rewritten history is taken over, 1 commit of yours done again upon it" in said


def test_a_rewriting_is_seen_though_it_is_the_first_that_a_clone_fetched(pair: Pair) -> None:
    alice, bob = pair
    alice.git("commit", "-q", "--amend", "--no-edit", "--date", "2026-11-01T00:00:00Z")
    alice.git("push", "-q", "--force", "origin", "main")
    bob.git("fetch", "-q")
    bob.hd("new", "two", agent="bob")
    assert "was rewritten" in bob.hd("sync", agent="bob", code=7).err
    bob.hd("sync", "--accept-rewrite", agent="bob")
    assert bob.git("rev-parse", "main~1") == alice.git("rev-parse", "main")

"""hd audit: what it vouches for, and what it finds in a history that somebody tampered with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hdcli.services import auditsteps
from signers import an_ssh_key, needs_ssh, signs_with
from support import AGENT, DeskFolder, run_hd

BOB = ("Bob Ndiaye", "bob@example.org")


@pytest.fixture
def ticket(a_desk: DeskFolder) -> str:
    """A ticket with entries by alice and bob."""
    found = a_desk.new("No network")
    a_desk.hd("note", found, "-m", "The cable is fine", agent="bob")
    return found


def commit(desk: DeskFolder, person: tuple[str, str] = AGENT) -> str:
    """Commits what lies in the work tree as somebody, with git alone; gives its short id."""
    who = ["-c", f"user.name={person[0]}", "-c", f"user.email={person[1]}"]
    author = f"{person[0]} <{person[1]}>"
    desk.git(*who, "commit", "-qam", "tidy up", f"--author={author}")
    return desk.git("rev-parse", "--short=10", "HEAD")


def put(desk: DeskFolder, ticket: str, old: str, new: str) -> None:
    """Replaces something in a ticket's file."""
    file = desk.file(ticket)
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))


def wrong(desk: DeskFolder, *args: str) -> list[str]:
    """The errors and warnings that it finds."""
    ran = desk.hd("audit", "-q", *args, code=4)
    assert ran.err.startswith("hd: ")
    return ran.out.splitlines()


def test_a_sound_history_is_vouched_for(a_desk: DeskFolder, ticket: str) -> None:
    lines = a_desk.hd("audit").out.splitlines()
    head = a_desk.git("rev-parse", "main")
    assert lines[:2] == ["Audit of desk", f"vouches for   {head}"]
    assert "signatures    4 unsigned; not required" in lines
    (bobs,) = (line.split() for line in lines if BOB[1] in line)
    assert bobs[:6] == ["bob", "Bob", "Ndiaye", "<bob@example.org>", "1", "1"]
    assert lines[-1] == (
        f"nothing is wrong up to {head[:10]}: 2 entries in 4 commits,"
        " each added once, by its author, and not altered"
    )


def test_a_tickets_entries_have_their_commits(a_desk: DeskFolder, ticket: str) -> None:
    other = a_desk.new("Another")
    lines = a_desk.hd("audit", ticket).out.splitlines()
    note = a_desk.git("rev-parse", "--short=10", "main~1")
    assert lines[0] == f"{ticket}  No network"
    assert [line.split()[3:6] for line in lines[2:4]][1] == ["bob", "note", note]
    assert other not in "".join(lines)
    found = json.loads(a_desk.hd("audit", ticket, other, "--json").out)
    assert [each["by"] for each in found["entries"]] == ["alice", "bob", "alice"]
    rows = [json.loads(line) for line in a_desk.hd("audit", "--jsonl").out.splitlines()]
    assert rows == found["entries"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("The cable is fine", "The cable is broken", "entry 0002-"),
        ("  by: alice", "  by: carol", "was altered"),
    ],
)
def test_an_altered_entry_is_found_and_who_did_it(
    a_desk: DeskFolder, ticket: str, old: str, new: str, said: str
) -> None:
    put(a_desk, ticket, old, new)
    culprit = commit(a_desk, BOB)
    (line,) = wrong(a_desk)
    assert line.startswith(f"error: {culprit}: tickets/")
    assert said in line
    assert "of the log was altered" in line
    put(a_desk, ticket, new, old)
    commit(a_desk)
    assert wrong(a_desk, ticket)[0] == f"{line} (and 1 more commit)"
    a_desk.hd("audit", "--range", "main..")


def test_an_entry_in_the_name_of_another_is_found(a_desk: DeskFolder, ticket: str) -> None:
    text = a_desk.file(ticket).read_text()
    entry = text[text.rindex("- id: 0002-") :].replace("0002-", "0003-")
    a_desk.file(ticket).write_text(text + entry)
    culprit = commit(a_desk)
    (line,) = wrong(a_desk)
    assert line.startswith(f"error: {culprit}: ")
    assert "is by bob, the commit by alice" in line


def test_what_was_lost_while_a_file_could_not_be_read_is_found(
    a_desk: DeskFolder, ticket: str
) -> None:
    sound = a_desk.file(ticket).read_text()
    a_desk.file(ticket).write_text("{")
    commit(a_desk)
    a_desk.file(ticket).write_text(sound[: sound.rindex("- id: 0002-")])
    culprit = commit(a_desk, BOB)
    first, second = wrong(a_desk)
    assert "not valid YAML" in first
    assert second.startswith(f"error: {culprit}: ")
    assert "was taken out of the log (while the file could not be read)" in second


def test_a_removed_ticket_and_a_stranger_are_found(a_desk: DeskFolder, ticket: str) -> None:
    a_desk.file(ticket).unlink()
    commit(a_desk)
    a_desk.new("By a stranger")
    put(a_desk, a_desk.hd("list", "-q").id, "By a", "To a")
    commit(a_desk, ("Eve", "eve@example.org"))
    first, second = wrong(a_desk)
    assert "the ticket was removed" in first
    assert "its author Eve <eve@example.org> is no agent of this desk" in second


def test_new_names_and_addresses_are_told_and_are_no_failure(
    a_desk: DeskFolder, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_desk.hd("agent", "edit", "bob", "--email", "+b@home.example")
    for name, email in (("Bob N", BOB[1]), ("Bob N", "b@home.example")):
        monkeypatch.setenv("GIT_AUTHOR_NAME", name)
        monkeypatch.setenv("GIT_AUTHOR_EMAIL", email)
        a_desk.hd("note", ticket, "-m", name)
    out = a_desk.hd("audit").out
    assert "bob@example.org is called Bob N from here on, Bob Ndiaye before" in out
    assert "agent bob writes as Bob N <b@home.example> too, first as bob@example.org" in out
    assert "nothing is wrong" in out


def test_both_sides_of_a_merge_count_once(a_desk: DeskFolder, ticket: str) -> None:
    a_desk.git("branch", "other")
    a_desk.hd("note", ticket, "-m", "On main")
    a_desk.git("switch", "-q", "other")
    a_desk.git("branch", "-f", "aside", "main")
    a_desk.git("branch", "-f", "main", "other")
    a_desk.git("switch", "-q", "main")
    a_desk.hd("note", ticket, "-m", "On the other", agent="carol")
    a_desk.git("merge", "-q", "aside", "-m", "both")
    found = json.loads(a_desk.hd("audit", "--json").out)
    assert (found["counts"]["merges"], found["counts"]["entries"]) == (1, 4)
    assert found["findings"] == []
    assert len(json.loads(a_desk.hd("audit", ticket, "--json").out)["entries"]) == 4


@needs_ssh
def test_signatures_are_checked_and_missing_where_they_are_required(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    signs_with(a_desk, an_ssh_key(tmp_path))
    a_desk.hd("config", "signatures=required")
    first = a_desk.new("Signed")
    assert f"good, ssh, {AGENT[1]}" in a_desk.hd("audit", first).out
    assert "2 unsigned, 2 good; required" in a_desk.hd("audit").out
    a_desk.git("config", "user.signingKey", str(an_ssh_key(tmp_path, "bob", BOB[1])))
    a_desk.new("In the name of alice")
    for _ in range(2):
        a_desk.git("commit", "-q", "--allow-empty", "--no-gpg-sign", "-m", "slipped in")
    forged, unsigned = wrong(a_desk)
    assert f"it is signed by {BOB[1]}, and committed as {AGENT[1]}" in forged
    assert "it is not signed, as this desk requires" in unsigned
    assert unsigned.endswith("(and 1 more commit)")


def test_a_history_that_is_not_whole_or_not_the_same_is_not_vouched_for(
    a_desk: DeskFolder, ticket: str, tmp_path: Path
) -> None:
    shallow = tmp_path / "shallow"
    a_desk.git("clone", "-q", "--depth=1", f"file://{a_desk.path}", str(shallow))
    ran = run_hd("--desk", str(shallow), "audit")
    assert ran.code == 1
    assert "git fetch --unshallow" in ran.err
    before = a_desk.git("rev-parse", "main")
    a_desk.git("commit", "-q", "--amend", "-m", "otherwise")
    assert "the history was rewritten" in wrong(a_desk, "--range", f"{before}..")[0]


def test_all_cores_find_the_same(
    a_desk: DeskFolder, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(a_desk, ticket, "The cable is fine", "The cable is broken")
    commit(a_desk)
    alone = a_desk.hd("audit", "--json", code=4).out
    monkeypatch.setattr(auditsteps, "_MANY", 1)
    monkeypatch.setattr(auditsteps, "_GROUP", 2)
    assert a_desk.hd("audit", "--json", code=4).out == alone

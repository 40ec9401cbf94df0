from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support import DeskFolder, run_hd


def inbox(desk: DeskFolder, agent: str, *options: str) -> list[tuple[str, str, str]]:
    """Why, what for and which ticket, the newest first."""
    lines = desk.hd("inbox", "--jsonl", *options, agent=agent).out.splitlines()
    found = map(json.loads, lines)
    return [(each["why"], each["to"], each["ticket"]) for each in found]


def by_mail(desk: DeskFolder, ticket: str, sender: str = "Ana <ana@example.org>") -> None:
    """A commit as the intake makes one of an answer."""
    message = f"{ticket}: reply: Still broken\n\nTicket: {ticket}\nAction: reply\nFrom: {sender}\n"
    desk.git("commit", "--allow-empty", "-qm", message)


def test_it_holds_what_others_did_that_concerns_the_agent(a_desk: DeskFolder) -> None:
    one, two, three, four = (a_desk.new(each) for each in ("a", "b", "c", "d"))
    a_desk.hd("note", one, "-m", "@bob see this")
    a_desk.hd("note", one, "-m", "@network see this, and @carol")
    a_desk.hd("assign", two, "bob")
    a_desk.hd("escalate", three, "--to", "2", "--team", "network", "-m", "routing")
    a_desk.hd("follow", four, agent="bob")
    a_desk.hd("tag", four, "+x")
    a_desk.hd("tag", one, "+x")
    by_mail(a_desk, two)
    by_mail(a_desk, one)
    assert inbox(a_desk, "bob") == [
        ("reply", "bob", two),
        ("followed", "bob", four),
        ("escalation", "network", three),
        ("assignment", "bob", two),
        ("mention", "network", one),
        ("mention", "bob", one),
    ]
    assert inbox(a_desk, "carol") == [("mention", "carol", one)]
    assert inbox(a_desk, "alice") == []  # nobody hears of their own
    by_mail(a_desk, three)  # which nobody of the team has yet
    assert inbox(a_desk, "bob")[0] == ("reply", "network", three)
    told = a_desk.hd("inbox", "done", three, agent="bob").out
    assert told.splitlines()[0] == f"{three} done: reply by Ana: reply: Still broken"


def test_what_was_taken_back_concerns_nobody(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("assign", ticket, "bob")
    a_desk.hd("note", ticket, "-m", "@bob")
    a_desk.hd("undo")
    assert inbox(a_desk, "bob") == [("assignment", "bob", ticket)]


def test_done_is_what_was_shown_and_what_came_meanwhile_stays(a_desk: DeskFolder) -> None:
    one, two, three = (a_desk.new(each) for each in "abc")
    a_desk.hd("assign", one, "bob")
    shown = a_desk.hd("inbox", agent="bob")
    assert one in shown.out
    assert "the last 7 days" in shown.err
    a_desk.hd("assign", two, "bob")
    ran = a_desk.hd("inbox", "done", agent="bob")
    assert ran.out == f"{one} done: assignment by alice: assign to bob\n"
    assert inbox(a_desk, "bob") == [("assignment", "bob", two)]
    assert inbox(a_desk, "bob", "--all") == [
        ("assignment", "bob", two),
        ("assignment", "bob", one),
    ]
    a_desk.hd("assign", three, "bob")
    assert a_desk.hd("inbox", "done", "-q", agent="bob").out == f"{three}\n{two}\n"
    ran = a_desk.hd("inbox", agent="bob")
    assert (ran.out, ran.err) == ("", "hd: nothing new that concerns you\n")
    assert len(inbox(a_desk, "bob", "--all")) == 3


def test_where_things_stand_counts_what_is_new(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    assert "inbox" not in a_desk.hd("status", agent="bob").out
    a_desk.hd("note", ticket, "-m", "@bob")
    assert "\n1 thing is in your inbox: hd inbox\n" in a_desk.hd("status", agent="bob").out
    a_desk.hd("inbox", "done", agent="bob")
    a_desk.hd("assign", ticket, "bob")
    a_desk.hd("note", ticket, "-m", "@network")
    assert json.loads(a_desk.hd("status", "--json", agent="bob").out)["inbox"] == 2
    a_desk.hd("inbox", "done", ticket, agent="bob")
    assert json.loads(a_desk.hd("status", "--json", agent="bob").out)["inbox"] == 0


def test_one_ticket_can_be_done_before_the_others(a_desk: DeskFolder) -> None:
    one, two = (a_desk.new(each) for each in "ab")
    a_desk.hd("assign", one, two, "bob")
    a_desk.hd("inbox", agent="bob")
    a_desk.hd("inbox", "done", one, agent="bob")
    assert inbox(a_desk, "bob") == [("assignment", "bob", two)]
    a_desk.hd("note", one, "-m", "@bob, more")
    assert inbox(a_desk, "bob") == [("mention", "bob", one), ("assignment", "bob", two)]
    assert a_desk.hd("inbox", "done", one, agent="bob").out.count("\n") == 1
    assert inbox(a_desk, "bob") == [("assignment", "bob", two)]


def test_old_commits_that_a_sync_brings_late_are_new(
    a_desk: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = a_desk.new()
    assert run_hd("clone", str(a_desk.path), str(tmp_path / "other")).code == 0
    other = DeskFolder(tmp_path / "other")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z")
    message = f"{ticket}: note: @bob\n\nTicket: {ticket}\nAction: note\nMention: bob\n"
    other.git("commit", "--allow-empty", "-qm", message)
    monkeypatch.delenv("GIT_AUTHOR_DATE")
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    a_desk.hd("assign", ticket, "bob")
    a_desk.hd("inbox", agent="bob")
    a_desk.hd("inbox", "done", agent="bob")
    a_desk.git("pull", "-q", "--no-rebase", "--no-edit", str(other.path), "main")
    assert inbox(a_desk, "bob") == [("mention", "bob", ticket)]


def test_a_mark_that_is_lost_or_nonsense_shows_the_last_days_again(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("assign", ticket, "bob")
    a_desk.hd("inbox", "done", agent="bob")
    place = a_desk.path / ".git/hd/inbox.json"
    for text in ("", "[]", '{"agents": {"bob": 1}}', '{"agents": {"bob": {"seen": "HEAD"}}}'):
        place.write_text(text)
        assert inbox(a_desk, "bob") == [("assignment", "bob", ticket)]
    place.write_text(json.dumps({"agents": {"bob": {"seen": "0" * 40, "done": [1]}}}))
    assert inbox(a_desk, "bob") == [("assignment", "bob", ticket)]


def test_who_may_only_read_has_an_inbox_too(make_desk: Callable[..., DeskFolder]) -> None:
    desk = make_desk()
    desk.hd("agent", "edit", "alice", "--role", "lead")
    desk.hd("agent", "edit", "bob", "--role", "read-only")
    desk.hd("note", desk.new(), "-m", "@bob")
    assert desk.hd("inbox", agent="bob").out.count("mention") == 1
    assert desk.hd("inbox", "done", agent="bob").out.count("mention") == 1

"""The commits of the desk and of its tickets, whoever made them and whatever became of them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing

import pytest

from hdcli.errors import HdError
from hdcli.store import history
from hdcli.store.desk import Desk
from hdcli.store.history import Commit, Span
from support import DeskFolder

EVERYTHING = Span()


def of(folder: DeskFolder, tickets: Sequence[str], span: Span = EVERYTHING) -> list[Commit]:
    with closing(Desk.open(folder.path)) as desk:
        repository = desk.place.repository
        return list(history.commits_of(repository, desk.cache, tickets, span, whole=True))


def subjects(found: Sequence[Commit]) -> list[str]:
    return [each.subject.partition(": ")[2] for each in found]


def test_a_ticket_s_commits_newest_first_also_by_plain_git(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new("First"), a_desk.new("Other")
    assert subjects(of(a_desk, [ticket])) == ["new: First"]
    a_desk.hd("note", ticket, "-m", "Looked at it")
    path = a_desk.file(ticket)
    path.write_text(path.read_text().replace("First", "Changed"))
    a_desk.git("commit", "-qam", "x: by hand")
    a_desk.hd("close", other)
    assert subjects(of(a_desk, [ticket])) == ["by hand", "note: Looked at it", "new: First"]
    assert next(iter(of(a_desk, [ticket, other]))).subject == f"{other}: close"


def test_the_newest_few_are_the_ticket_s_own(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, other, now = a_desk.new("First"), a_desk.new("Other"), time.time()
    for hours, each in enumerate((other, ticket, other), 1):
        monkeypatch.setattr("time.time", lambda at=now + 3600 * hours: at)
        a_desk.hd("note", each, "-m", "here" if each == ticket else "elsewhere")
    newest = of(a_desk, [ticket], Span(limit=2))
    assert subjects(newest) == ["note: here", "new: First"]
    assert of(a_desk, [ticket], Span(limit=1)) == newest[:1]
    assert of(a_desk, [ticket], Span(until=0)) == []


def test_a_commit_on_two_tickets_is_both_tickets(a_desk: DeskFolder) -> None:
    source, target = a_desk.new("Source"), a_desk.new("Target")
    a_desk.hd("merge", source, target)
    for ticket in (source, target):
        assert f"merge into {target}" in subjects(of(a_desk, [ticket]))
    assert len(of(a_desk, [source, target])) == 3


def test_messages_come_apart(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Title")
    a_desk.hd("note", ticket, "-m", "First line\n\nFake: trailer\n\nend")
    note = of(a_desk, [ticket])[0]
    assert note.body == "First line\n\nFake: trailer\n\nend"
    assert note.trailers == (("Ticket", ticket), ("Action", "note"))
    assert (note.name, note.email) == ("Alice Martin", "alice@example.org")
    assert note.id.startswith(note.short)


def test_a_rewritten_history_is_learnt_anew(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("First")
    a_desk.hd("note", ticket, "-m", "gone")
    assert len(of(a_desk, [ticket])) == 2
    a_desk.git("reset", "-q", "--hard", "HEAD^")
    a_desk.hd("note", ticket, "-m", "instead")
    assert subjects(of(a_desk, [ticket])) == ["note: instead", "new: First"]


def test_commits_on_both_sides_of_a_merge_are_found(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new("First"), a_desk.new("Other")
    a_desk.git("branch", "side")
    a_desk.hd("note", ticket, "-m", "here")
    a_desk.git("switch", "-q", "side")
    path = a_desk.file(other)
    path.write_text(path.read_text().replace("Other", "Elsewhere"))
    a_desk.git("commit", "-qam", "y: elsewhere")
    a_desk.git("switch", "-q", "main")
    a_desk.git("merge", "-q", "side", "-m", "both")
    assert subjects(of(a_desk, [ticket])) == ["note: here", "new: First"]
    assert subjects(of(a_desk, [other])) == ["elsewhere", "new: Other"]


def test_spans(a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = a_desk.new()
    for day in ("2026-01-01", "2026-03-01", "2026-02-01"):  # as an import may leave them
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T00:00:00Z")
        path = a_desk.file(ticket)
        path.write_text(path.read_text() + f"# {day}\n")
        a_desk.git("commit", "-qam", day)
    since = 1769904000  # 2026-02-01T00:00:00Z
    for found in (
        of(a_desk, [ticket], Span(since=since)),
        list(_all(a_desk, Span(since=since))),
    ):
        assert [each.subject for each in found if each.subject[:2] == "20"] == [
            "2026-02-01",
            "2026-03-01",
        ]
    assert [e.subject for e in of(a_desk, [ticket], Span(until=since - 1))][:1] == ["2026-01-01"]
    assert len(of(a_desk, [ticket], Span(limit=1))) == 1


def _all(folder: DeskFolder, span: Span) -> list[Commit]:
    with closing(Desk.open(folder.path)) as desk:
        return list(history.commits(desk.place.repository, desk.place.head, span, whole=False))


def test_a_cache_that_can_not_be_written_to_is_done_without(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = a_desk.new("First")
    a_desk.hd("list")

    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(history, "_remember", refuse)
    assert subjects(of(a_desk, [ticket])) == ["new: First"]


def test_git_s_failure_is_told(a_desk: DeskFolder) -> None:
    with closing(Desk.open(a_desk.path)) as desk, pytest.raises(HdError, match="git log failed"):
        list(history.commits(desk.place.repository, "no-such-branch", EVERYTHING, whole=False))


def test_whoever_stops_listening_stops_git(a_desk: DeskFolder) -> None:
    for n in range(3):
        a_desk.new(f"Ticket {n}")
    with closing(Desk.open(a_desk.path)) as desk:
        found = history.commits(desk.place.repository, desk.place.head, EVERYTHING, whole=True)
        assert next(iter(found)).subject.endswith("Ticket 2")
        del found  # a process left behind would be a ResourceWarning, and that an error

"""What one commit may do to a log: entries are added, by its author, and stay."""

from __future__ import annotations

from dataclasses import replace

from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket
from hdcli.model.vetting import foreign, fresh, lost


def entry(number: int, by: str = "bob", **values: object) -> Entry:
    made = Entry(f"{number:04d}-abcdef", f"2026-01-01T00:00:{number:02d}Z", by, "note", body="x")
    return replace(made, **values)  # type: ignore[arg-type]


def ticket(*log: Entry) -> Ticket:
    first = replace(log[0], set={"title": "T", "status": "new", "level": 1})
    return Ticket("HD-7K3QF", fold((first, *log[1:])), (first, *log[1:]))


ONE, TWO, THREE = entry(1), entry(2), entry(3)


def test_a_log_grows_at_its_end_or_between() -> None:
    old = ticket(ONE, THREE)
    for new in (ticket(ONE, THREE, entry(4)), ticket(ONE, TWO, THREE)):
        added = fresh([old], new)
        assert len(added) == 1
        assert list(lost([old], new, {}, added)) == []


def test_entries_are_missed_and_alterations_seen_once_each() -> None:
    old = ticket(ONE, TWO, THREE)
    new = ticket(ONE, replace(THREE, body="y"))
    said = [flaw.message for flaw in lost([old, old], new, {}, [])]
    assert said == [
        "entry 0002-abcdef was taken out of the log",
        "entry 0003-abcdef of the log was altered",
    ]


def test_a_merge_has_every_entry_of_every_side() -> None:
    ours, theirs = ticket(ONE, TWO), ticket(ONE, THREE)
    both = ticket(ONE, TWO, THREE)
    assert list(lost([ours, theirs], both, {}, [])) == []
    assert fresh([ours, theirs], both) == []
    assert [flaw.path for flaw in lost([ours, theirs], ours, {}, [])] == [("log",)]


def test_a_redacted_entry_needs_one_that_names_it() -> None:
    old = ticket(ONE, TWO)
    hidden = replace(TWO, body="[removed]", extra={"redacted": True})
    new = ticket(ONE, hidden)
    assert [flaw.path[0] for flaw in lost([old], new, {}, [])] == ["log"]
    said = entry(3, action="anonymise", extra={"redacts": [TWO.id]})
    assert list(lost([old], new, {}, [said])) == []
    assert list(lost([new], old, {}, [said])) != []  # nothing that was hidden shows again
    assert list(lost([old, new], new, {}, [])) == []  # a merge keeps what one side hid
    assert list(lost([old, new], old, {}, [])) != []


def test_new_entries_are_the_authors_or_found_where_they_come_from() -> None:
    told = replace(TWO, by="carol", of="HD-0PQRS")
    names = {"bob", "Bob <bob@example.org>"}
    assert list(foreign([ONE, entry(4, "Bob <bob@example.org>")], names, lambda _: [])) == []
    assert [f.path for f in foreign([entry(4, "carol")], names, lambda _: [])] == [
        ("log", "0004-abcdef")
    ]
    original = replace(TWO, by="carol", set={"priority": "high"})
    assert list(foreign([told], names, lambda _: [original])) == []
    for forged in (replace(told, body="y"), replace(told, set={"status": "closed"})):
        assert list(foreign([forged], names, lambda _: [original])) != []

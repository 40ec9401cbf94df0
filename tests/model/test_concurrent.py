"""Who set a field without knowing that somebody else had is told so."""

from __future__ import annotations

from hdcli.model.concurrent import lost_edits
from hdcli.model.entry import Entry

AT = "2026-11-24T09:00:0{}Z"


def entry(number: int, second: int, by: str, **values: object) -> Entry:
    return Entry(f"{number:04d}-{by[:1] * 6}", AT.format(second), by, "set", values)


BASE = entry(1, 0, "new", priority="low", title="x")


def test_the_later_of_two_that_did_not_see_each_other_counts() -> None:
    alice, bob = entry(2, 1, "alice", priority="high"), entry(2, 5, "bob", priority="urgent")
    (lost,) = lost_edits([BASE, bob, alice])
    assert (lost.field, lost.lost, lost.counts) == ("priority", alice, bob)


def test_whoever_saw_the_other_lost_nothing() -> None:
    log = [BASE, entry(2, 1, "alice", priority="high"), entry(3, 5, "bob", priority="urgent")]
    assert lost_edits(log) == []


def test_agreement_and_other_fields_are_no_loss() -> None:
    log = [BASE, entry(2, 1, "alice", priority="high"), entry(2, 2, "bob", priority="high")]
    assert lost_edits(log) == []
    log = [BASE, entry(2, 1, "alice", priority="high"), entry(2, 2, "bob", title="y")]
    assert lost_edits(log) == []


def test_a_later_decision_ends_it() -> None:
    log = [BASE, entry(2, 1, "alice", priority="high"), entry(2, 2, "bob", priority="low")]
    assert lost_edits(log)
    assert lost_edits([*log, entry(3, 3, "carol", priority="normal")]) == []


def test_entries_of_a_merged_ticket_don_t_count() -> None:
    brought = Entry("0001-zzzzzz", AT.format(9), "zoe", "set", {"priority": "low"}, of="HD-AAAAA")
    assert lost_edits([BASE, entry(2, 1, "alice", priority="high"), brought]) == []

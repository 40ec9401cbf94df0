from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.model import ids
from hdcli.model.entry import Entry
from hdcli.model.fold import difference, fold, stamp
from hdcli.model.record import hand_edit
from hdcli.model.ticket import Ticket
from strategies import logs, tickets

NEW = Entry(
    "0001-aaaaaa",
    "2026-11-24T08:00:00Z",
    "alice",
    "new",
    {"title": "Jam", "status": "new", "level": 1},
)


def later(number: int, minute: int = 0, **more: Any) -> Entry:
    return replace(
        Entry(f"{number:04d}-bbbbbb", f"2026-11-24T09:{minute:02d}:00Z", "bob", "set"), **more
    )


@given(logs(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_fold_is_the_same_for_any_order_of_the_log(
    log: tuple[Entry, ...], chance: random.Random
) -> None:
    mixed = list(log)
    chance.shuffle(mixed)
    assert fold(mixed) == fold(log)


@given(logs(), st.data())
@settings(max_examples=40, deadline=None)
def test_the_union_of_any_two_parts_of_a_log_is_the_log(
    log: tuple[Entry, ...], data: st.DataObject
) -> None:
    left = [entry for entry in log if data.draw(st.booleans())]
    right = [entry for entry in log if entry not in left or data.draw(st.booleans())]
    union = {entry.id: entry for entry in [*right, *left]}
    assert fold(union.values()) == fold(log)


@given(tickets(edited=True))
@settings(max_examples=60, deadline=None)
def test_a_hand_edit_as_an_entry_gives_the_values_that_were_written(ticket: Ticket) -> None:
    edit = hand_edit(ticket)
    number, at = stamp(ticket.log, "2026-11-24T08:00:00Z")
    entry = Entry(number, at, "alice", "edit", edit.set, edit.add, edit.remove)
    after = ticket.with_entry(entry)
    assert not difference(ticket.values, after.values)
    assert not hand_edit(after)


@given(tickets(), tickets(edited=True))
@settings(max_examples=40, deadline=None)
def test_no_difference_means_the_same_values(one: Ticket, other: Ticket) -> None:
    assert not difference(one.values, one.values)
    change = difference(one.values, other.values)
    assert bool(change) == bool(change.names)
    assert not set(change.names) & {"created", "updated", "resolved"}


def test_false_and_zero_are_not_the_same_value() -> None:
    assert difference({"own": 0}, {"own": False}).set == {"own": False}


def test_lists_keep_both_peoples_additions() -> None:
    log = [NEW, later(2, add={"tags": ["vpn"]}), later(2, id="0002-cccccc", add={"tags": ["slow"]})]
    assert fold(log)["tags"] == ["vpn", "slow"]
    assert "tags" not in fold([*log, later(3, remove={"tags": ["slow", "vpn", "none"]})])


def test_what_a_merge_brought_is_read_but_not_folded() -> None:
    story = later(2, of="HD-9FQ2X", set={"title": "Other"}, body="Me too.")
    assert fold([NEW, story])["title"] == "Jam"


def test_resolved_is_when_it_was_last_solved_and_gone_while_it_is_open() -> None:
    solved = later(2, 1, set={"status": "resolved"})
    closed = later(3, 2, set={"status": "closed"})
    assert fold([NEW, solved, closed])["resolved"] == solved.at
    assert "resolved" not in fold([NEW, solved, later(4, 3, set={"status": "open"})])


def test_an_entry_comes_after_all_others_whatever_the_clock_says() -> None:
    future = later(7, 30)
    number, at = stamp((NEW, future), "2026-11-24T08:30:00Z")
    assert (number[:4], at) == ("0008", future.at)


def test_a_number_that_has_no_successor_is_followed_in_the_next_second() -> None:
    last = replace(NEW, id="999999999-zzzzzz")
    number, at = stamp((last,), last.at)
    following = replace(last, id=number, at=at)
    assert ids.ENTRY_PATTERN.fullmatch(number)
    assert following.order > last.order
    end = replace(last, at="9999-12-31T23:59:59Z")
    assert stamp((end,), last.at)[1] == end.at


def test_a_crowd_of_list_changes_is_folded_in_linear_time() -> None:
    crowd = [
        later(n, n % 60, id=f"{n:06d}-aaaaaa", add={"tags": [f"t{n}"]}) for n in range(2, 20_000)
    ]
    assert len(fold([NEW, *crowd])["tags"]) == 19_998

"""Merging is a union of logs: commutative, associative, idempotent, and it loses nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.article import Article
from hdcli.model.entry import Entry
from hdcli.model.fold import difference, fold
from hdcli.model.merging import Texts, born_twice, documents, merged
from hdcli.model.record import hand_edit
from hdcli.model.ticket import Ticket
from strategies import tickets


def ours(base: Article | None, mine: Article, theirs: Article) -> Texts:
    return Texts(mine)


def merge(base: Ticket | None, mine: Ticket, theirs: Ticket) -> Ticket:
    found = merged(base, mine, theirs, ours).record
    assert isinstance(found, Ticket)
    return found


def divided(ticket: Ticket, parts: int) -> st.SearchStrategy[list[Ticket]]:
    """Versions of one ticket, each with some of its later entries."""
    first, *later = ticket.log
    some = st.sets(st.integers(0, len(later) - 1)) if later else st.just(set())
    return st.lists(
        some.map(lambda chosen: ticket.with_log([first, *(later[n] for n in chosen)])),
        min_size=parts,
        max_size=parts,
    )


versions = tickets().flatmap(lambda ticket: divided(ticket, 3))


@given(versions)
def test_the_order_of_merges_does_not_matter(three: list[Ticket]) -> None:
    a, b, c = three
    assert merge(None, a, b) == merge(None, b, a)
    assert merge(None, merge(None, a, b), c) == merge(None, a, merge(None, b, c))
    assert merge(a, merge(a, a, b), b) == merge(a, a, b)


@given(versions)
def test_every_entry_is_there_once_and_the_values_are_the_fold(three: list[Ticket]) -> None:
    a, b, _ = three
    both = merge(None, a, b)
    assert {e.id for e in both.log} == {e.id for e in (*a.log, *b.log)}
    assert len({e.id for e in both.log}) == len(both.log)
    assert both.values == fold(both.log)


@given(tickets(edited=True), tickets(edited=True))
def test_hand_edits_of_both_stay_and_sides_are_equal(mine: Ticket, theirs: Ticket) -> None:
    base = mine.with_log(mine.log)
    other = replace(theirs, log=mine.log)
    assert merge(base, mine, other) == merge(base, other, mine)
    kept = merge(base, base, mine).values
    assert not difference(kept, mine.values)


def test_a_hand_edit_that_one_side_took_into_its_log_does_not_come_back() -> None:
    opened = Entry("0001-aaaaaa", "2026-11-24T08:00:00Z", "a", "new", {"title": "t", "level": 1})
    base = Ticket("HD-7K3QF", {**fold([opened]), "team": "net"}, (opened,))
    taken = Entry("0002-bbbbbb", "2026-11-24T08:01:00Z", "a", "edit", {"team": "net"})
    later = Entry("0003-cccccc", "2026-11-24T08:02:00Z", "a", "set", {"team": "apps"})
    ours = base.with_log((opened, taken, later))
    theirs = replace(base, values={**base.values, "category": "vpn"})
    both = merge(base, ours, theirs)
    assert (both.values["team"], both.values["category"]) == ("apps", "vpn")
    assert set(hand_edit(both).set) == {"category"}


def test_an_entry_taken_out_or_altered_on_one_side_counts_as_it_was() -> None:
    opened = Entry("0001-aaaaaa", "2026-11-24T08:00:00Z", "a", "new", {"title": "t", "level": 1})
    note = Entry("0002-bbbbbb", "2026-11-24T08:01:00Z", "b", "note", body="what I said")
    base = Ticket("HD-7K3QF", fold([opened, note]), (opened, note))
    without = base.with_log([opened])
    forged = base.with_log([opened, replace(note, body="what I never said")])
    assert merge(base, without, forged).log == base.log
    assert merge(base, forged, without).log == base.log


def test_two_tickets_of_one_id_are_told_from_two_versions_of_one() -> None:
    one = Entry("0001-aaaaaa", "2026-11-24T08:00:00Z", "a", "new", {"title": "t", "level": 1})
    other = replace(one, id="0001-bbbbbb")
    a, b = (Ticket("HD-7K3QF", fold([each]), (each,)) for each in (one, other))
    assert born_twice(a, b)
    assert not born_twice(a, a.with_log([one, replace(other, id="0002-cccccc")]))


def test_a_lost_edit_is_told_once() -> None:
    opened = Entry("0001-aaaaaa", "2026-11-24T08:00:00Z", "a", "new", {"title": "t", "level": 1})
    low = Entry("0002-bbbbbb", "2026-11-24T08:01:00Z", "a", "set", {"priority": "low"})
    high = Entry("0002-cccccc", "2026-11-24T08:02:00Z", "b", "set", {"priority": "high"})
    base = Ticket("HD-7K3QF", fold([opened]), (opened,))
    a, b = base.with_log([opened, low]), base.with_log([opened, high])
    both = merged(base, a, b, ours)
    assert [(each.field, each.lost.by, each.counts.by) for each in both.lost] == [
        ("priority", "a", "b")
    ]
    again = merged(base, both.record, b, ours)
    assert not again.lost


def test_an_edit_is_lost_though_the_later_one_has_a_higher_number() -> None:
    opened = Entry("0001-aaaaaa", "2026-11-24T08:00:00Z", "a", "new", {"title": "t", "level": 1})
    low = Entry("0002-bbbbbb", "2026-11-24T08:01:00Z", "a", "set", {"priority": "low"})
    note = Entry("0002-dddddd", "2026-11-24T08:01:30Z", "b", "note", body="asked")
    high = Entry("0003-cccccc", "2026-11-24T08:02:00Z", "b", "set", {"priority": "high"})
    base = Ticket("HD-7K3QF", fold([opened]), (opened,))
    a, b = base.with_log([opened, low]), base.with_log([opened, note, high])
    for one, two in ((a, b), (b, a)):
        both = merged(base, one, two, ours)
        assert [(each.field, each.lost.by) for each in both.lost] == [("priority", "a")]


def test_settings_are_merged_by_key() -> None:
    base = {"name": "IT", "agents": {"a": {"name": "A"}}, "tags": ["x", "y"], "sla": 1}
    mine = {"name": "IT", "agents": {"a": {"name": "A2"}}, "tags": ["y", "z"], "sla": 2}
    other = {"name": "Desk", "agents": {"a": {"name": "A"}, "b": {}}, "tags": ["x", "w"], "sla": 3}
    wanted = {
        "name": "Desk",
        "agents": {"a": {"name": "A2"}, "b": {}},
        "tags": ["z", "w"],
        "sla": 2,
    }
    assert documents(base, mine, other) == (wanted, [("sla",)])


def test_a_key_that_one_side_removed_and_the_other_changed_stays() -> None:
    assert documents({"a": 1}, {}, {"a": 2}) == ({"a": 2}, [("a",)])
    assert documents({"a": 1}, {"a": 2}, {}) == ({"a": 2}, [("a",)])
    assert documents({"a": 1, "b": 1}, {"a": 1}, {"b": 1}) == ({}, [])


def test_a_redacted_entry_counts_wherever_it_meets_its_original() -> None:
    opened = Entry("0001-aaaaaa", "2026-11-24T08:00:00Z", "a", "new", {"title": "t", "level": 1})
    reply = Entry("0002-bbbbbb", "2026-11-24T08:01:00Z", "b", "reply", body="Dear Ann")
    base = Ticket("HD-7K3QF", fold([opened, reply]), (opened, reply))
    barred = replace(reply, body="[removed]", extra={"redacted": True})
    gone = base.with_log([opened, barred])
    for found in (merge(base, gone, base), merge(base, base, gone), merge(None, base, gone)):
        assert found.log == (opened, barred)

"""What a log says of its agents' work."""

from __future__ import annotations

from collections.abc import Sequence

from hdcli.model.deed import deeds
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket

OPENED = ("new", "alice", {"title": "No network", "status": "new", "level": 1})
Said = tuple[str, str, dict[str, object]]


def done(*said: Said, **more: str) -> list[tuple[str, str]]:
    """The deeds of a ticket with such entries (action, by, what is set)."""
    log: list[Entry] = []
    for number, (action, by, changes) in enumerate(said, 1):
        at = f"2026-11-24T09:12:{number:02}Z"
        taken_back = more.get(str(number), "")
        log.append(Entry(f"{number:04}-aaaaaa", at, by, action, changes, undoes=taken_back))
    return pairs(log)


def pairs(log: Sequence[Entry]) -> list[tuple[str, str]]:
    return [(each.what, each.by) for each in deeds(Ticket("HD-7K3QF", fold(log), tuple(log)))]


def test_who_resolved_and_who_escalated() -> None:
    assert done(
        OPENED,
        ("escalate", "alice", {"level": 2, "team": "network"}),
        ("resolve", "bob", {"status": "resolved"}),
        ("close", "alice", {"status": "closed"}),
    ) == [("escalate", "alice"), ("resolve", "bob")]


def test_a_ticket_that_is_opened_again_is_solved_again() -> None:
    assert done(
        OPENED,
        ("resolve", "bob", {"status": "resolved"}),
        ("reopen", "bob", {"status": "open"}),
        ("resolve", "carol", {"status": "resolved"}),
    ) == [("resolve", "bob"), ("resolve", "carol")]


def test_what_opened_it_is_no_deed_nor_is_a_merge_or_a_lower_level() -> None:
    assert done(("import", "alice", {"title": "x", "status": "closed", "level": 2})) == []
    assert (
        done(
            ("new", "alice", {"title": "x", "status": "open", "level": 2}),
            ("deescalate", "alice", {"level": 1}),
            ("merge", "alice", {"merged_into": "HD-9FQ2X", "status": "closed"}),
        )
        == []
    )


def test_what_was_taken_back_was_not_done() -> None:
    back: Said = ("undo", "bob", {"status": "new"})
    assert (
        done(OPENED, ("resolve", "bob", {"status": "resolved"}), back, **{"3": "0002-aaaaaa"}) == []
    )


def test_a_hand_edit_counts_as_the_action_that_it_is() -> None:
    assert done(OPENED, ("edit", "bob", {"status": "closed", "level": 3})) == [
        ("resolve", "bob"),
        ("escalate", "bob"),
    ]

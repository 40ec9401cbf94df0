"""When a requester last heard something, and what of it is told."""

from __future__ import annotations

from typing import Any

import pytest

from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.happening import for_agents, for_requester
from hdcli.model.heard import heard
from hdcli.model.ticket import Ticket

NEW = Entry("0001-aaaaaa", "2026-11-24T08:00:00Z", "alice", "new", {"status": "new", "level": 1})


def entry(action: str, hour: int = 9, **more: Any) -> Entry:
    changes = more.pop("set", {})
    return Entry(
        f"{hour:04d}-aaaaaa", f"2026-11-24T{hour:02d}:00:00Z", "bob", action, changes, **more
    )


def ticket(*entries: Entry) -> Ticket:
    log = (NEW, *entries)
    return Ticket("HD-7K3QF", {"title": "Jam", **fold(log)}, log)


@pytest.mark.parametrize(
    ("entries", "hour"),
    [
        ([], 8),
        ([entry("note", 9), entry("assign", 10, set={"assignee": "bob"})], 8),
        ([entry("reply", 9), entry("note", 10)], 9),
        ([entry("reply", 9, extra={"from": "Ana <ana@example.org>"})], 8),
        ([entry("reply", 9), entry("undo", 10, undoes="0009-aaaaaa")], 8),
        ([entry("pend", 9, set={"status": "pending", "pending": "vendor"})], 8),
        ([entry("pend", 9, set={"status": "pending", "pending": "requester"})], None),
        ([entry("resolve", 9, set={"status": "resolved"})], None),
        ([entry("escalate", 9, set={"level": 2})], 9),
    ],
)
def test_the_last_word_of_the_desk_counts(entries: list[Entry], hour: int | None) -> None:
    assert heard(ticket(*entries)) == ("" if hour is None else f"2026-11-24T{hour:02d}:00:00Z")


@pytest.mark.parametrize(
    ("before", "after", "what", "requester", "agents"),
    [
        ({}, {"status": "new"}, entry("new"), "acknowledged", []),
        ({}, {"status": "closed"}, entry("new"), "", []),
        ({}, {"status": "open", "assignee": "b"}, entry("new"), "acknowledged", ["agent-assigned"]),
        ({"status": "open"}, {"status": "open"}, entry("note"), "", []),
        ({"status": "open"}, {"status": "open"}, entry("reply"), "reply", []),
        ({"status": "new"}, {"status": "resolved"}, entry("edit"), "solved", []),
        ({"status": "closed"}, {"status": "open"}, entry("set"), "reopened", []),
        ({"status": "open"}, {"status": "pending"}, entry("pend"), "waiting", []),
        ({"status": "open"}, {"status": "pending", "pending": "vendor"}, entry("pend"), "", []),
        (
            {"status": "open", "level": 1},
            {"status": "open", "level": 2, "team": "network", "assignee": "bob"},
            entry("escalate"),
            "escalated",
            ["agent-assigned", "agent-escalated"],
        ),
        (
            {"status": "open"},
            {"status": "closed", "merged_into": "HD-00000"},
            entry("merge", set={"merged_into": "HD-00000"}),
            "merged",
            [],
        ),
        (
            {"status": "resolved"},
            {"status": "open"},
            entry("reply", extra={"from": "Ana <ana@example.org>"}),
            "reopened",
            ["agent-reply"],
        ),
        ({"status": "closed"}, {"status": "closed"}, entry("rate", set={"csat": 2}), "",
         ["agent-unhappy"]),
        ({"status": "closed"}, {"status": "closed"}, entry("rate", set={"csat": 3}), "", []),
        ({"status": "open"}, {"status": "closed"}, entry("close", of="HD-00000"), "", []),
        ({"status": "open"}, {"status": "closed"}, entry("undo", undoes="x"), "", []),
    ],
)  # fmt: skip
def test_an_entry_is_told_as_what_it_means(
    before: dict[str, Any], after: dict[str, Any], what: Entry, requester: str, agents: list[str]
) -> None:
    assert for_requester(before, after, what) == requester
    assert [name for name in for_agents(before, after, what) if name != "agent-followed"] == agents


def test_who_follows_hears_what_agents_do() -> None:
    state = {"status": "open"}
    written = entry("reply", extra={"from": "Ana <ana@example.org>"})
    found = {each: list(for_agents(state, state, entry(each))) for each in ("note", "take", "tag")}
    assert found == {"note": ["agent-followed"], "take": ["agent-followed"], "tag": []}
    assert list(for_agents(state, state, written)) == ["agent-reply"]

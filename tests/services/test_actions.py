from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hdcli.errors import BadUsage, Refused
from hdcli.model.settings import Agent, Level, Settings, Team
from hdcli.model.ticket import Ticket
from hdcli.services import actions
from hdcli.services.actions import Draft, settled

SETTINGS = Settings(
    levels=(Level(1, "First"), Level(2, "Second")),
    teams={"desk": Team("desk", "Desk", 1), "network": Team("network", "Network", 2)},
    agents={"ann": Agent("ann", "Ann", ("ann@example.org",), ("desk",))},
    matrix={"high": {"high": "urgent"}},
)
DRAFTS: dict[str, Callable[[Ticket], Draft]] = {
    "assign": lambda t: actions.assign(SETTINGS, t, "ann", "ann"),
    "assign team": lambda t: actions.assign(SETTINGS, t, "desk", "ann"),
    "take": lambda t: actions.take(SETTINGS, t, "ann"),
    "note": lambda t: actions.note("words"),
    "reply": lambda t: actions.reply(t, "words"),
    "pend": lambda t: actions.pend("change", None),
    "escalate": lambda t: actions.escalate(SETTINGS, t, "words"),
    "resolve": lambda t: actions.resolve("words"),
    "reopen": lambda t: actions.reopen(),
    "close": lambda t: actions.close(),
    "tag": lambda t: actions.tag(["b"], ["a"]),
    "set": lambda t: actions.change_fields(SETTINGS, t, {"title": "y"}),
    "attach": lambda t: actions.attach({"attachments/x": b""}),
}
# The status after each action from new, open, pending, resolved, closed; "-" where it is refused.
TABLE = """
    assign       open     open     pending  -         -
    assign team  new      open     pending  -         -
    take         open     open     pending  -         -
    note         new      open     pending  resolved  closed
    reply        open     open     pending  resolved  closed
    pend         pending  pending  pending  -         -
    escalate     open     open     open     -         -
    resolve      resolved resolved resolved -         -
    reopen       -        open     open     open      open
    close        closed   closed   closed   closed    closed
    tag          new      open     pending  resolved  closed
    set          new      open     pending  resolved  closed
    attach       new      open     pending  resolved  closed
"""
ROWS = [(line[:17].strip(), line[17:].split()) for line in TABLE.strip("\n").splitlines()]
CASES = [
    (action, status, after)
    for action, row in ROWS
    for status, after in zip(("new", "open", "pending", "resolved", "closed"), row, strict=True)
]


def ticket(status: str, **more: Any) -> Ticket:
    values: dict[str, Any] = {"title": "x", "status": status, "level": 1, "tags": ["a"], **more}
    if status == "pending":
        values |= {"pending": "vendor", "pending_until": "2026-12-01T09:00:00Z"}
    return Ticket("HD-7K3QF", values, ())


@pytest.mark.parametrize(("action", "status", "after"), CASES)
def test_where_each_action_leads_from_each_status(action: str, status: str, after: str) -> None:
    before = ticket(status)
    if after == "-":
        with pytest.raises(Refused, match=f"HD-7K3QF is {status}: can't {action.split()[0]} it"):
            settled(before, DRAFTS[action](before))
        return
    draft = settled(before, DRAFTS[action](before))
    values = {**before.values, **draft.set}
    assert values["status"] == after
    assert bool(values.get("pending")) == (after == "pending")
    assert all(draft.set[name] != before.values.get(name) for name in draft.set)


def test_what_is_so_already_leaves_an_empty_draft() -> None:
    given = ticket("open", assignee="ann", team="desk", attachments=["attachments/x"])
    for draft in (
        actions.take(SETTINGS, given, "ann"),
        actions.tag(["a"], ["b"]),
        actions.change_fields(SETTINGS, given, {"title": "x", "tags": ["a"]}),
        actions.attach({"attachments/x": b""}),
        actions.reopen(),
    ):
        assert not settled(given, draft)
    assert settled(given, actions.attach({"attachments/x": b""})).files == {}


def test_only_new_files_are_stored() -> None:
    given = ticket("open", attachments=["attachments/x"])
    draft = settled(given, actions.attach({"attachments/x": b"1", "attachments/y": b"2"}))
    assert (draft.add, draft.files) == (
        {"attachments": ["attachments/y"]},
        {"attachments/y": b"2"},
    )


def test_the_priority_follows_impact_and_urgency_unless_given() -> None:
    given = ticket("open", impact="high", urgency="low", priority="low")
    urgent = actions.change_fields(SETTINGS, given, {"urgency": "high"})
    assert urgent.set == {"urgency": "high", "priority": "urgent"}
    asked = actions.change_fields(SETTINGS, given, {"urgency": "high", "priority": "normal"})
    assert asked.set["priority"] == "normal"


def test_a_text_is_limited() -> None:
    assert actions.body_of("\r\n a\r\nb ") == "a\nb"
    with pytest.raises(BadUsage, match="attach it as a file"):
        actions.note("x" * 1_000_001)

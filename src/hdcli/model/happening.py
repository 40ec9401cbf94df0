"""What an entry of a ticket's log means for those who wait: the events that it is told as.

An entry has one event for the requester at most, the weightiest; of those for agents each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hdcli.model import mailed, mention
from hdcli.model.entry import Entry
from hdcli.model.fields import OPEN_STATUSES, WAITS_FOR

Values = Mapping[str, Any]
LOW_SCORE = 2
"""A score that a lead should hear of, or less."""
# What those who follow a ticket hear of, where it is no mail of the requester's.
_FOLLOWED = frozenset(
    (
        "assign",
        "close",
        "deescalate",
        "escalate",
        "note",
        "pend",
        "reopen",
        "reply",
        "resolve",
        "take",
    )
)
# What opens a ticket of which nobody waits for news, what only tidies up, and what takes back.
_SILENT = frozenset(("import", "anonymise", "renumber", "undo"))


def for_requester(before: Values, after: Values, entry: Entry) -> str:
    """The event that the requester hears of; empty for none.

    ``before`` are the ticket's values before the entry, nothing for the first one.
    """
    if is_silent(entry):
        return ""
    if not before:
        return "acknowledged" if after.get("status") in OPEN_STATUSES else ""
    status = after.get("status") if after.get("status") != before.get("status") else ""
    if entry.set.get("merged_into"):
        return "merged"
    if status in ("resolved", "closed"):
        return "solved" if status == "resolved" else "closed"
    if status == "open" and before.get("status") not in OPEN_STATUSES:
        return "reopened"
    if after.get("level", 1) > before.get("level", 1):
        return "escalated"
    if entry.action == "reply" and not mailed.sender(entry):
        return "reply"
    if status == "pending" and after.get("pending") in (None, "", WAITS_FOR):
        return "waiting"
    return "assigned" if after.get("assignee") and _changed("assignee", before, after) else ""


def for_agents(before: Values, after: Values, entry: Entry) -> Iterator[str]:
    """The events that agents hear of, the weightiest first."""
    if is_silent(entry):
        return
    if after.get("assignee") and _changed("assignee", before, after):
        yield "agent-assigned"
    moved = after.get("level", 1) != before.get("level", 1)
    if before and moved and after.get("team"):
        yield "agent-escalated"
    if entry.extra.get(mailed.REFUSED) is True:
        yield "agent-refused"
    if mention.mentions(entry):
        yield "agent-mentioned"
    if before and entry.action == "reply" and mailed.sender(entry):
        yield "agent-reply"
    if entry.extra.get(mailed.BOUNCED):
        yield "agent-unreached"
    score = entry.set.get("csat")
    if isinstance(score, int) and score <= LOW_SCORE:
        yield "agent-unhappy"
    if before and entry.action in _FOLLOWED and not mailed.sender(entry):
        yield "agent-followed"


def is_silent(entry: Entry) -> bool:
    """Whether an entry is told to nobody."""
    return bool(entry.of or entry.undoes) or entry.action in _SILENT


def _changed(name: str, before: Values, after: Values) -> bool:
    return bool(before.get(name) != after.get(name))

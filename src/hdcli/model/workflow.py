"""What an action may start from and what status it leaves: the whole life of a ticket as a table.

new ──> open <──> pending          (ITIL's new, in progress, pending, resolved, closed)
 │       │  ^________│
 └──> resolved ──> closed          reopening leads back to open

A new ticket opens by itself as soon as somebody has it or answers it. Who has a ticket can change
while it waits; a move to another level ends the waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hdcli.errors import Refused
from hdcli.model import fields

_WORK = ("new", "open", "pending")
_ANY = fields.STATUSES
_LIVE = ("new", "open", "pending", "resolved")


@dataclass(frozen=True, slots=True)
class Rule:
    """From which statuses an action is allowed, and the status it leads to (None: it stays)."""

    allowed: tuple[str, ...]
    leads_to: str | None = None


ACTIONS: Mapping[str, Rule] = {
    "assign": Rule(_WORK),
    "take": Rule(_WORK),
    "triage": Rule(_WORK),
    "note": Rule(_ANY),
    "reply": Rule(_ANY),
    "pend": Rule(_WORK, "pending"),
    "procedure": Rule(_ANY),
    "step": Rule(_WORK),
    "escalate": Rule(_WORK, "open"),
    "deescalate": Rule(_WORK, "open"),
    "resolve": Rule(_WORK, "resolved"),
    "reopen": Rule(("pending", "resolved", "closed"), "open"),
    "close": Rule(_LIVE, "closed"),
    "tag": Rule(_ANY),
    "set": Rule(_ANY),
    "edit": Rule(_ANY),
    "link": Rule(_ANY),
    "merge": Rule(_ANY, "closed"),
    "attach": Rule(_ANY),
    "alert": Rule(_ANY),
    "helpful": Rule(_ANY),
    "rate": Rule(_ANY),
    "follow": Rule(_ANY),
}

# What a hand edit of the status may do: the moves of the table above.
MOVES: Mapping[str, tuple[str, ...]] = {
    status: tuple(
        to
        for to in fields.STATUSES
        if to != status
        and any(status in rule.allowed and rule.leads_to == to for rule in ACTIONS.values())
    )
    for status in fields.STATUSES
}


# What no command of that name does.
_BY_INTAKE = ("alert",)


def require(action: str, ticket_id: str, status: str) -> None:
    """Raises Refused when a ticket of this status can't take the action; says what it can take."""
    rule = ACTIONS[action]
    if status in rule.allowed:
        return
    possible = [n for n, each in ACTIONS.items() if status in each.allowed and n not in _BY_INTAKE]
    raise Refused(
        f"{ticket_id} is {status}: can't {action} it", f"allowed now: {', '.join(possible)}"
    )


def require_move(ticket_id: str, status: str, target: str) -> None:
    """Raises Refused when the status can't be set to ``target`` directly."""
    if target != status and target not in MOVES[status]:
        raise Refused(
            f"{ticket_id} is {status}: it can't become {target}",
            f"allowed from here: {', '.join(MOVES[status])}",
        )

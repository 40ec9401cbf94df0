"""The fields of a ticket: names, order in the file, and what each may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hdcli.model import ids
from hdcli.model.kind import Form, Kind, Milestone

STATUSES = ("new", "open", "pending", "resolved", "closed")
OPEN_STATUSES = ("new", "open", "pending")
CHANNELS = ("phone", "mail", "web", "chat", "walk-in", "monitoring", "script")
PENDING_ON = ("requester", "vendor", "change")
WAITS_FOR = "requester"
"""What is waited for where nobody says it."""
SPAM = "spam"
"""The tag of what is no request; no automatic mail goes to its requester."""
RELATIONS = ("duplicates", "parent-of", "caused-by", "relates-to")
# The same link, read from the other end.
INVERSE = {
    "duplicates": "duplicated by",
    "parent-of": "child of",
    "caused-by": "cause of",
    "relates-to": "relates to",
}

# The order of the values on top of a ticket file.
ORDER = (
    "title",
    "status",
    "level",
    "priority",
    "impact",
    "urgency",
    "category",
    "team",
    "assignee",
    "requester",
    "cc",
    "watchers",
    "channel",
    "tags",
    "due",
    "pending",
    "pending_until",
    "procedure",
    "checklist",
    "articles",
    "unhelpful",
    "links",
    "attachments",
    "merged_into",
    "external_id",
    "csat",
    "alerts",
    "aliases",
    "created",
    "updated",
    "resolved",
)
SETS = frozenset(
    (
        *("cc", "watchers", "tags", "checklist", "articles", "unhelpful", "links", "attachments"),
        "aliases",
    )
)
DATES = frozenset({"due", "pending_until", "created", "updated", "resolved"})
DERIVED = frozenset({"created", "updated", "resolved"})
REQUIRED = ("title", "status", "level")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": STATUSES,
    "channel": CHANNELS,
    "pending": PENDING_ON,
}
TAG = re.compile(r"[^\s,\[\]{}+\-!@#'\"][^\s,\[\]{}'\"]{0,49}")
CUSTOM = re.compile(r"[a-z][a-z0-9_-]{0,39}")

TICKET = Kind(
    name="ticket",
    key="id",
    key_form=Form(ids.ID_PATTERN, "a ticket id such as HD-7K3QF"),
    place=ids.ticket_path,
    order=ORDER,
    sets=SETS,
    dates=DATES,
    derived=DERIVED,
    required=REQUIRED,
    milestone=Milestone("resolved", "status", OPEN_STATUSES),
    choices=CHOICES,
    numbers={"level": range(1, 10), "csat": range(1, 6), "alerts": range(1, 10**9)},
)
NOT_A_FIELD = TICKET.no_field

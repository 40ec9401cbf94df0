"""The fields of a ticket: names, order in the file, and what each may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

STATUSES = ("new", "open", "pending", "resolved", "closed")
OPEN_STATUSES = ("new", "open", "pending")
CHANNELS = ("phone", "mail", "web", "chat", "walk-in", "monitoring", "script")
PENDING_ON = ("requester", "vendor", "change")
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
    "channel",
    "tags",
    "due",
    "pending",
    "pending_until",
    "links",
    "attachments",
    "merged_into",
    "external_id",
    "aliases",
    "created",
    "updated",
    "resolved",
)
KNOWN = frozenset(ORDER)
SETS = frozenset({"cc", "tags", "links", "attachments", "aliases"})
DATES = frozenset({"due", "pending_until", "created", "updated", "resolved"})
DERIVED = frozenset({"created", "updated", "resolved"})
# Fields that hold one value of a known kind; all others are the desk's or a newer hd's own.
SINGLE = KNOWN - SETS
REQUIRED = ("title", "status", "level")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": STATUSES,
    "channel": CHANNELS,
    "pending": PENDING_ON,
}
NOT_A_FIELD = frozenset({"id", "log", "format"})
TAG = re.compile(r"[^\s,\[\]{}+\-!@#'\"][^\s,\[\]{}'\"]{0,49}")
CUSTOM = re.compile(r"[a-z][a-z0-9_-]{0,39}")

"""The query language of list, search, board and reports: its fields, and a query as a typed tree.

Text becomes a tree in query_parser; docs/query.md describes the language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as option
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Literal, NamedTuple

from hdcli.model.dates import SECOND, format_utc, parse_utc
from hdcli.model.fields import CHANNELS, PENDING_ON, STATUSES
from hdcli.model.hours import Hours

Kind = Literal["choice", "ordered", "open", "number", "date", "age", "text"]
Op = Literal["=", "<", "<=", ">", ">=", ".."]


class Field(NamedTuple):
    """What a field holds, in one line, and its values where they are the same on every desk."""

    kind: Kind
    help: str
    choices: tuple[str, ...] = ()


_FLAGS = "open closed overdue waiting escalated unassigned mine merged edited"
_PRESENT = (
    "assignee team category tag due attachment link requester priority procedure article csat"
)

FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "status": Field("choice", "where it stands", STATUSES),
        "priority": Field("ordered", "how soon it must be done"),
        "impact": Field("ordered", "how many it touches"),
        "urgency": Field("ordered", "how soon it hurts"),
        "level": Field("number", "the support level it is on"),
        "category": Field("open", "what it is about; none: no category"),
        "team": Field("open", "the team that has it; none: no team"),
        "assignee": Field("open", "the agent who has it; me: yourself, none: nobody"),
        "watcher": Field("open", "an agent who follows it; me: yourself, none: nobody"),
        "requester": Field("text", "who asks: name or address"),
        "channel": Field(
            "choice",
            "how it came in",
            CHANNELS,
        ),
        "tag": Field("text", "a tag on it"),
        "id": Field("text", "its id, or the beginning of it"),
        "title": Field("text", "words of the title"),
        "due": Field("date", "when it is due"),
        "created": Field("date", "when it was created"),
        "updated": Field("date", "when it last changed"),
        "resolved": Field("date", "when it was resolved"),
        "pending": Field("choice", "what it waits for", PENDING_ON),
        "until": Field("date", "until when it is pending"),
        "procedure": Field("text", "the procedure that it follows"),
        "article": Field("text", "an article that helped with it"),
        "link": Field("text", "the id of a ticket it is linked to"),
        "external": Field("text", "its reference in another system"),
        "attachment": Field("text", "the name of an attachment"),
        "csat": Field("number", "the requester's score, 1 to 5"),
        "quiet": Field("age", "for how many working hours the requester has heard nothing"),
        "entries": Field("number", "how many entries its log has"),
        "is": Field("choice", "what holds for it now", tuple(_FLAGS.split())),
        "has": Field("choice", "what it has", tuple(_PRESENT.split())),
        "no": Field("choice", "what it lacks", tuple(_PRESENT.split())),
    }
)
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "assigned": "assignee",
        "tags": "tag",
        "prio": "priority",
        "cat": "category",
        "from": "requester",
    }
)
CUSTOM = Field("text", "a field of this desk")


@dataclass(frozen=True, slots=True)
class QueryContext:
    """What a query may refer to: the time, the agent asking (if known) and the desk's own names.

    ``now`` is aware; ``priorities``, ``impacts`` and ``urgencies`` ascend. ``hours`` are the
    desk's.
    """

    now: datetime
    tz: tzinfo
    me: str | None = None
    priorities: tuple[str, ...] = ()
    impacts: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    teams: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    custom: tuple[str, ...] = ()
    hours: Hours = option(default_factory=Hours)


@dataclass(frozen=True, slots=True)
class Word:
    """Free text: a word, its beginning (``vpn*``), nearly it (``vpn~``), or a quoted phrase."""

    text: str
    negated: bool = False
    prefix: bool = False
    fuzzy: bool = False
    phrase: bool = False
    start: int = option(default=0, compare=False)
    end: int = option(default=0, compare=False)

    def __str__(self) -> str:
        text = _quoted(self.text) if self.phrase else self.text
        return "-" * self.negated + text + "*" * self.prefix + "~" * self.fuzzy


@dataclass(frozen=True, slots=True)
class Term:
    """``field:value``. Several values with ``=`` are alternatives; ``""`` means the field is empty.

    ``..`` has two values and always means first <= x < second, numbers too (``level:1..2`` has
    1 and 3). Dates are UTC strings and come only as ``..``, ``>=`` and ``<``; so does ``quiet``, as
    the moment since which nothing was heard. Ordered choices come only as ``=``; ``is``, ``has``
    and ``no`` are fields whose values are flags or field names.
    """

    field: str
    op: Op
    values: tuple[str | int, ...]
    negated: bool = False
    start: int = option(default=0, compare=False)
    end: int = option(default=0, compare=False)

    def __str__(self) -> str:
        return f"{'-' * self.negated}{self.field}:{self._value()}"

    def _value(self) -> str:
        if self.op == "..":
            first, after = self.values
            if isinstance(after, int):
                return f"{first}..{after - 1}"
            return f"{first}..{format_utc(parse_utc(after) - SECOND)}"
        if self.op != "=":
            return f"{self.op}{self.values[0]}"
        if FIELDS.get(self.field, CUSTOM).kind == "open":
            # Quotes keep a name that only looks like a slip of a known one, or like "none".
            return ",".join(_quoted(str(value)) if value else "none" for value in self.values)
        return ",".join(_plain(str(value)) for value in self.values)


@dataclass(frozen=True, slots=True)
class Query:
    """Terms and words that must all hold, in the order written. ``str`` gives it back as text."""

    parts: tuple[Word | Term, ...] = ()
    text: str = option(default="", compare=False)

    @property
    def words(self) -> tuple[Word, ...]:
        """The free text, for the full-text index."""
        return tuple(part for part in self.parts if isinstance(part, Word))

    @property
    def terms(self) -> tuple[Term, ...]:
        """The conditions on fields, for the cache."""
        return tuple(part for part in self.parts if isinstance(part, Term))

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))


_PLAIN = re.compile(r"[\w@+/:-]+(?:\.[\w@+/:-]+)*")


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else _quoted(value)

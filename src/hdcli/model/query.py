"""The query language of list, search, board and reports: text to a typed tree (docs/query.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as option
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Literal, NamedTuple, NoReturn

from hdcli.errors import BadQuery, BadUsage
from hdcli.model.dates import SECOND, format_utc, parse_span, parse_utc
from hdcli.model.fields import CHANNELS, PENDING_ON, STATUSES
from hdcli.model.suggest import nearest

Kind = Literal["choice", "ordered", "open", "number", "date", "text"]
Op = Literal["=", "<", "<=", ">", ">=", ".."]


class Field(NamedTuple):
    """What a field holds, in one line, and its values where they are the same on every desk."""

    kind: Kind
    help: str
    choices: tuple[str, ...] = ()


_FLAGS = "open closed overdue waiting escalated unassigned mine merged edited"
_PRESENT = "assignee team category tag due attachment link requester priority"

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
        "link": Field("text", "the id of a ticket it is linked to"),
        "external": Field("text", "its reference in another system"),
        "attachment": Field("text", "the name of an attachment"),
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
_CUSTOM = Field("text", "a field of this desk")
_SCHEMES = frozenset({"http", "https", "ftp", "ftps", "sftp", "ssh", "mailto", "file", "tel"})


@dataclass(frozen=True, slots=True)
class QueryContext:
    """What a query may refer to: the time, the agent asking (if known) and the desk's own names.

    ``now`` is aware; ``priorities``, ``impacts`` and ``urgencies`` ascend.
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
    1 and 3). Dates are UTC strings and come only as ``..``, ``>=`` and ``<``; ordered choices only
    as ``=``; ``is``, ``has`` and ``no`` are fields whose values are flags or field names.
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
        if FIELDS.get(self.field, _CUSTOM).kind == "open":
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


def parse(text: str, context: QueryContext) -> Query:
    """The query that ``text`` means. Raises BadQuery, with its place, for what has none."""
    reader = _Reader(text, context)
    parts: list[Word | Term] = []
    position = reader.skip(0)
    while position < len(text):
        part = reader.part(position)
        parts.append(part)
        position = reader.skip(part.end)
    return Query(tuple(parts), text)


_SPACES = re.compile(r"\s*")
_CHUNK = re.compile(r"\S+")
_NAME = re.compile(r'([^\s:",]+):')
_FIELD_LIKE = re.compile(r"[A-Za-z][A-Za-z_-]+")
_OPERATOR = re.compile(r"[<>]=?")
_BARE = re.compile(r"[^\s,]*")
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_PLAIN = re.compile(r"[\w@+/:-]+(?:\.[\w@+/:-]+)*")


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else _quoted(value)


class _Item(NamedTuple):
    """One value of a term as written, without operator and quotes; its place includes these."""

    text: str
    start: int
    end: int
    op: str = ""
    quoted: bool = False


def _part_of(item: _Item, first: int, last: int) -> _Item:
    return _Item(item.text[first:last], item.start + first, item.start + last)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the parts of one query text; every refusal points at its place in it."""

    text: str
    context: QueryContext

    def fail(self, message: str, start: int, end: int) -> NoReturn:
        raise BadQuery(message, self.text, start, end)

    def refuse(self, message: str, item: _Item) -> NoReturn:
        self.fail(message, item.start - len(item.op), item.end)

    def skip(self, position: int) -> int:
        found = _SPACES.match(self.text, position)
        return found.end() if found else position

    def part(self, start: int) -> Word | Term:
        """The word or term that begins at ``start``, which is no space."""
        chunk = self._chunk(start)
        if '"' not in chunk and not any(map(str.isalnum, chunk)):
            return Word(chunk, start=start, end=start + len(chunk))  # a dash between words
        negated = chunk[0] in "-!"
        begin = start + negated
        if self.text[begin] in "-!":
            self.fail(
                f"{chunk!r} begins with two signs: one excludes, quotes search for it as text",
                start,
                start + len(chunk),
            )
        if self.text[begin] == '"':
            phrase = self._quotation(begin)
            return Word(phrase.text, negated, phrase=True, start=start, end=phrase.end)
        named = _NAME.match(self.text, begin)
        name = self._field(named[1], begin, named.end()) if named else ""
        if named and name:
            return self._term(name, negated, start, named.end())
        text, end = chunk[negated:], start + len(chunk)
        if text[-1] in "*~":
            last = text[-1]
            return Word(text[:-1], negated, last == "*", last == "~", start=start, end=end)
        return Word(text, negated, start=start, end=end)

    def _chunk(self, start: int) -> str:
        found = _CHUNK.match(self.text, start)
        return found[0] if found else ""

    def _quotation(self, start: int, op: str = "") -> _Item:
        found = _QUOTED.match(self.text, start)
        if not found:
            self.fail("this quote is never closed", start, start + 1)
        if not found[1].strip():
            self.fail("there is nothing between the quotes", start, found.end())
        return self._ended(_Item(_ESCAPE.sub(r"\1", found[1]), start, found.end(), op, True))

    def _ended(self, item: _Item) -> _Item:
        after = self.text[item.end : item.end + 1]
        if after and not after.isspace() and after != ",":
            self.fail("a space is missing after the quote", item.end, item.end + 1)
        return item

    def _field(self, written: str, start: int, end: int) -> str:
        """The field's proper name, or "" where it is no field but part of a word."""
        name = written.casefold()
        custom = {each.casefold(): each for each in self.context.custom}
        proper = name if name in FIELDS else custom.get(name) or ALIASES.get(name)
        if proper:
            return proper
        if not _FIELD_LIKE.fullmatch(written) or name in _SCHEMES:
            return ""
        message = f"unknown field {written!r}"
        meant = nearest(written, [*FIELDS, *ALIASES, *self.context.custom])
        if meant:
            self.fail(f"{message}, did you mean {meant!r}?", start, end - 1)
        fields = ", ".join([*FIELDS, *self.context.custom])
        self.fail(f"{message}: quote it to search for text; fields: {fields}", start, end - 1)

    def _term(self, name: str, negated: bool, start: int, value: int) -> Term:
        items = self._items(value, start)
        end = items[-1].end
        kind = FIELDS.get(name, _CUSTOM).kind
        comparable = kind in ("ordered", "number", "date")
        for item in items:
            if item.op and not comparable:
                self.refuse(f"{name} can't be compared with {item.op!r}", item)
            if kind in ("open", "text", "choice") and not item.quoted and item.text[-1] in "*~":
                self.fail(f"{item.text[-1]!r} is for words without a field", item.end - 1, item.end)
        op, values = self._typed(name, kind, items)
        return Term(
            name, op, tuple(dict.fromkeys(values)) if op == "=" else values, negated, start, end
        )

    def _typed(self, name: str, kind: Kind, items: list[_Item]) -> tuple[Op, tuple[str | int, ...]]:
        match kind:
            case "date":
                return self._dates(self._single(name, items))
            case "number":
                return self._numbers(name, items)
            case "ordered":
                return "=", self._ordered(name, items)
            case "open":
                return "=", tuple(self._open(name, item) for item in items)
            case "choice":
                return "=", tuple(self._choice(name, item) for item in items)
            case "text":
                return "=", tuple(item.text for item in items)

    def _items(self, position: int, start: int) -> list[_Item]:
        """The values from ``position`` on, split at commas; the term begins at ``start``."""
        items: list[_Item] = []
        while True:
            op = _OPERATOR.match(self.text, position)
            begin = op.end() if op else position
            if self.text.startswith('"', begin):
                item = self._quotation(begin, op[0] if op else "")
            else:
                bare = _BARE.match(self.text, begin)
                end = bare.end() if bare else begin
                item = _Item(self.text[begin:end], begin, end, op[0] if op else "")
            if not item.text:
                written = self.text[start : item.end]
                self.fail(f"a value is missing in {written!r}", start, item.end)
            items.append(item)
            if not self.text.startswith(",", item.end):
                return items
            position = item.end + 1

    def _single(self, name: str, items: list[_Item]) -> _Item:
        if len(items) > 1:
            self.fail(
                f"{name} takes one value, one comparison or one range",
                items[0].start,
                items[-1].end,
            )
        return items[0]

    def _range(self, item: _Item) -> tuple[_Item | None, _Item | None] | None:
        """The ends of ``a..b``, ``a..`` or ``..b``; None where it is no range."""
        first, dots, last = item.text.partition("..")
        if not dots or item.quoted:
            return None
        if item.op or not (first or last):
            self.refuse("a range is written a..b, a.. or ..b, without a sign before it", item)
        low = _part_of(item, 0, len(first)) if first else None
        high = _part_of(item, len(first) + 2, len(item.text)) if last else None
        return low, high

    def _dates(self, item: _Item) -> tuple[Op, tuple[str, ...]]:
        if ends := self._range(item):
            low, high = ends
            first = self._span(low)[0] if low else ""
            after = self._span(high)[1] if high else ""
            if low and high and first >= after:
                self.refuse("this range ends before it begins", item)
            if low and high:
                return "..", (first, after)
            return (">=", (first,)) if low else ("<", (after,))
        first, after = self._span(item)
        match item.op:
            case ">":
                return ">=", (after,)
            case ">=":
                return ">=", (first,)
            case "<":
                return "<", (first,)
            case "<=":
                return "<", (after,)
        if item.text[0] in "+-":
            message = f"{item.text!r} is one moment: write >{item.text} or <{item.text}"
            self.refuse(message, item)
        return "..", (first, after)

    def _span(self, item: _Item) -> tuple[str, str]:
        try:
            first, after = parse_span(item.text, self.context.now, self.context.tz)
        except BadUsage as refusal:
            self.refuse(str(refusal), item)
        return format_utc(first), format_utc(after)

    def _numbers(self, name: str, items: list[_Item]) -> tuple[Op, tuple[int, ...]]:
        if len(items) == 1 and (ends := self._range(items[0])):
            low, high = ((self._number(name, end) if end else None) for end in ends)
            if low is None or high is None:
                return (">=", (low,)) if low is not None else ("<=", (high or 0,))
            if low > high:
                self.refuse("this range ends before it begins", items[0])
            return "..", (low, high + 1)
        for item in items:
            if item.op or self._range(item):
                self._single(name, items)
        numbers = tuple(self._number(name, item) for item in items)
        levels = self.context.levels
        if name == "level" and levels and not items[0].op:
            for number, item in zip(numbers, items, strict=True):
                if number not in levels:
                    known = ", ".join(map(str, levels))
                    self.refuse(f"no level {number} on this desk: {known}", item)
        return _COMPARISONS[items[0].op], numbers

    def _number(self, name: str, item: _Item) -> int:
        if not _NUMBER.fullmatch(item.text):
            self.refuse(f"{name} is a number, not {item.text!r}", item)
        return int(item.text)

    def _ordered(self, name: str, items: list[_Item]) -> tuple[str, ...]:
        """The choices that the items name or span, in ascending order."""
        choices = self._choices(name)
        meant: set[int] = set()
        for item in items:
            if ends := self._range(item):
                low, high = ends
                first = choices.index(self._choice(name, low)) if low else 0
                last = choices.index(self._choice(name, high)) if high else len(choices) - 1
            else:
                place = choices.index(self._choice(name, item))
                first = place + (item.op == ">") if item.op[:1] != "<" else 0
                last = place - (item.op == "<") if item.op[:1] != ">" else len(choices) - 1
            if first > last:
                self.refuse(
                    f"no {name} is {item.op + item.text!r}; ascending: {', '.join(choices)}", item
                )
            meant.update(range(first, last + 1))
        return tuple(choices[index] for index in sorted(meant))

    def _choices(self, name: str) -> tuple[str, ...]:
        context = self.context
        match name:
            case "priority":
                return context.priorities
            case "impact":
                return context.impacts
            case "urgency":
                return context.urgencies
            case "assignee":
                return context.agents
            case "team":
                return context.teams
            case "category":
                return context.categories
        return FIELDS[name].choices

    def _choice(self, name: str, item: _Item) -> str:
        choices = self._choices(name)
        for choice in choices:
            if choice.casefold() == item.text.casefold():
                if name == "is" and choice == "mine":
                    self._me(item)
                return choice
        meant = nearest(item.text, choices)
        hint = f", did you mean {meant!r}?" if meant else ";"
        self.refuse(
            f"unknown value {item.text!r} of {name!r}{hint} one of: {', '.join(choices)}", item
        )

    def _open(self, name: str, item: _Item) -> str:
        """A name of this desk; one that it doesn't know may stand in old tickets."""
        written, literal = item.text, item.quoted
        if not literal and written.casefold() == "none":
            return ""
        if name == "assignee" and not literal and written.casefold() == "me":
            written, literal = self._me(item), True
        choices = self._choices(name)
        for choice in choices:
            if choice.casefold() == written.casefold():
                return choice
        if not literal and (meant := nearest(written, choices)):
            message = f"unknown {name} {written!r}, did you mean {meant!r}?"
            known = ", ".join(choices)
            self.refuse(f"{message} quote it to find it anyway; known: {known}", item)
        return written

    def _me(self, item: _Item) -> str:
        if not self.context.me:
            self.refuse(
                f"{item.text!r} needs an agent: git's user.email decides who you are"
                " ('hd whoami' shows it)",
                item,
            )
        return self.context.me


_NUMBER = re.compile(r"[0-9]{1,9}")
_COMPARISONS: Mapping[str, Op] = MappingProxyType(
    {"": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
)

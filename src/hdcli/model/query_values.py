"""The values of a query's terms: texts as written to dates, numbers and the desk's own names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, NoReturn

from hdcli.errors import BadQuery, BadUsage
from hdcli.model.dates import format_utc, parse_span
from hdcli.model.query import FIELDS, Kind, Op, QueryContext
from hdcli.model.suggest import nearest

_AGE = re.compile(r"([0-9]{1,5})(min|h|d|w)")
_NUMBER = re.compile(r"[0-9]{1,9}")
_COMPARISONS: Mapping[str, Op] = MappingProxyType(
    {"": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
)


class Item(NamedTuple):
    """One value of a term as written, without operator and quotes; its place includes these."""

    text: str
    start: int
    end: int
    op: str = ""
    quoted: bool = False


def _part_of(item: Item, first: int, last: int) -> Item:
    return Item(item.text[first:last], item.start + first, item.start + last)


@dataclass(frozen=True, slots=True)
class Typing:
    """Types the values of one query text; every refusal points at its place in it."""

    text: str
    context: QueryContext

    def fail(self, message: str, start: int, end: int) -> NoReturn:
        raise BadQuery(message, self.text, start, end)

    def refuse(self, message: str, item: Item) -> NoReturn:
        self.fail(message, item.start - len(item.op), item.end)

    def typed(self, name: str, kind: Kind, items: list[Item]) -> tuple[Op, tuple[str | int, ...]]:
        """The comparison and the values that the items mean for a field of this kind."""
        match kind:
            case "date":
                return self._dates(self._single(name, items))
            case "age":
                return self._age(self._single(name, items))
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

    def _single(self, name: str, items: list[Item]) -> Item:
        if len(items) > 1:
            self.fail(
                f"{name} takes one value, one comparison or one range",
                items[0].start,
                items[-1].end,
            )
        return items[0]

    def _range(self, item: Item) -> tuple[Item | None, Item | None] | None:
        """The ends of ``a..b``, ``a..`` or ``..b``; None where it is no range."""
        first, dots, last = item.text.partition("..")
        if not dots or item.quoted:
            return None
        if item.op or not (first or last):
            self.refuse("a range is written a..b, a.. or ..b, without a sign before it", item)
        low = _part_of(item, 0, len(first)) if first else None
        high = _part_of(item, len(first) + 2, len(item.text)) if last else None
        return low, high

    def _dates(self, item: Item) -> tuple[Op, tuple[str, ...]]:
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

    def _age(self, item: Item) -> tuple[Op, tuple[str, ...]]:
        """For how long: minutes and hours are working time, days and weeks are not."""
        found = _AGE.fullmatch(item.text.lower())
        if not found or item.quoted:
            return self._dates(item)
        count, unit = int(found[1]), found[2]
        now = self.context.now
        if unit in ("d", "w"):
            moment = self._span(item._replace(text=f"-{count}{unit}"))[0]
        else:
            seconds = count * (60 if unit == "min" else 3600)
            moment = format_utc(self.context.hours.before(now, seconds))
        return (">=" if item.op[:1] == "<" else "<"), (moment,)

    def _span(self, item: Item) -> tuple[str, str]:
        try:
            first, after = parse_span(item.text, self.context.now, self.context.tz)
        except BadUsage as refusal:
            self.refuse(str(refusal), item)
        return format_utc(first), format_utc(after)

    def _numbers(self, name: str, items: list[Item]) -> tuple[Op, tuple[int, ...]]:
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

    def _number(self, name: str, item: Item) -> int:
        if not _NUMBER.fullmatch(item.text):
            self.refuse(f"{name} is a number, not {item.text!r}", item)
        return int(item.text)

    def _ordered(self, name: str, items: list[Item]) -> tuple[str, ...]:
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
            case "assignee" | "watcher":
                return context.agents
            case "team":
                return context.teams
            case "category":
                return context.categories
        return FIELDS[name].choices

    def _choice(self, name: str, item: Item) -> str:
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

    def _open(self, name: str, item: Item) -> str:
        """A name of this desk; one that it doesn't know may stand in old tickets."""
        written, literal = item.text, item.quoted
        if not literal and written.casefold() == "none":
            return ""
        if name in ("assignee", "watcher") and not literal and written.casefold() == "me":
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

    def _me(self, item: Item) -> str:
        if not self.context.me:
            self.refuse(
                f"{item.text!r} needs an agent: git's user.email decides who you are"
                " ('hd whoami' shows it)",
                item,
            )
        return self.context.me

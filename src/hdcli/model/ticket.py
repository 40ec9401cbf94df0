"""A ticket: the values on top, and the log that they are the fold of.

The rules of the fold, all of them:
1. Entries count in the order (at, number, random part), whatever their order in the file.
2. ``set`` replaces a value, None clears it; ``add`` and ``remove`` work on set-like fields.
3. ``created`` is the time of the first entry, ``updated`` of the last; ``resolved`` is when the
   status last became resolved (or closed, without that), gone while the ticket is open.
4. Entries that a merge brought from another ticket (``of``) are read, never folded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hdcli.model import fields, ids
from hdcli.model.entry import Entry, Values


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as its file has it. ``values`` are those on top, without ``id`` and ``log``."""

    id: str
    values: Mapping[str, Any]
    log: tuple[Entry, ...]

    @property
    def path(self) -> str:
        return ids.ticket_path(self.id)

    @property
    def title(self) -> str:
        return str(self.values.get("title", ""))

    @property
    def status(self) -> str:
        return str(self.values.get("status", "new"))

    @property
    def level(self) -> int:
        return int(self.values.get("level", 1))

    def text(self, name: str) -> str:
        """A single value as text; empty when it is not set."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def items(self, name: str) -> tuple[str, ...]:
        """A set-like value; empty when it is not set."""
        return tuple(self.values.get(name) or ())

    @property
    def description(self) -> str:
        """What the requester first said: the body of the first entry."""
        own = next((entry for entry in self.log if not entry.of), None)
        return own.body if own else ""

    def with_entry(self, entry: Entry) -> Ticket:
        """The ticket after one more action, folded again."""
        log = (*self.log, entry)
        return Ticket(self.id, fold(log), log)


def fold(log: Iterable[Entry]) -> dict[str, Any]:
    """The values that a log amounts to; the same for any order of its entries."""
    values: dict[str, Any] = {}
    lists: dict[str, dict[str, None]] = {}
    first = last = ""
    for entry in sorted(log, key=lambda each: each.order):
        last = entry.at
        if entry.of:
            continue
        first = first or entry.at
        _apply(values, lists, entry)
    values.update((name, list(items)) for name, items in lists.items() if items)
    if first:
        values["created"] = first
        values["updated"] = last
    return values


def _apply(values: dict[str, Any], lists: dict[str, dict[str, None]], entry: Entry) -> None:
    was_open = values.get("status") in fields.OPEN_STATUSES or "status" not in values
    for name, value in entry.set.items():
        if name in fields.DERIVED:
            continue
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    for name, items in entry.add.items():
        lists.setdefault(name, {}).update(dict.fromkeys(items))
    for name, items in entry.remove.items():
        for item in items:
            lists.get(name, {}).pop(item, None)
    if values.get("status") in fields.OPEN_STATUSES:
        values.pop("resolved", None)
    elif was_open and "status" in values:
        values["resolved"] = entry.at


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two sets of values, in the terms of an entry."""

    set: Values
    add: Values
    remove: Values

    def __bool__(self) -> bool:
        return bool(self.set or self.add or self.remove)

    @property
    def names(self) -> list[str]:
        """The fields that differ, in the order of the file."""
        touched = {*self.set, *self.add, *self.remove}
        return [n for n in fields.ORDER if n in touched] + sorted(touched - set(fields.ORDER))


def difference(before: Values, after: Values) -> Change:
    """The change that turns ``before`` into ``after``; derived values don't count."""
    changed: dict[str, Any] = {}
    added: dict[str, Any] = {}
    removed: dict[str, Any] = {}
    for name in (*before, *(each for each in after if each not in before)):
        old, new = before.get(name), after.get(name)
        if name in fields.DERIVED or (old == new and type(old) is type(new)):
            continue
        if name in fields.SETS:
            had, has = frozenset(old or ()), frozenset(new or ())
            more = [item for item in new or () if item not in had]
            less = [item for item in old or () if item not in has]
            if more:
                added[name] = more
            if less:
                removed[name] = less
        else:
            changed[name] = new
    return Change(changed, added, removed)


def hand_edit(ticket: Ticket) -> Change:
    """What somebody changed in the values on top without an entry; empty when all is in the log."""
    return difference(fold(ticket.log), ticket.values)


def stamp(log: Sequence[Entry], now: str, entropy: ids.Entropy = os.urandom) -> tuple[str, str]:
    """The id and time of the next entry: after every entry of the log, whatever the clocks say.

    A hybrid logical clock (Kulkarni et al. 2014) of whole seconds and a counter: the time is never
    before the last entry's, the number always above the highest seen.
    """
    number = max((ids.entry_number(entry.id) for entry in log), default=0)
    last = max((entry.at for entry in log), default="")
    return ids.entry_id(number + 1, entropy), max(now, last)


def undone(log: Iterable[Entry]) -> frozenset[str]:
    """The ids of the entries that later ones took back, and of those that a merge brought which
    was taken back."""
    entries = tuple(log)
    gone = {entry.undoes for entry in entries if entry.undoes}
    if not gone:
        return frozenset()
    merged = {entry.merged for entry in entries if entry.merged}
    standing = {entry.merged for entry in entries if entry.merged and entry.id not in gone}
    lost = merged - standing
    brought = (e for e in entries if e.of in lost or (e.of and merged and not standing))
    return frozenset(gone | {entry.id for entry in brought})

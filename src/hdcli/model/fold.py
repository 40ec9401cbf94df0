"""The values that a log amounts to, what differs between two sets of values, the next entry's id.

The rules of the fold, all of them:
1. Entries count in the order (at, number, random part), whatever their order in the file.
2. ``set`` replaces a value, None clears it; ``add`` and ``remove`` work on set-like fields.
3. ``created`` is the time of the first entry, ``updated`` of the last. The kind's milestone (a
   ticket's ``resolved``, an article's ``published``) is when its field last left the values before
   it (a ticket's open statuses, an article's draft), gone while it has one of these.
4. Entries that a merge brought from another ticket (``of``) are read, never folded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hdcli.model import ids
from hdcli.model.entry import Entry, Values
from hdcli.model.fields import TICKET
from hdcli.model.kind import Kind


def fold(log: Iterable[Entry], kind: Kind = TICKET) -> dict[str, Any]:
    """The values that a log amounts to; the same for any order of its entries."""
    values: dict[str, Any] = {}
    lists: dict[str, dict[str, None]] = {}
    first = last = ""
    for entry in sorted(log, key=lambda each: each.order):
        last = entry.at
        if entry.of:
            continue
        first = first or entry.at
        _apply(values, lists, entry, kind)
    values.update((name, list(items)) for name, items in lists.items() if items)
    if first:
        values["created"] = first
        values["updated"] = last
    return values


def _apply(
    values: dict[str, Any], lists: dict[str, dict[str, None]], entry: Entry, kind: Kind
) -> None:
    date, name_of, before = kind.milestone
    was_before = values.get(name_of) in before or name_of not in values
    for name, value in entry.set.items():
        if name in kind.derived:
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
    if values.get(name_of) in before:
        values.pop(date, None)
    elif was_before and name_of in values:
        values[date] = entry.at


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two sets of values, in the terms of an entry."""

    set: Values
    add: Values
    remove: Values
    kind: Kind = TICKET
    text: str = ""
    """The digest of the texts, where these differ."""

    def __bool__(self) -> bool:
        return bool(self.set or self.add or self.remove or self.text)

    @property
    def names(self) -> list[str]:
        """The fields that differ, in the order of the file; ``text`` for texts."""
        touched, order = {*self.set, *self.add, *self.remove}, self.kind.order
        names = [n for n in order if n in touched] + sorted(touched - set(order))
        return [*names, "text"] if self.text else names


def difference(before: Values, after: Values, kind: Kind = TICKET) -> Change:
    """The change that turns ``before`` into ``after``; derived values don't count."""
    changed: dict[str, Any] = {}
    added: dict[str, Any] = {}
    removed: dict[str, Any] = {}
    for name in (*before, *(each for each in after if each not in before)):
        old, new = before.get(name), after.get(name)
        if name in kind.derived or (old == new and type(old) is type(new)):
            continue
        if name in kind.sets:
            had, has = frozenset(old or ()), frozenset(new or ())
            more = [item for item in new or () if item not in had]
            less = [item for item in old or () if item not in has]
            if more:
                added[name] = more
            if less:
                removed[name] = less
        else:
            changed[name] = new
    return Change(changed, added, removed, kind)


def stamp(log: Sequence[Entry], now: str, entropy: ids.Entropy = os.urandom) -> tuple[str, str]:
    """The id and time of the next entry: after every entry of the log, whatever the clocks say.

    A hybrid logical clock (Kulkarni et al. 2014) of whole seconds and a counter: the time is never
    before the last entry's, the number above the highest seen while ids have room for one.
    """
    number = max((ids.entry_number(entry.id) for entry in log), default=0)
    at = max(now, *(entry.at for entry in log)) if log else now
    if number < ids.LAST_NUMBER:
        return ids.entry_id(number + 1, entropy), at
    return ids.entry_id(1, entropy), _next_second(at)  # somebody wrote such an id by hand


def _next_second(at: str) -> str:
    from datetime import timedelta

    from hdcli.model.dates import format_utc, parse_utc

    try:
        return format_utc(parse_utc(at) + timedelta(seconds=1))
    except OverflowError:  # the end of the calendar
        return at


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

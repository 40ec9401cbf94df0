"""Edits of one field by two people who did not see each other's: who lost is to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hdcli.model import ids
from hdcli.model.entry import Entry


@dataclass(frozen=True, slots=True)
class Lost:
    """What an entry set a field to, and the entry of somebody else that counts instead of it."""

    field: str
    lost: Entry
    counts: Entry


def lost_edits(log: Iterable[Entry]) -> list[Lost]:
    """The fields whose value now was set without knowledge of another value set before it.

    The number of an entry is above that of every entry that its writer had seen (``stamp``): where
    a later entry has no higher number than an earlier one, its writer did not know that one.
    """
    found: dict[str, Lost] = {}
    last: dict[str, Entry] = {}
    for entry in sorted(log, key=lambda each: each.order):
        if entry.of:
            continue
        for name, value in entry.set.items():
            before = last.get(name)
            found.pop(name, None)
            if before and before.set[name] != value and _unseen(before, entry):
                found[name] = Lost(name, before, entry)
            last[name] = entry
    return list(found.values())


def _unseen(before: Entry, after: Entry) -> bool:
    return ids.entry_number(after.id) <= ids.entry_number(before.id)

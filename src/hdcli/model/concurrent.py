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


def outdone(ours: Iterable[Entry], theirs: Iterable[Entry]) -> list[Lost]:
    """The fields that each of two logs, which are merged, set to another value than the other did.

    What one log alone has was written without knowledge of what the other alone has. The numbers of
    entries can't tell that: one may be higher for what its writer did before.
    """
    mine, others = ({each.id: each for each in log if not each.of} for log in (ours, theirs))
    own, foreign = (
        _last_set(entry for name, entry in these.items() if name not in those)
        for these, those in ((mine, others), (others, mine))
    )
    found = []
    for name in own.keys() & foreign.keys():
        lost, counts = sorted((own[name], foreign[name]), key=lambda each: each.order)
        if lost.set[name] != counts.set[name]:
            found.append(Lost(name, lost, counts))
    return sorted(found, key=lambda each: (*each.counts.order, each.field))


def _last_set(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The last entry that set each field."""
    ordered = sorted(entries, key=lambda each: each.order)
    return {name: entry for entry in ordered for name in entry.set}


def _unseen(before: Entry, after: Entry) -> bool:
    return ids.entry_number(after.id) <= ids.entry_number(before.id)

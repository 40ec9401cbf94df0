"""What one commit may do to a ticket or article: entries are added, by its author, and stay.

The rules, all of them. ``olds`` is the record as it was, as each parent of a merge had it.
1. Every entry of every old is in the new one, unchanged; where olds have different versions of an
   entry (a person was taken out of it), the one that hides what either hides.
2. An entry may lose what is personal, where a new ``anonymise`` entry of the same commit names it.
3. A new entry is by the commit's author. What a merge of duplicates tells again (``of``) is by
   whoever said it, and is found in the other ticket. Whole tickets are taken in (``import``) with
   their logs. Of two tickets that drew one id, a merge gives one of them another, with its log.
Values on top that are not in the log are hand edits, and welcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce

from hdcli.model.deskcheck import Flaw
from hdcli.model.entry import Entry
from hdcli.model.record import Record
from hdcli.model.redaction import hides, redacts, stronger

_GROWS = "a log only grows: put the entry back as it was"
_OWN = "everybody commits their own entries; hd commit takes up what you edited by hand"

Find = Callable[[Entry], Iterable[Entry]]
"""Gives the versions of an entry that other tickets have."""


def fresh(olds: Sequence[Record], new: Record) -> list[Entry]:
    """The entries that are in none of the olds."""
    if len(olds) == 1 and grown(olds[0], new):
        return list(new.log[len(olds[0].log) :])
    known = {entry.id for old in olds for entry in old.log}
    return [entry for entry in new.log if entry.id not in known]


def grown(old: Record, new: Record) -> bool:
    """Whether the log of the new begins with the whole log of the old, as almost always."""
    return new.log[: len(old.log)] == old.log


def lost(
    olds: Sequence[Record], new: Record, elsewhere: Mapping[str, Entry], added: Iterable[Entry]
) -> Iterator[Flaw]:
    """Entries that were taken out or altered.

    ``elsewhere`` are the entries by id that went to a ticket with a new id, ``added`` those that
    the commit adds.
    """
    if all(grown(old, new) for old in olds):
        return
    there = {**elsewhere, **{entry.id: entry for entry in new.log}}
    named = {each for entry in added for each in redacts(entry)}
    told: set[str] = set()
    for old in olds:
        for entry in old.log:
            found = there.get(entry.id)
            if entry == found or entry.id in told:
                continue
            told.add(entry.id)
            if found is None:
                yield Flaw(("log",), f"entry {entry.id} was taken out of the log", _GROWS)
            elif not _may_differ(entry.id, olds, found, named):
                yield Flaw(("log", entry.id), f"entry {entry.id} of the log was altered", _GROWS)


def _may_differ(entry_id: str, olds: Sequence[Record], found: Entry, named: Iterable[str]) -> bool:
    versions = [entry for old in olds for entry in old.log if entry.id == entry_id]
    strongest = reduce(stronger, versions)
    if len(versions) > 1 and found == strongest:
        return True
    return entry_id in named and hides(strongest, found)


def foreign(added: Iterable[Entry], names: Iterable[str], find: Find) -> Iterator[Flaw]:
    """New entries that are not by the commit's author, who is known by these names."""
    own = frozenset(names)
    for entry in added:
        if entry.of:
            if not any(_retold(entry, each) for each in find(entry)):
                said = f"entry {entry.id} is not in {entry.of}, which it is said to come from"
                yield Flaw(("log", entry.id), said, _OWN)
        elif entry.by not in own:
            said = f"entry {entry.id} is by {entry.by}, the commit by {min(own, key=len)}"
            yield Flaw(("log", entry.id), said, _OWN)


def _retold(entry: Entry, original: Entry) -> bool:
    """Whether an entry that a merge brought says what the other ticket has, and does nothing."""
    same = (entry.id, entry.at, entry.by, entry.action, entry.body) == (
        *(original.id, original.at, original.by, original.action),
        original.body,
    )
    more = entry.extra.keys() - {"redacted"}
    idle = not (entry.add or entry.remove or entry.undoes or entry.merged or more)
    return same and idle and entry.set.keys() <= {"title"}

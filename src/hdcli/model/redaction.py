"""What is left of an entry when a person is taken out of it, and which version of it counts.

A log only grows, with one exception: an entry may lose what is personal. The loss goes one way:

    the text as it was  <  the same with letters barred (████)  <  [removed]
    a person            <  a pseudonym (anonymous-x7k2qf)
    items of a list     <  fewer of them, pseudonyms in their place

So any two versions of one entry have a least one that hides what either hides: ``stronger``. It is
the same whoever asks and in which order, which is why a merge takes it and clones agree in the end.
Bars have the length of what they hide: that is what lets two of them be laid upon each other.

An entry of the action ``anonymise`` names in ``redacts`` the entries that its commit altered; these
are marked ``redacted: true``. Whoever checks a commit allows an altered entry when ``hides`` says
that it only lost, and ``redacts`` of such an entry, new in this commit and by its author, names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hdcli.model import ids
from hdcli.model.barring import BAR, Person, barred, names
from hdcli.model.entry import Entry, Values
from hdcli.model.schema import entry_document

ACTION = "anonymise"
REMOVED = "[removed]"
PSEUDONYM = re.compile(r"anonymous-[0-9a-hjkmnp-tv-z]{6}")
# What says how the work went and not whose it was stays where all else goes.
_KEPT = frozenset(
    ("status", "level", "priority", "impact", "urgency", "category", "team", "assignee", "channel")
) | frozenset(("due", "pending", "pending_until", "procedure", "merged_into", "csat", "alerts"))
_KEPT_EXTRA = frozenset(
    ("redacted", "redacts", "blob", "procedure", "step", "mentions", "rules", "event")
)
_PEOPLE = frozenset(("requester", "cc"))
_ANY = Person("anonymous-000000", frozenset())
_HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def redacted(entry: Entry, who: Person) -> Entry:
    """The entry of a person's own ticket without anything that could be about them.

    Id, time, action, agents and the fields that say how the work went stay; texts become
    ``[removed]``, people a pseudonym, attachments go. An ``anonymise`` entry keeps its reason,
    letters barred. The same again when nothing is left to lose.
    """
    if entry.action == ACTION:
        return masked(entry, who)
    return _marked(
        entry,
        replace(
            entry,
            by=_author(entry.by, who),
            set={name: _emptied(name, value, who) for name, value in entry.set.items()},
            add=_lists(entry.add, who, whole=True),
            remove=_lists(entry.remove, who, whole=True),
            body=REMOVED if entry.body else "",
            extra={
                name: value if name in _KEPT_EXTRA else _gone(value)
                for name, value in entry.extra.items()
            },
        ),
    )


def masked(entry: Entry, who: Person) -> Entry:
    """An entry of anybody's ticket or of an article, with the person's words barred in it.

    Where the person is its author, requester or in copy the pseudonym stands instead.
    """
    return _marked(
        entry,
        replace(
            entry,
            by=_named(entry.by, who),
            set={name: _masked_field(name, value, who) for name, value in entry.set.items()},
            add=_lists(entry.add, who, whole=False),
            remove=_lists(entry.remove, who, whole=False),
            body=barred(entry.body, who),
            extra={
                name: value if name in _KEPT_EXTRA else without(value, who)
                for name, value in entry.extra.items()
            },
        ),
    )


def is_redacted(entry: Entry) -> bool:
    """Whether an entry lost something to an ``anonymise`` entry."""
    return entry.extra.get("redacted") is True


def redacts(entry: Entry) -> frozenset[str]:
    """The ids of the entries that an ``anonymise`` entry took something from."""
    found = entry.extra.get("redacts") if entry.action == ACTION else None
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def pseudonym_of(log: Iterable[Entry]) -> str:
    """The pseudonym that a ticket's requester got; empty where nobody anonymised the ticket."""
    found = (str(e.set.get("requester", "")) for e in log if e.action == ACTION)
    return next((each for each in found if PSEUDONYM.fullmatch(each)), "")


def late(log: Iterable[Entry]) -> list[Entry]:
    """What a merge brought to an anonymised ticket from somebody who did not know of that yet.

    An entry's number is above that of all that its writer knew: whoever has no higher one than the
    ``anonymise`` entry did not know that; nor, perhaps, did who goes on from there by ones. Entries
    with nothing left to lose are left out.
    """
    entries = tuple(entry for entry in log if not entry.of)
    whole = (e for e in entries if e.action == ACTION and e.set.get("requester"))
    known = max((ids.entry_number(entry.id) for entry in whole), default=0)
    if not known:
        return []
    others = {ids.entry_number(entry.id) for entry in entries if entry.action != ACTION}
    while known in others:
        known += 1
    unseen = (entry for entry in entries if ids.entry_number(entry.id) <= known)
    return [entry for entry in unseen if entry.action != ACTION and redacted(entry, _ANY) != entry]


def hides(before: Entry, after: Entry) -> bool:
    """Whether ``after`` is ``before`` with something lost and nothing else changed."""
    return is_redacted(after) and before != after and stronger(before, after) == after


def stronger(one: Entry, other: Entry) -> Entry:
    """The version of an entry that counts where two of one id meet: what either hides is hidden.

    The same in whatever order versions meet. Of two that nobody redacted, and that differ all the
    same, the one whose text sorts last.
    """
    if one == other:
        return one
    if not (is_redacted(one) or is_redacted(other)):
        return max(one, other, key=_spelt)
    extra = _joined_values(one.extra, other.extra)
    return Entry(
        one.id,
        min(one.at, other.at),
        _joined_person(one.by, other.by),
        max(one.action, other.action),
        _joined_values(one.set, other.set),
        _joined_lists(one.add, other.add),
        _joined_lists(one.remove, other.remove),
        _joined_text(one.body, other.body),
        of=max(one.of, other.of),
        undoes=max(one.undoes, other.undoes),
        merged=max(one.merged, other.merged),
        text=max(one.text, other.text),
        extra={**extra, "redacted": True},
    )


def _marked(before: Entry, after: Entry) -> Entry:
    if after == before:
        return before
    return replace(after, extra={**after.extra, "redacted": True})


def _author(text: str, who: Person) -> str:
    """Who did it: an agent's handle stays, the person gets the pseudonym, others are removed."""
    named = _named(text, who)
    return named if _HANDLE.fullmatch(named) or not named else REMOVED


def _named(text: str, who: Person) -> str:
    if not PSEUDONYM.fullmatch(text) and who.is_meant(text):
        return who.pseudonym
    return barred(text, who) if not _HANDLE.fullmatch(text) else text


def _emptied(name: str, value: Any, who: Person) -> Any:
    if value is None or name in _KEPT:
        return value
    if name == "requester":
        return value if PSEUDONYM.fullmatch(value) else who.pseudonym
    return barred(value, who) if name == "external_id" else _gone(value)


def _gone(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else REMOVED


def _masked_field(name: str, value: Any, who: Person) -> Any:
    if name in _KEPT:
        return value
    return _named(value, who) if name in _PEOPLE and value else without(value, who)


def without(value: Any, who: Person) -> Any:
    """A plain value with the person's words barred in every text of it."""
    if isinstance(value, str):
        return barred(value, who)
    if isinstance(value, list):
        return [without(item, who) for item in value]
    if isinstance(value, Mapping):
        return {name: without(item, who) for name, item in value.items()}
    return value


def _lists(lists: Values, who: Person, *, whole: bool) -> Values:
    found = {name: _items(name, items, who, whole=whole) for name, items in lists.items()}
    return {name: items for name, items in found.items() if items}


def _items(name: str, items: Iterable[str], who: Person, *, whole: bool) -> list[str]:
    if name == "attachments":
        return [] if whole else [each for each in items if each not in who.files]
    lost = [each for each in items if _is_lost(name, each, who, whole=whole)]
    kept = [each for each in items if each not in lost]
    return _ordered([*kept, who.pseudonym]) if lost else kept


def _ordered(items: Iterable[str]) -> list[str]:
    """Items in their order, behind them the pseudonyms in theirs."""
    once = tuple(dict.fromkeys(items))
    pseudonyms = sorted(each for each in once if PSEUDONYM.fullmatch(each))
    return [*(each for each in once if each not in pseudonyms), *pseudonyms]


def _is_lost(name: str, item: str, who: Person, *, whole: bool) -> bool:
    if PSEUDONYM.fullmatch(item) or name == "watchers":  # agents, not people who ask
        return False
    return (name == "cc" and (whole or who.is_meant(item))) or names(item, who)


def _joined_text(one: str, other: str) -> str:
    if one == other:
        return one
    if REMOVED in (one, other) or len(one) != len(other):
        return REMOVED
    pairs = list(zip(one, other, strict=True))
    if any(a != b and BAR not in (a, b) for a, b in pairs):
        return REMOVED
    return "".join(a if a == b else BAR for a, b in pairs)


def _joined_person(one: str, other: str) -> str:
    pseudonyms = [each for each in (one, other) if PSEUDONYM.fullmatch(each)]
    if REMOVED in (one, other) or not pseudonyms:
        return _joined_text(one, other)
    return min(pseudonyms)


def _joined_values(one: Values, other: Values) -> dict[str, Any]:
    found = {}
    for name in dict.fromkeys((*one, *other)):
        if name not in one or name not in other:
            found[name] = (one if name in one else other)[name]
        elif name in _KEPT or name in _KEPT_EXTRA:
            found[name] = max(one[name], other[name], key=_spelt)
        elif name in _PEOPLE and isinstance(one[name], str) and isinstance(other[name], str):
            found[name] = _joined_person(one[name], other[name])
        else:
            found[name] = _joined(one[name], other[name])
    return found


def _joined(one: Any, other: Any) -> Any:
    if one == other and type(one) is type(other):
        return one
    if isinstance(one, str) and isinstance(other, str):
        return _joined_text(one, other)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [_joined(a, b) for a, b in zip(one, other, strict=True)]
    if isinstance(one, Mapping) and isinstance(other, Mapping) and one.keys() == other.keys():
        return {name: _joined(one[name], other[name]) for name in one}
    return REMOVED


def _joined_lists(one: Values, other: Values) -> dict[str, list[str]]:
    found = {}
    for name in dict.fromkeys((*one, *other)):
        mine, theirs = list(one.get(name, ())), list(other.get(name, ()))
        both = (item for item in mine if item in theirs or PSEUDONYM.fullmatch(item))
        theirs_too = (item for item in theirs if PSEUDONYM.fullmatch(item))
        if items := mine if mine == theirs else _ordered([*both, *theirs_too]):
            found[name] = items
    return found


def _spelt(value: object) -> str:
    data = entry_document(value) if isinstance(value, Entry) else value
    return json.dumps(data, sort_keys=True, default=str)

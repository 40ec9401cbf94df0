"""Two versions of a ticket or article made one: the union of the logs, folded again.

An entry is known by its id, so a union has each once, and the fold gives the same values whatever
the order of merges. What somebody edited by hand and no log has yet stays on top, merged three ways
with what it was edited from. Where both sides changed one thing in two ways, the choice does not
depend on which side is called ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from hdcli.model.article import Article
from hdcli.model.concurrent import Lost, outdone
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.record import Record, hand_edit, logged_text
from hdcli.model.redaction import is_redacted, stronger
from hdcli.model.schema import entry_document

R = TypeVar("R", bound=Record)
Edits = dict[tuple[str, str, str], Any]


@dataclass(frozen=True, slots=True)
class Texts:
    """An article's texts made one, and whether both sides had changed the same part of them."""

    article: Article
    clash: bool = False


TextMerge = Callable[[Article | None, Article, Article], Texts]
"""Gives ``ours`` with the texts of both, three ways."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The record with both sides' story.

    ``lost`` are the edits that another one, made without knowing of it, outdid. ``retexted`` is
    true when the texts are those of neither side, so that an entry has to say so.
    """

    record: Record
    lost: tuple[Lost, ...] = ()
    retexted: bool = False
    clash: bool = False


def born_twice(ours: Record, theirs: Record) -> bool:
    """Whether these are two tickets that drew the same id, not two versions of one: versions of
    one have its first entry at least in common."""
    mine, others = ({entry.id for entry in each.log if not entry.of} for each in (ours, theirs))
    return bool(mine and others) and not mine & others


def begun_apart(base: Record | None, ours: Record, theirs: Record) -> bool:
    """Whether these are two tickets that were written by hand under one id: nothing that they have
    in common says that they are one, and there are no logs to tell."""
    logged = ours.log and theirs.log
    names = (each.values.get("title") for each in (ours, theirs))
    return base is None and not logged and len(set(names)) > 1


def beginning(record: Record) -> Entry:
    """The entry that a record with a log began with: none that a merge brought."""
    return next((entry for entry in record.log if not entry.of), record.log[0])


def merged(base: R | None, ours: R, theirs: R, texts: TextMerge) -> Merged:
    """Two versions of a record made one; ``base`` is what both came from, where that is known."""
    log = union(base.log if base else (), ours.log, theirs.log)
    after: Record = replace(ours, log=log)
    clash = retexted = False
    if isinstance(ours, Article):
        assert isinstance(theirs, Article)
        assert base is None or isinstance(base, Article)
        both = texts(base, ours, theirs)
        clash, after = both.clash, replace(both.article, log=log)
        waits = any(hand_edit(each).text for each in (ours, theirs))
        retexted = after.digest != logged_text(log) and not waits
    edits = _three_ways(_edits(base) if base else {}, _edits(ours), _edits(theirs))
    after = replace(after, values=_edited(fold(log, ours.kind), edits))
    return Merged(after, tuple(outdone(ours.log, theirs.log)), retexted, clash)


def union(
    base: Iterable[Entry], ours: Iterable[Entry], theirs: Iterable[Entry]
) -> tuple[Entry, ...]:
    """Every entry of the logs once, in their order.

    Of an entry that a side altered the version of ``base`` counts; one that a side redacted stays
    redacted (model/redaction.py). One that was taken out of a log by hand comes back.
    """
    found: dict[str, Entry] = {}
    for entry in (*ours, *theirs):
        other = found.setdefault(entry.id, entry)
        if other is not entry and other != entry:
            found[entry.id] = stronger(other, entry)
    for entry in base:
        other = found.get(entry.id, entry)
        found[entry.id] = stronger(entry, other) if is_redacted(other) else entry
    return tuple(sorted(found.values(), key=lambda each: each.order))


def _spelt(value: object) -> str:
    data = entry_document(value) if isinstance(value, Entry) else value
    return json.dumps(data, sort_keys=True, default=str)


def _edits(record: Record) -> Edits:
    """What was edited on top of a record by hand, as independent statements."""
    change = hand_edit(record)
    found: Edits = {("set", name, ""): value for name, value in change.set.items()}
    for word, items in (("add", change.add), ("remove", change.remove)):
        found.update(((word, name, item), item) for name, some in items.items() for item in some)
    return found


_NOTHING = object()


def _three_ways(base: Edits, ours: Edits, theirs: Edits) -> Edits:
    found: Edits = {}
    for key in dict.fromkeys((*ours, *theirs)):
        was, mine, other = (each.get(key, _NOTHING) for each in (base, ours, theirs))
        if mine == was:
            value = other
        elif other in (was, mine):
            value = mine
        else:
            value = max((each for each in (mine, other) if each is not _NOTHING), key=_spelt)
        if value is not _NOTHING:
            found[key] = value
    return found


def _edited(values: dict[str, Any], edits: Edits) -> dict[str, Any]:
    for (word, name, item), value in edits.items():
        if word == "set":
            values[name] = value
            if value is None:
                del values[name]
            continue
        items = [each for each in values.get(name, ()) if each != item]
        values[name] = [*items, item] if word == "add" else items
        if not values[name]:
            del values[name]
    return values


def documents(
    base: object, ours: object, theirs: object, path: tuple[str, ...] = ()
) -> tuple[object, list[tuple[str, ...]]]:
    """Plain documents merged by key, and the paths that both sides changed in two ways.

    There ``ours`` stays. Lists take in what the other side added and let go what it removed.
    """
    if theirs in (base, ours):
        return ours, []
    if ours == base:
        return theirs, []
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        was = base if isinstance(base, Mapping) else {}
        return _mappings(was, ours, theirs, path)
    if isinstance(ours, list) and isinstance(theirs, list):
        return _lists(base if isinstance(base, list) else [], ours, theirs), []
    return (theirs if ours is _NOTHING else ours), [path]


def _mappings(
    base: Mapping[Any, Any],
    ours: Mapping[Any, Any],
    theirs: Mapping[Any, Any],
    path: tuple[str, ...],
) -> tuple[object, list[tuple[str, ...]]]:
    found: dict[Any, Any] = {}
    clashes: list[tuple[str, ...]] = []
    for name in dict.fromkeys((*ours, *theirs)):
        was, mine, other = (each.get(name, _NOTHING) for each in (base, ours, theirs))
        value, more = documents(was, mine, other, (*path, str(name)))
        clashes += more
        if value is not _NOTHING:
            found[name] = value
    return found, clashes


def _lists(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    kept = [each for each in ours if each in theirs or each not in base]
    return kept + [each for each in theirs if each not in ours and each not in base]

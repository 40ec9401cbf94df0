"""Two versions of one file of a desk made one, from the bytes of both and of what they came from.

Tickets and articles are merged as records (model/merging.py), other YAML by key, any other text by
lines. The comments that people wrote on either side stay where git can put both in one file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hdcli.errors import BadData
from hdcli.model import merging
from hdcli.model.article import Article
from hdcli.model.ids import id_of_path
from hdcli.model.merging import Merged, Texts
from hdcli.model.record import Record
from hdcli.model.slug import slug_of_path
from hdcli.model.ticket import Ticket
from hdcli.model.versions import both_versions, numbered
from hdcli.store import codec, mergetext, yamlread, yamlsplice, yamlwrite
from hdcli.store.git import Repository

Data = bytes | None
Respell = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Sides:
    """A file as both sides have it, and as it was; None where there is (or was) none."""

    path: str
    base: Data
    ours: bytes
    theirs: bytes


def kind_of(path: str) -> type[Record] | None:
    """What kind of record lies at a path; None where it is none's place."""
    if id_of_path(path):
        return Ticket
    return Article if slug_of_path(path) else None


def records(repository: Repository, base: Record | None, ours: Record, theirs: Record) -> Merged:
    """Two versions of a record made one."""

    def texts(was: Article | None, mine: Article, other: Article) -> Texts:
        return _texts(repository, was, mine, other)

    return merging.merged(base, ours, theirs, texts)


def _texts(repository: Repository, base: Article | None, ours: Article, theirs: Article) -> Texts:
    was = base or replace(ours, body="", steps=())
    clashes: list[str] = []

    def both(mine: str, other: str) -> str:
        clashes.append(other)
        return both_versions(_last(ours), mine, _last(theirs), other)

    if theirs.body in (was.body, ours.body):
        body = ours.body
    elif ours.body == was.body:
        body = theirs.body
    else:
        body = mergetext.with_both(repository, was.body, ours.body, theirs.body, both)
    steps = ours.steps if theirs.steps in (was.steps, ours.steps) else theirs.steps
    if ours.steps not in (was.steps, steps):
        steps = ours.steps
        body = f"{body}\n\n{both(numbered(ours.steps), numbered(theirs.steps))}"
    return Texts(replace(ours, body=body.strip("\n"), steps=steps), bool(clashes))


def _last(article: Article) -> str:
    return article.log[-1].by if article.log else ""


def file_of(
    repository: Repository, record: Record, sides: Sides, versions: tuple[Record, Record]
) -> bytes:
    """The file of a merged record, with the comments and layout of both sides.

    ``versions`` are the records that are in ours and theirs.
    """

    def upon(data: bytes) -> bytes:
        return codec.write(record, data)

    pairs = zip(versions, (sides.ours, sides.theirs), strict=True)
    formatted = [data for version, data in pairs if yamlwrite.record_bytes(version) != data]
    if not formatted:
        return codec.write(record)
    if len(formatted) == 1:
        return upon(formatted[0])
    found = _layouts(repository, sides, upon)
    try:
        fits = found is not None and codec.read(type(record), found, record.path) == record
    except BadData:
        fits = False
    return found if found and fits else upon(sides.ours)


def _layouts(repository: Repository, sides: Sides, respell: Respell) -> Data:
    """What both sides did besides the values: each version says the same, so lines tell them."""
    if sides.base is None:
        return None
    try:
        base, ours, theirs = (respell(each) for each in (sides.base, sides.ours, sides.theirs))
    except BadData:
        return None
    return mergetext.merged_bytes(repository, base, ours, theirs)


def document(repository: Repository, sides: Sides) -> tuple[bytes, list[tuple[str, ...]]]:
    """A YAML file of keys merged by key, and the paths of what both sides changed in two ways.

    There ours counts. Raises BadData where one side can't be read.
    """
    was, mine, other = (
        {} if data is None else yamlread.load(data, sides.path)
        for data in (sides.base, sides.ours, sides.theirs)
    )
    wanted, clashes = merging.documents(was, mine, other)

    def respell(data: bytes) -> bytes:
        return respelled(data, sides.path, wanted)

    found = _layouts(repository, sides, respell)
    try:
        fits = found is not None and yamlread.load(found, sides.path) == wanted
    except BadData:
        fits = False
    return (found if found and fits else respell(sides.ours)), clashes


def respelled(data: bytes, where: str, wanted: object) -> bytes:
    """The file changed to say ``wanted``, what says so already left as it is. Raises BadData."""
    present = yamlread.load(data, where)
    if not isinstance(present, Mapping) or not isinstance(wanted, Mapping):
        return yamlwrite.flow(wanted).encode() + b"\n" if present != wanted else data
    for path, value in _changes(present, wanted, ()):
        if value is _GONE:
            data = yamlsplice.drop(data, where, path)
        else:
            data = yamlsplice.put(data, where, path, value)
    return data


_GONE = object()


def _changes(
    present: Mapping[Any, Any], wanted: Mapping[Any, Any], path: tuple[str, ...]
) -> Sequence[tuple[tuple[str, ...], object]]:
    found: list[tuple[tuple[str, ...], object]] = []
    for name in dict.fromkeys((*present, *wanted)):
        here, there = present.get(name, _GONE), wanted.get(name, _GONE)
        inner = (*path, name)
        if isinstance(here, Mapping) and isinstance(there, Mapping) and here and there:
            found += _changes(here, there, inner)
        elif here != there:
            found.append((inner, there))
    return found


def text(repository: Repository, sides: Sides) -> Data:
    """Any other file, by lines; None where both sides changed the same ones, or it is no text."""
    versions = (sides.base or b"", sides.ours, sides.theirs)
    if any(b"\0" in each for each in versions):
        return None
    return mergetext.merged_bytes(repository, *versions)

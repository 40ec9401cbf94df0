"""Changes to a record's file that somebody has formatted by hand: comments, order and layout stay.

The values on top are changed one by one in place, new entries go into the log where they belong,
and every other byte stays as it was. A log that stood between the values goes below them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from hdcli.errors import BadData
from hdcli.model import ids
from hdcli.model.entry import Entry
from hdcli.model.record import Record
from hdcli.model.schema import document
from hdcli.store import yamlread, yamlsplice, yamlwrite

_LOG = re.compile(rb"^log[ \t]*:", re.MULTILINE)
# What stands at the margin behind the log and is none of its items: the next key.
_NEXT = re.compile(rb"^[^\s#-]", re.MULTILINE)
_COMMENT = re.compile(rb"(?:^|[ \t])(#.*)$", re.MULTILINE)
_DASH = re.compile(rb"^( *)- ", re.MULTILINE)


class Parts(NamedTuple):
    """A file in two: the values on top, and the log with its key (empty without one)."""

    top: bytes
    log: bytes


def split(data: bytes) -> Parts:
    """The file's values and its log; together they are the file, the log at its end."""
    found = _LOG.search(data)
    if not found:
        return Parts(_ended(data), b"")
    behind = _NEXT.search(data, found.end())
    end = behind.start() if behind else len(data)
    top = data[: found.start()] + _ended(data[end:])
    return Parts(top, _ended(data[found.start() : end]))


def comments(data: bytes) -> list[bytes]:
    """The comments in a text, near enough to tell whether somebody changed them."""
    return _COMMENT.findall(data)


def _ended(data: bytes) -> bytes:
    return data if not data or data.endswith(b"\n") else data + b"\n"


def patch(data: bytes, before: Record, after: Record) -> bytes:
    """The file of ``before`` changed to say ``after``.

    Raises BadData where it is of a shape that can't be changed in place.
    """
    top, log = split(data)
    old, new = document(before), document(after)
    for name in old:
        if name not in new:
            top = yamlsplice.drop(top, before.path, (name,))
    for name, value in new.items():
        if name == "log" or old.get(name) == value:
            continue
        if name in after.texts:
            top = yamlsplice.put_lines(top, before.path, name, yamlwrite.text_lines(name, value))
        else:
            top = yamlsplice.put(top, before.path, (name,), value)
    known = {entry.id for entry in before.log}
    added = [entry for entry in after.log if entry.id not in known]
    return top + _longer(log, before.log, added)


def _longer(log: bytes, present: Sequence[Entry], added: Sequence[Entry]) -> bytes:
    """The text of the log with more entries in it."""
    if not present:
        return b"log:\n" + b"".join(map(yamlwrite.entry_bytes, added)) if added else log
    if not added:
        return log
    first = _DASH.search(log)
    if first is None:
        raise BadData("its log is not a list with one item a line")
    written = [_indented(entry, first[1], log) for entry in added]
    if min(entry.order for entry in added) > max(entry.order for entry in present):
        return log + b"".join(written)
    return _inserted(log, first[1], list(zip(added, written, strict=True)))


def _indented(entry: Entry, margin: bytes, log: bytes) -> bytes:
    text = re.sub(rb"^(?=.)", margin, yamlwrite.entry_bytes(entry), flags=re.MULTILINE)
    return text.replace(b"\n", b"\r\n") if b"\r\n" in log else text


def _inserted(log: bytes, margin: bytes, added: list[tuple[Entry, bytes]]) -> bytes:
    """New entries before the first item of the file that is later than they are."""
    starts = [found.start() for found in re.finditer(rb"(?m)^" + margin + rb"- ", log)]
    items = yamlread.load(log, "log")
    assert isinstance(items, dict)
    if len(items["log"]) != len(starts):
        raise BadData("its log is not a list with one item a line")
    orders = [(item["at"], ids.entry_number(item["id"]), item["id"]) for item in items["log"]]
    places = list(zip(orders, starts, strict=True))
    end = len(log)
    for entry, text in reversed(added):  # what is further down first, so that places stay true
        place = next((start for order, start in places if order > entry.order), end)
        log = log[:place] + text + log[place:]
    return log

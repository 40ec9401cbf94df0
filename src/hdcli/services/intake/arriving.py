"""Lines as they arrive: those that are there are taken together, and nobody waits for more.

A script that writes a line and waits for the answer gets it; one that writes a million lines has
them taken in by the hundred, in memory that does not grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

from hdcli.services.bulk.records import MAX_LINE, Item, Line

_CHUNK = 1 << 17
_MARK = b"\xef\xbb\xbf"
_ROWS = 500


class Arriving(Protocol):
    """What is read from: a pipe, a file, a terminal."""

    def read1(self, size: int = ..., /) -> bytes:
        """What is there, once something is; empty at the end."""
        ...


def batches(stream: Arriving) -> Iterator[list[Line]]:
    """The lines of a stream, those that arrived together in one list.

    The byte order mark is left out; a line longer than MAX_LINE has no content.
    """
    number = end = 0
    rest, too_long = b"", False
    while chunk := stream.read1(_CHUNK):
        end += len(chunk)
        *whole, rest = (rest + chunk).split(b"\n")
        found = []
        for raw in whole:
            number += 1
            line = raw.removeprefix(_MARK) if number == 1 else raw
            too_long = too_long or len(line) > MAX_LINE
            found.append(Line(number, None if too_long else line + b"\n", end))
            too_long = False
        if len(rest) > MAX_LINE:
            rest, too_long = b"", True
        if found:
            yield found
    if rest or too_long:
        last = rest.removeprefix(_MARK) if not number else rest
        yield [Line(number + 1, None if too_long else last, end)]


def portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Records of a file, some at a time."""
    rest = iter(items)
    while found := list(islice(rest, _ROWS)):
        yield found

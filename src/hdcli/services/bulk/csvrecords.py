"""Records of a CSV file (RFC 4180): any usual delimiter, a byte order mark, line breaks in quotes.

The csv module gets the lines one at a time, so that a quote that is never closed costs one record
and not the rest of the file: the lines behind its first are then read again, as records.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hdcli.errors import BadData
from hdcli.services.bulk.records import (
    MAX_LINE,
    Item,
    Line,
    Record,
    Refusal,
    too_long_a_line,
)

DELIMITERS = ",;\t|"
_MOST_LINES = 20_000


class _RunAway(Exception):
    """A quoted cell goes on for too long, or a line in it is too long."""


class _Feed:
    """Physical lines for the csv reader; remembers those of the record being read."""

    def __init__(self, source: Iterator[Line]) -> None:
        self._source = source
        self._again: deque[Line] = deque()
        self._size = 0
        self.taken: list[Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source)
        self.taken.append(line)
        self._size += len(line.raw or b"")
        if line.raw is None or self._size > MAX_LINE or len(self.taken) > _MOST_LINES:
            raise _RunAway
        return line.raw.decode("utf-8", "surrogateescape")

    def peek(self) -> str:
        """The next line, which stays the next; empty at the end of the file."""
        if not self._again:
            self._again.extend(line for line in (next(self._source, None),) if line)
        raw = self._again[0].raw if self._again else None
        return (raw or b"").decode("utf-8", "surrogateescape")

    def done(self) -> None:
        """What was taken is a record, or refused."""
        self.taken = []
        self._size = 0

    def back_to_second(self) -> Line:
        """Gives the first line that was taken; the others will be read again."""
        first, rest = self.taken[0], self.taken[1:]
        self._again.extendleft(reversed(rest))
        self.done()
        return first


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    raw: bytes
    cells: list[str]
    end: int


def csv_records(
    found: Iterator[Line],
    where: str,
    known: Callable[[str], bool],
    require: Callable[[list[str]], object],
    header: Callable[[bytes], object],
) -> Iterator[Item]:
    """A record a row, its fields named by the header row.

    ``known`` says whether a column name means something, which settles the delimiter; ``require``
    gets the names, ``header`` the bytes of the header row. An empty file has no records. Raises
    BadData for a header that can't be read.
    """
    feed = _Feed(found)
    first = feed.peek()
    stated = first.startswith("sep=") and len(first.strip()) == 5
    if stated:  # spreadsheets write this line
        next(feed)
        feed.done()
    delimiter = first[4] if stated else _likely(first, known)
    rows = _rows(feed, delimiter)
    top = next(rows, None)
    if top is None:
        return
    if not isinstance(top, _Row):
        raise BadData(top.reason, where, top.line)
    names = _checked_names(top.cells, where)
    require(names)
    header(top.raw)
    for row in rows:
        if isinstance(row, Refusal):
            yield row
        elif len(row.cells) != len(names):
            reason = f"{len(row.cells)} cells where the header has {len(names)}"
            yield Refusal(row.line, row.raw, reason, row.end)
        else:
            yield Record(row.line, row.raw, dict(zip(names, row.cells, strict=True)), row.end)


def _likely(header: str, known: Callable[[str], bool]) -> str:
    """The delimiter that gives the most known names, else the most columns."""

    def columns(delimiter: str) -> tuple[int, int]:
        names = [name.strip(' "\r\n') for name in header.split(delimiter)]
        return sum(map(known, names)), len(names)

    return max(DELIMITERS, key=columns)


def _checked_names(cells: list[str], where: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    for name in names:
        if not name:
            raise BadData("a column of the header has no name", where, 1)
        if names.count(name) > 1:
            raise BadData(f"the column '{name}' is there twice", where, 1)
    return names


def _rows(feed: _Feed, delimiter: str) -> Iterator[_Row | Refusal]:
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_RunAway, csv.Error) as error:
            line = feed.back_to_second()
            yield Refusal(line.number, line.raw or b"", _why(error, line), line.end)
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
            continue
        taken = feed.taken
        feed.done()
        if any(map(str.strip, cells)):  # spreadsheets end in rows with nothing in them
            yield _row(taken, cells)


def _why(error: Exception, line: Line) -> str:
    if line.raw is None:
        return too_long_a_line()
    if isinstance(error, _RunAway) or "unexpected end" in str(error):
        return "a quote in it is never closed"
    return f"not CSV: {error}"


def _row(taken: list[Line], cells: list[str]) -> _Row | Refusal:
    raw = b"".join(line.raw or b"" for line in taken)
    first, end = taken[0].number, taken[-1].end
    try:
        raw.decode("utf-8")
        if b"\0" in raw:
            raise ValueError("a NUL character is in it")
    except UnicodeDecodeError as error:
        return Refusal(first, raw, f"not UTF-8 at byte {error.start + 1}", end)
    except ValueError as error:
        return Refusal(first, raw, str(error), end)
    return _Row(first, raw, cells, end)

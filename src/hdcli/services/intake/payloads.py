"""Payloads of JSON as they arrive: a line each, or one on many lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hdcli.errors import BadData
from hdcli.services.bulk.records import MAX_LINE, Line

_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[{}\[\]]', re.DOTALL)
_DEPTHS = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}
_GOES_ON = (b"{", b"[", b",", b":")


def payloads(batches: Iterable[list[Line]]) -> Iterator[list[tuple[int, Any]]]:
    """The number of its first line and the content of each; those that arrived together in one
    list. What is no JSON is a BadData in its place.

    An object may go on over many lines, until its last bracket is closed; one that begins a line
    where the one before can't go on ends that.
    """
    held: _Held | None = None
    for lines in batches:
        found: list[tuple[int, Any]] = []
        for line in lines:
            raw = line.raw if line.raw is not None else b"\0"
            if held and not held.goes_on and raw[:1] in (b"{", b"["):
                found.append(held.content())
                held = None
            if held is None and raw.strip():
                held = _Held(line.number)
            if held and held.is_whole_with(raw):
                found.append(held.content())
                held = None
        if found:
            yield found
    if held:
        yield [held.content()]


@dataclass
class _Held:
    """A payload as far as it has arrived: the number of its first line, and how many of its
    brackets are open."""

    number: int
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    depth: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether it ends where another value must follow."""
        return not self.parts or self.parts[-1].rstrip().endswith(_GOES_ON)

    def is_whole_with(self, raw: bytes) -> bool:
        """Whether another line is its last one."""
        self.parts.append(raw)
        self.size += len(raw)
        self.depth += sum(_DEPTHS.get(mark, 0) for mark in _MARKS.findall(raw))
        return self.depth <= 0 or self.size > MAX_LINE

    def content(self) -> tuple[int, Any]:
        """Its number and what it says."""
        try:
            return self.number, json.loads(b"".join(self.parts))
        except (ValueError, RecursionError):
            return self.number, BadData("this is no JSON")

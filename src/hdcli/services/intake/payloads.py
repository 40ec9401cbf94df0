"""Payloads of JSON as they arrive: a line each, or one on many lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from hdcli.errors import BadData
from hdcli.services.bulk.records import MAX_LINE, Line


def payloads(batches: Iterable[list[Line]]) -> Iterator[list[tuple[int, Any]]]:
    """The number of its first line and the content of each; those that arrived together in one
    list. What is no JSON is a BadData in its place.

    An object may go on over many lines; one that begins a line while another is not ended ends it.
    """
    held, first = b"", 0
    for lines in batches:
        found: list[tuple[int, Any]] = []
        for line in lines:
            raw = line.raw if line.raw is not None else b"\0"
            if held and raw[:1] in (b"{", b"["):
                alone = _value(raw)
                if not isinstance(alone, BadData):
                    found.append((first, _value(held)))
                    held = b""
            first = first if held else line.number
            held += raw
            if not held.strip():
                held = b""
            elif raw.strip()[-1:] in (b"}", b"]") or len(held) > MAX_LINE or not _opens(held):
                value = _value(held)
                if not isinstance(value, BadData) or len(held) > MAX_LINE or not _opens(held):
                    found.append((first, value))
                    held = b""
        if found:
            yield found
    if held:
        yield [(first, _value(held))]


def _opens(text: bytes) -> bool:
    return text.lstrip()[:1] in (b"{", b"[")


def _value(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return BadData("this is no JSON")

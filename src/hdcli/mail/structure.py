"""The tree of a message's parts, found by where they begin and end; nothing is copied or decoded.

The standard library's parser takes a message apart line by line, holds it five times in memory, and
goes as deep as a stranger likes. This looks for boundaries alone, so a part costs what its headers
cost. What is broken is read as it was meant: a boundary that nobody named, one that is used twice,
parts that follow the end, an end that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hdcli.mail import decoding, headers
from hdcli.mail.headers import Headers

MAX_DEPTH = 20
MAX_PARTS = 500
_MOST_LOOKS = 20_000
_UNNAMED = re.compile(rb"^--([^\s][^\r\n]{0,69}?)[ \t]*\r?$", re.MULTILINE)
_FEW = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message (or the whole): its headers, and where its body lies in ``data``."""

    data: bytes
    headers: Headers
    start: int
    body: int
    end: int
    type: str
    children: tuple[Part, ...] = ()

    @property
    def whole(self) -> bytes:
        """The part with its headers, as it came."""
        return self.data[self.start : self.end]

    @property
    def size(self) -> int:
        """Of the body as it came, in bytes."""
        return self.end - self.body

    def content(self, most: int | None = None) -> bytes:
        """The body without its transfer encoding; of about so many bytes of it."""
        end = self.end if most is None else min(self.end, self.body + most)
        raw = self.data[self.body : end]
        encoding = self.headers.encoding
        if encoding == "base64":
            return decoding.base64(raw) if decoding.is_base64(raw) else raw
        if encoding == "quoted-printable":
            import binascii

            return binascii.a2b_qp(raw)
        if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            return decoding.uuencoded(raw)
        return raw

    def walk(self) -> Iterator[Part]:
        """This part and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class _Left:
    """How many parts may still be taken out."""

    parts: int = MAX_PARTS
    looks: int = _MOST_LOOKS


def read(data: bytes) -> Part:
    """The tree of a message. What is nested too deep, or too much, is left in one piece."""
    if b"\n" not in data[:_FEW] and b"\r" in data[:_FEW]:
        data = data.replace(b"\r", b"\n")
    return _part(data, 0, len(data), "text/plain", 0, _Left())


def _part(data: bytes, start: int, end: int, default: str, depth: int, left: _Left) -> Part:
    left.parts -= 1
    found = headers.read(data, start, end)
    kind = found.type or default
    body = start + found.end
    children: tuple[Part, ...] = ()
    if depth < MAX_DEPTH:
        if kind.startswith("multipart/"):
            children = _split(data, body, end, kind, found, depth, left)
            kind = kind if children else "text/plain"  # nothing in it is a part
        elif kind in ("message/rfc822", "message/global") and _is_plain(found):
            children = (_part(data, body, end, "text/plain", depth + 1, left),)
    return Part(data, found, start, body, end, kind, children)


def _is_plain(found: Headers) -> bool:
    return found.encoding not in ("base64", "quoted-printable")


def _split(
    data: bytes, body: int, end: int, kind: str, found: Headers, depth: int, left: _Left
) -> tuple[Part, ...]:
    boundary = _boundary(data, body, end, found)
    if not boundary:
        return ()
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    return tuple(
        _part(data, first, last, default, depth + 1, left)
        for first, last in _pieces(data, body, end, boundary, left)
        if left.parts > 0
    )


def _boundary(data: bytes, body: int, end: int, found: Headers) -> bytes:
    """The boundary of a multipart; one that nobody named is told by its lines."""
    named = found.parameter("content-type", "boundary").rstrip()
    marked = named.encode("utf-8", "replace")
    if marked and data.find(b"--" + marked, body, end) >= 0:
        return marked
    start = data[body : min(end, body + _FEW)]
    seen: set[bytes] = set()
    for line in _UNNAMED.finditer(start):
        name = line[1].removesuffix(b"--")
        if name in seen or not start[: line.start()].strip():
            return name
        seen.add(name)
    return b""


def _pieces(
    data: bytes, body: int, end: int, boundary: bytes, left: _Left
) -> Iterator[tuple[int, int]]:
    """Where the parts between lines of a boundary begin and end."""
    begin: int | None = None
    for at, after, closes in _lines(data, body, end, boundary, left):
        if begin is not None:
            yield begin, max(begin, at)
        begin = None if closes else after
    if begin is not None and begin < end:
        yield begin, end  # it was cut off


def _lines(
    data: bytes, body: int, end: int, boundary: bytes, left: _Left
) -> Iterator[tuple[int, int, bool]]:
    """Each line of a boundary: where it and the line end before it begin, where it ends, and
    whether it is the last."""
    mark = b"--" + boundary
    at = body if data.startswith(mark, body, end) else data.find(b"\n" + mark, body, end) + 1
    while at > 0 and at >= body and left.looks > 0 and data.startswith(mark, at, end):
        left.looks -= 1
        line_end = data.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end
        rest = data[at + len(mark) : min(line_end, at + len(mark) + 200)].strip()
        if rest in (b"", b"--"):
            before = at - 1 if at > body else at
            before -= before > body and data[before - 1 : before] == b"\r"
            yield before, min(line_end + 1, end), rest == b"--"
        at = data.find(b"\n" + mark, max(line_end, at), end) + 1

"""JSON for scripts, and writing to a stream so that all of it arrives or the reader is gone."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

# JSON escapes C0 controls by itself; these may also act on a terminal or hide from a reader.
_ACTIVE = (
    "[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"
    "\U000e0000-\U000e00ff]"
)
_LONE_SURROGATE = "[\ud800-\udfff]"


FORMAT = 1
"""The version of the shapes that docs/json.md describes."""


def dumps(obj: object, indent: int | None = None) -> str:
    """``obj`` as JSON text with a line break at the end, keys in the order given.

    Text stays as it is, except that characters which act on a terminal are written as escapes
    (a reader of JSON gets them back) and lone surrogates, which are no text, become U+FFFD.
    Raises ValueError for NaN and infinities, TypeError for what JSON has no form for.
    """
    return raw(json.dumps(obj, ensure_ascii=False, allow_nan=False, indent=indent)) + "\n"


def raw(text: str) -> str:
    """JSON text that was made before, in the form that ``dumps`` gives its characters."""
    if text.isascii() and "\x7f" not in text:
        return text
    text = re.sub(_LONE_SURROGATE, "\ufffd", text)
    return re.sub(_ACTIVE, lambda match: _escape(match[0]), text)


def lines(objs: Iterable[object]) -> Iterator[str]:
    """One line of JSON for each of ``objs``, made when it is asked for."""
    return map(dumps, objs)


def raw_lines(texts: Iterable[str]) -> Iterator[str]:
    """The same for objects that are JSON text already."""
    return (raw(text) + "\n" for text in texts)


def listed(name: str, texts: Iterable[str]) -> Iterator[str]:
    """``{"format": 1, NAME: [...]}`` piece by piece, an item (JSON text) a line."""
    yield f'{{"format": {FORMAT}, {json.dumps(name)}: ['
    before = "\n"
    for text in texts:
        yield before + raw(text)
        before = ",\n"
    yield "\n]}\n" if before == ",\n" else "]}\n"


def emit(stream: TextIO, chunks: Iterable[str]) -> None:
    """Write ``chunks`` to ``stream`` and flush it.

    A reader that is slow gets everything. A reader that has gone (``| head``) ends the writing
    without an error: the stream then leads nowhere, so that closing it at exit is quiet too.
    Characters the stream's encoding lacks are written as JSON escapes.
    """
    with _blocking(stream):
        try:
            stream.writelines(_encodable(chunk, stream.encoding) for chunk in chunks)
            stream.flush()
        except BrokenPipeError:
            _lead_nowhere(stream)


def _lead_nowhere(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


@contextmanager
def _blocking(stream: TextIO) -> Iterator[None]:
    """A pipe set to non-blocking by the program at its other end would lose what does not fit."""
    try:
        fd = stream.fileno()
    except (OSError, ValueError):
        # Not a file: a StringIO, a test runner's capture.
        yield
        return
    was_blocking = os.get_blocking(fd)
    if not was_blocking:
        os.set_blocking(fd, True)
    try:
        yield
    finally:
        if not was_blocking:
            os.set_blocking(fd, False)


def _encodable(text: str, encoding: str | None) -> str:
    if text.isascii():
        return text
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return "".join(char if _has(encoding, char) else _escape(char) for char in text)
    return text


def _has(encoding: str | None, char: str) -> bool:
    try:
        char.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _escape(char: str) -> str:
    return json.dumps(char)[1:-1] if char != "\x7f" else "\\u007f"

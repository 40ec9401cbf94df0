"""A text changed in somebody's editor: opened again while it is wrong, and never lost."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from hdcli.app import App
from hdcli.errors import BadData, HdError, Refused, joined

T = TypeVar("T")
MARK = b"# hd: "
# An editor that is a program (EDITOR="sed -i ...") would be wrong for ever in the same way.
_OPENINGS_BY_PROGRAMS = 5


def revised(
    app: App,
    text: bytes,
    name: str,
    finish: Callable[[bytes], T],
    hints: Sequence[str] = (),
    suffix: str = ".yaml",
    kept: str = "your text is in {place}",
) -> T | None:
    """What ``finish`` makes of the text as somebody left it; None when they left it as it was.

    While that raises BadData the editor opens again with the reason on top; who leaves the text as
    it is then gets the error. With any error the text stays in a file, which the error names.
    ``name`` and ``hints`` tell people what they edit, ``suffix`` tells the editor, ``kept`` says
    where the text is then. No lock is held meanwhile.
    """
    place = _scratch(app, name, suffix)
    try:
        result = _attempt(app, place, text, finish, hints)
    except HdError as error:
        typed = _without_marks(place.read_bytes())
        if typed == text:
            place.unlink()
        else:
            place.write_bytes(typed)
            error.remedy = joined(error.remedy, kept.format(place=shlex.quote(str(place))))
        raise
    place.unlink()
    return result


def _attempt(
    app: App, place: Path, text: bytes, finish: Callable[[bytes], T], hints: Sequence[str]
) -> T | None:
    shown, wrong, openings = _head(hints) + text, None, 0
    place.write_bytes(shown)
    while True:
        _open(app, place)
        openings += 1
        written = place.read_bytes()
        if written == shown:
            if wrong is None:
                return None
            raise wrong
        text = _without_marks(written)
        if not text.strip():
            raise Refused("nothing was left of the text, so nothing was done")
        try:
            return finish(text)
        except BadData as error:
            if openings == _OPENINGS_BY_PROGRAMS and not sys.stdin.isatty():
                raise
            wrong, shown = error, _reasons(error) + text
            place.write_bytes(shown)


def _open(app: App, place: Path) -> None:
    try:
        click.edit(filename=str(place), editor=app.editor)
    except click.ClickException as error:
        raise Refused(error.message) from None


def _scratch(app: App, name: str, suffix: str) -> Path:
    folder = app.desk.place.repository.local
    folder.mkdir(exist_ok=True)
    descriptor, path = tempfile.mkstemp(suffix, f"{name}-", folder)
    os.close(descriptor)
    return Path(path)


def _head(lines: Sequence[str]) -> bytes:
    return b"".join(MARK + line.encode() + b"\n" for line in lines)


def _reasons(error: BadData) -> bytes:
    """What is wrong; the line is that of the file with these lines on top."""
    line = f"line {error.line + 2}: " if error.line else ""
    reason = " ".join(f"{line}{error.reason}".split())
    return _head([reason, "mend it, or leave all as it is to stop"])


def _without_marks(text: bytes) -> bytes:
    lines = text.splitlines(keepends=True)
    return b"".join(each for each in lines if not each.startswith(MARK))

"""Where messages lie: a Maildir, an mbox file; read a portion at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hdcli.errors import BadUsage
from hdcli.services.intake.letters import Source

MOST = 100
"""How many messages are taken in together."""
BYTES = 20_000_000
LONGEST = 200_000_000
_BEGIN = re.compile(rb"From \S+ .*\d{4}|From [^\n]{0,200}\d{4}\s*$")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_SEEN = ":2,S"


@dataclass(frozen=True, slots=True)
class Found:
    """A message where it lies; ``path`` is its file in a Maildir."""

    data: bytes
    source: Source
    path: Path | None = None


def maildir(folder: Path) -> Iterator[list[Found]]:
    """The new messages of a Maildir, the oldest first. Raises BadUsage."""
    new = folder / "new"
    if not new.is_dir() or not (folder / "cur").is_dir():
        raise BadUsage(f"{folder} is no Maildir", "one has folders new, cur and tmp")
    names = sorted(each.name for each in os.scandir(new) if not each.name.startswith("."))
    yield from _portions(filter(None, (_file(new / name) for name in names)))


def _portions(messages: Iterable[Found]) -> Iterator[list[Found]]:
    """As many together as are taken in at once."""
    portion: list[Found] = []
    size = 0
    for found in messages:
        if portion and (len(portion) >= MOST or size + len(found.data) > BYTES):
            yield portion
            portion, size = [], 0
        portion.append(found)
        size += len(found.data)
    if portion:
        yield portion


def _file(path: Path) -> Found | None:
    try:
        with path.open("rb") as file:
            arrived = int(os.fstat(file.fileno()).st_mtime)
            data = file.read(LONGEST + 1)
    except FileNotFoundError:
        return None  # another hd was faster
    except IsADirectoryError:
        return None
    except OSError as error:
        raise BadUsage(f"can't read {path}: {error.strerror}") from None
    if len(data) > LONGEST:
        raise BadUsage(f"{path} has more than {LONGEST // 1_000_000} MB", "move it away")
    return Found(data, Source(f"maildir {path.name.partition(':')[0]}", max(0, arrived)), path)


def done(portion: Iterable[Found]) -> None:
    """Lets go of messages of a Maildir: they are seen. Raises BadUsage."""
    for found in portion:
        if found.path is None:
            continue
        name = found.path.name.partition(":")[0]
        try:
            with suppress(FileNotFoundError):
                found.path.rename(found.path.parents[1] / "cur" / f"{name}{_SEEN}")
        except OSError as error:
            raise BadUsage(f"can't move {found.path}: {error.strerror}") from None


def mbox(file: BinaryIO, name: str, now: int) -> Iterator[list[Found]]:
    """The messages of an mbox file, as they stand; ``>From`` at a line's head loses its mark.

    Raises BadUsage for what is no mbox.
    """
    yield from _portions(_messages(file, name, now))


def _messages(file: BinaryIO, name: str, now: int) -> Iterator[Found]:
    lines: list[bytes] = []
    begin: bytes | None = None
    start = at = size = 0
    blank = True
    while line := file.readline(1 << 20):
        if blank and line.startswith(b"From ") and _BEGIN.match(line):
            if begin is not None:
                yield _whole(lines, begin, name, start, now)
            begin, start, lines, size = line, at, [], 0
        elif begin is None and line.strip():
            raise BadUsage(f"{name} is no mbox", "each message begins with a line 'From ...'")
        else:
            lines.append(line)
            size += len(line)
        at += len(line)
        blank = not line.strip(b"\r\n")
        if size > LONGEST:
            raise BadUsage(f"a message in {name} has more than {LONGEST // 1_000_000} MB")
    if begin is not None:
        yield _whole(lines, begin, name, start, now)


def _whole(lines: list[bytes], begin: bytes, name: str, start: int, now: int) -> Found:
    data = _QUOTED.sub(rb"\1", b"".join(lines))
    data = data.removesuffix(b"\n").removesuffix(b"\r")  # the empty line between messages
    return Found(data, Source(f"mbox {name} {start}", _date(begin, now)))


def _date(begin: bytes, now: int) -> int:
    """When a message came, by the line that begins it."""
    from email.utils import mktime_tz, parsedate_tz

    words = begin.decode("ascii", "replace").split(None, 2)
    try:
        found = parsedate_tz(words[2]) if len(words) > 2 else None
        return min(now, max(0, int(mktime_tz(found)))) if found else now
    except (ValueError, OverflowError, TypeError, IndexError):
        return now

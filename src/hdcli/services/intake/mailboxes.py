"""Where messages lie on the disk: a Maildir, an mbox file."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from hdcli.errors import BadUsage, Busy
from hdcli.services.intake.found import Found, held, portions
from hdcli.services.intake.letters import LONGEST, Source
from hdcli.store.lock import wait_seconds

# A time and a year: "From there, in 2019" in a text begins no message.
_BEGIN = re.compile(rb"From (?=[^\n]*\d:\d\d)(?=[^\n]*\d{4})")
_QUOTED = re.compile(rb">+From ")
_INFO = ":2,"
_SEEN = "S"
_NOT_NEW = frozenset("STD")  # seen, deleted, a draft
_PAUSE = 0.2
_LINE = 1 << 20


def maildir(folder: Path) -> Iterator[list[Found]]:
    """The messages of a Maildir that nobody has seen, the oldest first.

    Raises BadUsage for what is none, and at the end, for messages that can't be read.
    """
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise BadUsage(f"{folder} is no Maildir", "one has folders new, cur and tmp")
    failed: list[OSError] = []
    yield from portions(_unseen(folder, failed))
    if failed:
        said = f"can't read {failed[0].filename}: {failed[0].strerror}"
        raise BadUsage(said, f"so with {len(failed)} of the messages; all others are taken in")


def _unseen(folder: Path, failed: list[OSError]) -> Iterator[Found]:
    waiting = [
        each
        for part in ("new", "cur")
        for each in os.scandir(folder / part)
        if each.is_file(follow_symlinks=False)
        and not each.name.startswith(".")
        and not _NOT_NEW & set(each.name.partition(_INFO)[2])
    ]
    for each in sorted(waiting, key=lambda each: each.name):
        path = Path(each.path)
        try:
            with path.open("rb") as file:
                at = max(0, int(os.fstat(file.fileno()).st_mtime))
                found = held(file, Source(f"maildir {_plain(_stem(path))}", at), path)
        except FileNotFoundError:
            continue  # somebody else was faster
        except OSError as error:
            failed.append(error)
            continue
        yield found


def _plain(name: str) -> str:
    """The name of a file as text, whatever its bytes are."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _stem(path: Path) -> str:
    """The name of a file of a Maildir without its marks, which it keeps wherever it goes."""
    return path.name.partition(":")[0]


def done(portion: Iterable[Found]) -> None:
    """Lets go of messages of a Maildir: they are seen. Raises BadUsage."""
    for found in portion:
        if found.path is None:
            continue
        marks = "".join(sorted({*found.path.name.partition(_INFO)[2], _SEEN}))
        name = f"{_stem(found.path)}{_INFO}{marks}"
        try:
            with suppress(FileNotFoundError):
                found.path.rename(found.path.parents[1] / "cur" / name)
        except OSError as error:
            raise BadUsage(f"can't move {found.path}: {error.strerror}") from None


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """An mbox file while nobody writes to it. Raises Busy, OSError."""
    with path.open("rb") as file:
        deadline = time.monotonic() + wait_seconds()
        while path.is_file() and not _is_free(path, file):
            if time.monotonic() >= deadline:
                raise Busy(f"another program is writing to {path}", "try again")
            time.sleep(_PAUSE)
        yield file


def _is_free(path: Path, file: BinaryIO) -> bool:
    """Whether an mbox is ours to read; mail programs lock one in either way."""
    if path.with_name(f"{path.name}.lock").exists():
        return False
    try:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        pass  # a file system without locks
    return True


def mbox(file: BinaryIO, name: str, now: int) -> Iterator[list[Found]]:
    """The messages of an mbox file, as they stand; ``>From`` at a line's head loses its mark.

    What comes to the file meanwhile waits for the next time. Raises BadUsage for what is no mbox.
    """
    yield from portions(_messages(file, _plain(name), now))


def _messages(file: BinaryIO, name: str, now: int) -> Iterator[Found]:
    message: _Message | None = None
    for at, line, separate in _lines(file):
        if separate and _BEGIN.match(line):
            if message:
                yield message.found(now)
            message = _Message(line, f"mbox {name} {at}")
        elif message:
            message.add(line)
        elif line.strip():
            raise BadUsage(f"{name} is no mbox", "each message begins with a line 'From ...'")
    if message:
        yield message.found(now)


class _Message:
    """A message of an mbox, as its lines come; ``begin`` is the one before them."""

    def __init__(self, begin: bytes, source: str) -> None:
        self._begin = begin
        self._source = source
        self._sink = SpooledTemporaryFile(LONGEST)  # noqa: SIM115 - closed when it is found

    def add(self, line: bytes) -> None:
        self._sink.write(line.removeprefix(b">") if _QUOTED.match(line) else line)

    def found(self, now: int) -> Found:
        """The whole, without the empty line that parts it from the next."""
        with self._sink as sink:
            size = sink.tell()
            sink.seek(max(0, size - 2))
            end = sink.read()
            sink.truncate(size - len(end) + len(end.removesuffix(b"\n").removesuffix(b"\r")))
            sink.seek(0)
            return held(sink, Source(self._source, _date(self._begin, now)))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """The lines that a file has now: where each is, and whether it stands below an empty one."""
    at, end = 0, _end(file)
    separate = True
    while at < end and (line := file.readline(_LINE)):
        yield at, line, separate
        at += len(line)
        separate = not line.strip(b"\r\n")


def _end(file: BinaryIO) -> float:
    if not file.seekable():
        return inf
    here = file.tell()
    end = file.seek(0, os.SEEK_END) - here
    file.seek(here)
    return end


def _date(begin: bytes, now: int) -> int:
    """When a message came, by the line that begins it."""
    from email.utils import mktime_tz, parsedate_tz

    words = begin.decode("ascii", "replace").split(None, 2)
    try:
        found = parsedate_tz(words[2]) if len(words) > 2 else None
        return min(now, max(0, int(mktime_tz(found)))) if found else now
    except (ValueError, OverflowError, TypeError, IndexError):
        return now

"""Messages where they lie, before anybody reads them: a portion at a time, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

from hdcli.services.intake.letters import LONGEST, Source

_HEAD = 1_000_000
_MOST = 100
_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """A message where it lies; ``path`` is its file in a Maildir.

    Of one that is too long ``data`` is the beginning, and ``whole`` a file that has it all.
    """

    data: bytes
    source: Source
    path: Path | None = None
    whole: IO[bytes] | None = None


def held(file: IO[bytes], source: Source, path: Path | None = None) -> Found:
    """The message that can be read from a file, from where it is to its end. Raises OSError."""
    data = file.read(LONGEST + 1)
    if len(data) <= LONGEST:
        return Found(data, source, path)
    whole = TemporaryFile()  # noqa: SIM115 - closed when it is taken in
    whole.write(data)
    copyfileobj(file, whole)
    return Found(data[:_HEAD], source, path, whole)


def portions(messages: Iterable[Found]) -> Iterator[list[Found]]:
    """As many together as are taken in at once."""
    portion: list[Found] = []
    size = 0
    for found in messages:
        if portion and (len(portion) >= _MOST or size + len(found.data) > _BYTES):
            yield portion
            portion, size = [], 0
        portion.append(found)
        size += len(found.data)
    if portion:
        yield portion

"""What a write is about to do, on disk before it does it: the next command can finish it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

_MARK = b"hd\n"


@dataclass(frozen=True, slots=True)
class Intent:
    """The branch moves from commit ``old``; work tree and index still show ``old``."""

    branch: str
    old: str


def path(folder: Path) -> Path:
    """Where the journal of a desk is."""
    return folder / "journal"


def write(folder: Path, intent: Intent) -> None:
    """Records the intent, durably."""
    temporary = folder / "journal.new"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        os.write(descriptor, json.dumps({"branch": intent.branch, "old": intent.old}).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.replace(path(folder))


def read(folder: Path) -> Intent | None:
    """The intent of a write that did not end; None where there is none, or none legible."""
    try:
        data = json.loads(path(folder).read_bytes())
        return Intent(str(data["branch"]), str(data["old"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def clear(folder: Path) -> None:
    """Says that the write ended."""
    path(folder).unlink(missing_ok=True)


def hold_index(lock: Path) -> None:
    """Takes git's lock on the index, marked as ours. Raises FileExistsError."""
    descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        os.write(descriptor, _MARK)
    finally:
        os.close(descriptor)


def release_index(lock: Path) -> None:
    """Gives git's index lock back if it is ours; another's stays."""
    try:
        ours = lock.stat().st_size == len(_MARK) and lock.read_bytes() == _MARK
    except OSError:
        return
    if ours:
        lock.unlink(missing_ok=True)

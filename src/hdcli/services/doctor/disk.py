"""The disk that a desk is on: room, and what its file system can do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hdcli.model.checkup import Check, State
from hdcli.store import volume
from hdcli.store.volume import Volume

_UNITS = ("B", "kB", "MB", "GB", "TB")
_FULL, _LITTLE = 20 << 20, 500 << 20


def checks(folder: Path) -> Iterator[Check]:
    """Tries the file system of a folder."""
    found = volume.tried(folder)
    state: State = "ok" if found.free > _LITTLE or found.free < 0 else "warning"
    state = "problem" if 0 <= found.free < _FULL else state
    remedy = "" if state == "ok" else "make room: git gc, old files, another disk"
    free = size(found.free) if found.free >= 0 else "nobody knows how much"
    yield Check("disk", state, f"{free} free", remedy)
    if found.refused:
        message = f"nothing can be written to {folder}: {found.refused}"
        remedy = "reading works; look at the folder's owner and permissions, or the mount"
        yield Check("files", "problem", message, remedy)
        return
    lacks = list(_lacking(found))
    yield from lacks
    if not lacks:
        shared = ", shared between machines" if found.kind in volume.SHARED else ""
        yield Check("files", "ok", f"{found.kind or 'the file system'} has all it takes{shared}")


def _lacking(found: Volume) -> Iterator[Check]:
    name = found.kind or "this file system"
    if not found.locks:
        message = f"{name} has no locks: hd uses a file instead"
        yield Check("files", "warning", message, "write from one machine at a time")
    if not found.cases:
        message = f"{name} takes a-file and A-FILE for one"
        yield Check("files", "warning", message, "name articles and files so that they differ")
    if found.skew:
        ahead = "ahead of" if found.skew > 0 else "behind"
        message = f"the clock of the files is {abs(found.skew)} s {ahead} this machine's"
        yield Check("clock", "warning", message, "set both by the same time server")
    small = [
        word
        for word, lacks in (
            ("no hard links", not found.links),
            ("no symbolic links", not found.symlinks),
            ("times of whole seconds", found.coarse),
        )
        if lacks
    ]
    if small:
        yield Check("files", "ok", f"{name} has {' and '.join(small)}: hd does without")


def size(count: int) -> str:
    """A number of bytes as people read it."""
    step = min(len(_UNITS), (len(str(count)) + 2) // 3) - 1
    return f"{count / 1000**step:.{step // 2}f} {_UNITS[step]}"

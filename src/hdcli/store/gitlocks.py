"""Lock files of git's that a dead process left: found, judged with care, removed.

git's locks don't say whose they are. One is taken for left over when it is old, nobody has it open
and no git that could have made it lives; when in doubt, it stays.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hdcli.errors import HdError
from hdcli.store import follow, processes, volume
from hdcli.store.git import Repository
from hdcli.store.lock import is_dead, lock_unless_at_work

# So long no git needs between two signs of life in a file; an editor may be open for longer, but
# then its git is seen.
_YOUNG = 60.0
# git's own rule for the mark of a gc that runs on another machine.
_GC_ENDS = 12 * 3600.0
_FOLDERS = ("", "objects", "objects/info", "objects/info/commit-graphs", "objects/pack")
_TREES = ("refs", "logs")


@dataclass(frozen=True, slots=True)
class GitLock:
    """A lock file. ``doubt`` says why it may be a living process's; empty for one left over."""

    place: Path
    doubt: str
    judged: os.stat_result


def locks(repository: Repository) -> list[GitLock]:
    """Every lock file of git's in a repository; mostly none."""
    places = _candidates(repository)
    if not places or not repository.local.is_dir():
        return list(_Judge(repository, idle=True).judged(places)) if places else []
    try:
        with lock_unless_at_work(repository.local) as descriptor:
            return list(_Judge(repository, idle=descriptor is not None).judged(places))
    except HdError:  # the desk can't be written to: nor can its locks be removed
        return list(_Judge(repository, idle=False).judged(places))


def clear(repository: Repository) -> list[Path]:
    """Removes the locks that were left over, those that can be; says which. Raises NotADesk."""
    with lock_unless_at_work(repository.local) as descriptor:
        if descriptor is None:
            return []
        found = _Judge(repository, idle=True).judged(_candidates(repository))
        return [each.place for each in found if not each.doubt and _remove(each)]


def _remove(lock: GitLock) -> bool:
    """Whether a lock is gone now. One that is another by now stays."""
    aside = lock.place.with_name(f"{lock.place.name}.{os.getpid()}")
    try:
        lock.place.rename(aside)
        if _same(aside, lock.judged):
            aside.unlink()
            return True
        aside.rename(lock.place)
    except OSError:
        return False
    return False


def _same(place: Path, judged: os.stat_result) -> bool:
    found = place.lstat()
    return os.path.samestat(found, judged) and found.st_mtime_ns == judged.st_mtime_ns


def _candidates(repository: Repository) -> list[Path]:
    return sorted(set(_files(repository)))


def _files(repository: Repository) -> Iterator[Path]:
    common = repository.common_dir
    folders = [common / each for each in _FOLDERS]
    for folder in (repository.git_dir, *folders, *common.glob("worktrees/*")):
        yield from _in_folder(folder)
    for tree in _TREES:
        for folder_name, _, names in os.walk(common / tree):
            yield from (Path(folder_name, each) for each in names if each.endswith(".lock"))
    for name in ("packed-refs.new", "gc.pid"):
        if (common / name).exists():
            yield common / name


def _in_folder(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (folder / each for each in os.listdir(folder) if each.endswith(".lock"))


class _Judge:
    """Judges the locks of one repository; asks once who lives. ``idle``: no hd writes to it."""

    def __init__(self, repository: Repository, *, idle: bool) -> None:
        self._idle = idle
        self._shared = volume.is_shared(repository.common_dir)
        self._gits = processes.gits_at_work(repository)

    def judged(self, places: list[Path]) -> Iterator[GitLock]:
        for place in places:
            with suppress(OSError):
                found = place.lstat()
                yield GitLock(place, self._doubt(place, found), found)

    def _doubt(self, place: Path, found: os.stat_result) -> str:
        if place.name == "gc.pid":
            return _of_gc(place, found)
        if self._shared:
            return "another machine may hold it: this is a shared file system"
        if found.st_uid != os.geteuid() and os.geteuid() != 0:
            return "it is another user's"
        holders = processes.with_open(place)
        if holders:
            return f"process {holders[0]} has it open"
        if not self._idle:
            return "hd is at work here"
        if follow.is_ours(place):
            return ""  # hd holds it under the desk's lock alone, and that is free
        if self._gits:
            return f"git is at work here (process {self._gits[0]})"
        young = abs(time.time() - found.st_mtime) < _YOUNG
        return "it is less than a minute old" if young else ""


def _of_gc(place: Path, found: os.stat_result) -> str:
    try:
        process, host, *_ = [*place.read_text("utf-8", "replace").split(), "", ""]
    except OSError:
        return "it can't be read"
    if host == socket.gethostname() and process.isdecimal():
        return "" if is_dead(int(process)) else f"git gc is at work (process {process})"
    if time.time() - found.st_mtime > _GC_ENDS:
        return ""
    return f"git gc is at work on {host or 'some machine'}"

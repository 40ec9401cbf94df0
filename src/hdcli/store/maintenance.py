"""Housekeeping of git's objects: by git-maintenance(1), in the background, so that no write waits.

An everyday write leaves about five loose objects behind, an import a pack a batch. git's own
maintenance has a lock of its own, deletes nothing that is not stored elsewhere, and does not mind
other writers.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from hdcli.store import partial
from hdcli.store.git import Repository, environment

_TASKS = ("loose-objects", "incremental-repack", "pack-refs")
# With the filters that make `git log -- FILE` fast; git-maintenance's own task leaves them out.
GRAPH = ("commit-graph", "write", "--reachable", "--changed-paths", "--split", "--no-progress")
# As many in one of the 256 folders as `git gc --auto` takes for 6,700 in all.
_MANY_LOOSE = 27
_MANY_PACKS = 20
# git looks through so many without a graph in a tenth of a second, for `git log -- FILE`.
_MANY_COMMITS = 250
_PAUSE = 60.0


def after_write(repository: Repository) -> None:
    """Starts the housekeeping where it is due; never waits for it, never fails."""
    objects = repository.common_dir / "objects"
    if _count(objects / "17") > _MANY_LOOSE or _count(objects / "pack", ".pack") > _MANY_PACKS:
        start(repository)


def after_sync(repository: Repository, commits: int) -> None:
    """The same after so many commits of others came in, which the commit graph does not have."""
    if commits > _MANY_COMMITS:
        start(repository)


def start(repository: Repository) -> None:
    """The same, due or not; at most once a minute."""
    mark = repository.local / "maintained"
    with suppress(OSError):
        if mark.exists() and time.time() - mark.stat().st_mtime < _PAUSE:
            return
        mark.touch()
        # It would put what the host keeps, folders of files that are not here, among our own.
        left_out = ("incremental-repack",) if partial.is_partial(repository) else ()
        tasks = [f"--task={each}" for each in _TASKS if each not in left_out]
        _spawn(repository.git("maintenance", "run", "--quiet", *tasks))
        if not partial.lacks_trees(repository):
            _spawn(repository.git(*GRAPH))


def after_import(repository: Repository, keep: tuple[int, ...]) -> None:
    """What makes a desk quick at once when very much came in; the rest goes on behind.

    An index over all packs, and the files' times in git's index, without which ``git status`` reads
    every file. Under the desk's lock, whose descriptor is ``keep``. Never fails.
    """
    repository.attempt("multi-pack-index", "write", "--no-progress", keep=keep)
    if repository.work_tree is not None:
        repository.attempt("update-index", "-q", "--refresh", keep=keep)
    start(repository)


def _count(folder: Path, suffix: str = "") -> int:
    with suppress(OSError):
        return sum(name.endswith(suffix) for name in os.listdir(folder))
    return 0


def _spawn(command: list[str]) -> None:
    """Starts a process that nobody waits for, away from the terminal and its signals."""
    nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    os.posix_spawnp(command[0], command, environment(), file_actions=nowhere, setpgroup=0)

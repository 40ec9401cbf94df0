"""Living processes, as the system shows them: who has a file open, which git is at work here.

What can't be told counts as "somebody may be": a lock of a living process is never taken away.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hdcli.store.git import Repository

_PROC = Path("/proc")
# Among the arguments of every git that hd starts on a repository.
_OURS = "core.quotePath=false"


def started(process: int) -> str:
    """When a process began, in the system's own measure; empty when it can't be told.

    Numbers of processes are used again, the two together are not.
    """
    fields = _stat(process)
    return fields[19] if len(fields) > 19 else ""


def is_zombie(process: int) -> bool:
    """Whether it ended and nobody has fetched that yet."""
    return _stat(process)[:1] == ["Z"]


def with_open(place: Path) -> list[int]:
    """The other processes that have a file open, among those whose files can be seen."""
    try:
        wanted = place.stat()
    except OSError:
        return []
    return [
        process
        for process in _all()
        if process != os.getpid() and any(_is(each, wanted) for each in _open_files(process))
    ]


def gits_at_work(repository: Repository) -> list[int]:
    """The git processes that may be at work in a repository; without our own and their parents'.

    Where there is no /proc, all git processes of the system.
    """
    if not (_PROC / "self").exists():
        return _gits_by_ps()
    tops = {each.resolve() for each in (repository.git_dir, repository.common_dir)}
    if repository.work_tree is not None:
        tops.add(repository.work_tree.resolve())
    return [each for each in _all() if _is_git(each) and _may_touch(each, tops)]


def _all() -> list[int]:
    with suppress(OSError):
        return [int(name) for name in os.listdir(_PROC) if name.isdecimal()]
    return []


def _stat(process: int) -> list[str]:
    """The fields of proc(5)'s stat behind the name: state, parent, group ..."""
    with suppress(OSError):
        return (_PROC / str(process) / "stat").read_text("latin1").rpartition(")")[2].split()
    return []


def _is_git(process: int) -> bool:
    with suppress(OSError):
        name = (_PROC / str(process) / "comm").read_text("latin1").rstrip("\n")
        return name.startswith("git") and not is_zombie(process) and not _is_kin(process)
    return False


def _is_kin(process: int) -> bool:
    """Whether it is ours: a git that this process started, or the ``git hd`` that started it."""
    line = _words(process, "cmdline")
    if process == os.getppid():
        return "hd" in line
    seen = process if _OURS in line else 0
    while seen > 1:
        if seen == os.getpid():
            return True
        fields = _stat(seen)
        seen = int(fields[1]) if len(fields) > 1 else 0
    return False


def _may_touch(process: int, tops: set[Path]) -> bool:
    try:
        at = Path(os.readlink(_PROC / str(process) / "cwd"))
    except FileNotFoundError:
        return False  # it ended
    except OSError:
        return True  # another user's
    named = (_repository_of(word) for word in _all_words(process))
    places = [at, *((at / each).resolve() for each in named if each)]
    return any(each.is_relative_to(top) for each in places for top in tops)


def _all_words(process: int) -> Iterator[str]:
    for name in ("cmdline", "environ"):
        yield from _words(process, name)


def _repository_of(word: str) -> str:
    """The folder that a word of a command line or of the environment tells git to work in."""
    for start in ("--git-dir=", "--work-tree=", "GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE="):
        if word.startswith(start):
            return word.removeprefix(start)
    return word if word.startswith("/") else ""


def _words(process: int, name: str) -> list[str]:
    with suppress(OSError):
        data = (_PROC / str(process) / name).read_bytes()
        return [os.fsdecode(word) for word in data.split(b"\0") if word]
    return []


def _open_files(process: int) -> Iterator[Path]:
    with suppress(OSError):
        folder = _PROC / str(process) / "fd"
        yield from (folder / name for name in os.listdir(folder))


def _is(place: Path, wanted: os.stat_result) -> bool:
    with suppress(OSError):
        return os.path.samestat(place.stat(), wanted)
    return False


def _gits_by_ps() -> list[int]:
    try:
        done = subprocess.run(
            ["ps", "-A", "-o", "pid=,comm="], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return [0]  # nobody can tell
    rows = (line.split(None, 1) for line in done.stdout.splitlines() if line.strip())
    return [int(row[0]) for row in rows if os.path.basename(row[-1]).startswith("git")]

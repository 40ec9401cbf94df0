"""What the file system under a desk can do: tried out, not looked up."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Several machines may be at work there: a process that can't be seen may live on another.
SHARED = """
9p afs beegfs ceph cifs davfs drvfs fuse.glusterfs fuse.rclone fuse.s3fs fuse.sshfs gfs2 glusterfs
lustre nfs nfs4 ocfs2 prl_fs smb3 smbfs vboxsf virtiofs vmhgfs
""".split()  # noqa: SIM905
# A file's time and the clock are read one after the other.
_APART = 5.0


@dataclass(frozen=True, slots=True)
class Volume:
    """What was found out in a folder; ``refused`` is why nothing can be written, else empty.

    ``skew`` is how many seconds the file system's clock is ahead of this machine's, 0 where they
    agree; ``coarse`` that times of files are whole seconds or worse.
    """

    kind: str
    free: int
    refused: str = ""
    locks: bool = True
    links: bool = True
    symlinks: bool = True
    cases: bool = True
    coarse: bool = False
    skew: int = 0


def tried(folder: Path) -> Volume:
    """Tries the file system of a folder, in a folder of its own there that goes again."""
    free = _free(folder)
    try:
        with tempfile.TemporaryDirectory(prefix="trial-", dir=folder) as trial:
            return _tried(Path(trial), kind(folder), free)
    except OSError as error:
        return Volume(kind(folder), free, error.strerror or str(error))


def _tried(trial: Path, name: str, free: int) -> Volume:
    file = trial / "a-file"
    now = time.time()
    file.write_bytes(b"x" * 4096)
    found = file.stat()
    skew = found.st_mtime - now
    os.utime(file, ns=(0, 1_234_567_890_123_456_789))
    return Volume(
        name,
        free,
        locks=_can(lambda: _lock(file)),
        links=_can(lambda: os.link(file, trial / "link")),
        symlinks=_can(lambda: os.symlink("a-file", trial / "symlink")),
        cases=not (trial / "A-FILE").exists(),
        coarse=file.stat().st_mtime_ns % 1_000_000_000 == 0,
        skew=round(skew) if abs(skew) > _APART else 0,
    )


def _can(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _lock(file: Path) -> None:
    import fcntl

    with file.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return -1


def is_shared(folder: Path) -> bool:
    """Whether other machines may write there, too."""
    return kind(folder) in SHARED


def kind(folder: Path) -> str:
    """The kind of file system, as mount(8) names it; empty where the system does not say."""
    try:
        mounts = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return ""
    place = os.path.realpath(folder)
    found, best = "", -1
    for line in mounts:
        before, _, after = line.partition(b" - ")
        # Spaces and the like are octal there (proc(5)).
        top = before.split()[4].decode("unicode_escape").encode("latin1")
        point = os.fsdecode(top)
        inside = point == "/" or place == point or place.startswith(f"{point}/")
        if inside and len(point) >= best:
            found, best = after.split()[0].decode("ascii", "replace"), len(point)
    return found

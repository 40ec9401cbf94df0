"""A full disk: one clear line, nothing lost or half-written, and work again when there is room."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faulty import require_promises
from support import DeskFolder

PAGE = 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "hd-test", str(folder)]
    try:
        made = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        made = False
    if not made:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def require_told(ran: subprocess.CompletedProcess[bytes]) -> list[str]:
    """Done, or exit 1 with one line that is no defect's. Gives the ids that were acknowledged."""
    assert ran.returncode in (0, 1)
    assert ran.stderr.count(b"\n") == ran.returncode
    assert b"defect" not in ran.stderr
    assert b"no reason" not in ran.stderr
    return ran.stdout.decode().split()


def test_however_little_room_there_is_nothing_is_lost_or_half_written(
    small_disk: Path, make_desk: Callable[..., DeskFolder]
) -> None:
    desk = make_desk("disk/desk")
    acknowledged = [desk.new()]
    filler = small_disk / "filler"
    codes = []
    for pages in (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32):
        fill(filler)
        with filler.open("r+b") as file:
            file.truncate(filler.stat().st_size - pages * PAGE)
        ran = desk.process("new", f"With {pages} pages left", "-q")
        acknowledged += require_told(ran)
        codes.append(ran.returncode)
        assert desk.process("list").returncode == 0
        filler.unlink()
        require_promises(desk, acknowledged)
    assert (codes[0], codes[-1]) == (1, 0)
    assert desk.git("rev-list", "--count", "main") == str(2 + len(acknowledged))


def fill(filler: Path) -> None:
    """Writes until the disk is full."""
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(PAGE))
        except OSError:
            return


@pytest.mark.parametrize("limit", [0, 100, 250, 400, 900, 2 * PAGE])
def test_a_file_that_can_not_grow_is_told_of(a_desk: DeskFolder, limit: int) -> None:
    ticket = a_desk.new()
    a_desk.hd("escalate", ticket, "-m", "Beyond us")
    ran = subprocess.run(
        [sys.executable, "-m", "hdcli", "note", ticket, "-m", "x" * 3000, "-q"],
        cwd=a_desk.path,
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        check=False,
    )
    require_told(ran)
    require_promises(a_desk, [ticket])
    a_desk.hd("note", ticket, "-m", "There is room again")
    require_promises(a_desk, [ticket])

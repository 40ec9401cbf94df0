"""A desk that can't be written to is read all the same; a write is refused with one line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faulty import require_promises
from hdcli.errors import NotADesk
from support import DeskFolder

# The superuser, too, is bound by permissions without these.
_BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def bound(desk: DeskFolder, *args: str) -> subprocess.CompletedProcess[bytes]:
    """hd as a process that permissions bind."""
    root = os.geteuid() == 0
    return subprocess.run(
        [*(_BOUND if root else ()), sys.executable, "-m", "hdcli", *args],
        cwd=desk.path,
        capture_output=True,
        check=False,
    )


def set_writable(folder: Path, *, writable: bool) -> None:
    for place, _, names in os.walk(folder):
        for each in (place, *(os.path.join(place, name) for name in names)):
            mode = os.lstat(each).st_mode
            os.chmod(each, mode | 0o200 if writable else mode & ~0o222)


@pytest.fixture
def closed(a_desk: DeskFolder) -> Iterator[DeskFolder]:
    """A desk with one ticket, and no cache yet, that nobody may write to."""
    probe = subprocess.run([*_BOUND, "true"], capture_output=True, check=False)
    if os.geteuid() == 0 and probe.returncode:
        pytest.skip("permissions don't bind here")
    a_desk.new("Printer jams")
    set_writable(a_desk.path, writable=False)
    yield a_desk
    set_writable(a_desk.path, writable=True)


def test_it_is_listed_shown_and_summed_up(closed: DeskFolder) -> None:
    ticket = bound(closed, "list", "-q").stdout.decode().strip()
    for line in (["list"], ["show", ticket], ["show", ticket[3:6]], ["status"], ["log", ticket]):
        ran = bound(closed, *line)
        assert (ran.returncode, ran.stderr) == (0, b""), line
        assert b"Printer jams" in ran.stdout or line == ["status"]
    assert bound(closed, "fsck").stdout == b"1 file checked: nothing is wrong\n"
    assert b"nothing can be written" in bound(closed, "doctor").stdout


def test_a_cache_of_yesterday_does_not_keep_it_from_being_read(closed: DeskFolder) -> None:
    set_writable(closed.path, writable=True)
    closed.hd("list")
    folder = closed.path / ".git" / "hd"
    before = (folder / "cache.sqlite3").read_bytes()
    second = closed.new("Second")
    closed.hd("list")
    (folder / "cache.sqlite3").write_bytes(before)
    set_writable(closed.path, writable=False)
    ran = bound(closed, "list", "-q")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert second in ran.stdout.decode()


def test_a_write_is_refused_and_changes_nothing(closed: DeskFolder) -> None:
    ran = bound(closed, "new", "x")
    assert ran.returncode == NotADesk.exit_code
    assert b"can't write to this desk: Permission denied" in ran.stderr
    assert ran.stderr.count(b"\n") == 1
    set_writable(closed.path, writable=True)
    require_promises(closed, [])
    assert closed.git("rev-list", "--count", "main") == "3"


def test_a_work_tree_that_is_closed_alone_refuses_before_anything_happened(
    closed: DeskFolder,
) -> None:
    set_writable(closed.path / ".git", writable=True)
    ran = bound(closed, "new", "x")
    assert ran.returncode == NotADesk.exit_code
    assert b"Permission denied" in ran.stderr
    require_promises(closed, [])
    assert closed.git("rev-list", "--count", "main") == "3"

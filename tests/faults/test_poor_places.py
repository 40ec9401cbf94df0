"""File systems that lack what others have: locks, hard links."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from faulty import require_promises
from support import DeskFolder

# hd where flock and hard links are refused, each as the errno given says.
_POOR = """\
import errno, fcntl, os, signal, sys

def refused(name):
    def call(*args, **more):
        raise OSError(getattr(errno, name), os.strerror(getattr(errno, name)))
    return call

fcntl.flock, os.link = refused(sys.argv.pop(1)), refused(sys.argv.pop(1))
if sys.argv[1] == "die":
    from hdcli.store import lock
    with lock.lock(__import__("pathlib").Path(sys.argv[2])):
        os.kill(os.getpid(), signal.SIGKILL)
from hdcli.__main__ import main
main()
"""


def poor(desk: DeskFolder, *args: str, flock: str = "ENOLCK") -> subprocess.Popen[bytes]:
    line = [sys.executable, "-c", _POOR, flock, "EPERM", *args]
    return subprocess.Popen(
        line, cwd=desk.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
    )


@pytest.fixture
def held(a_desk: DeskFolder) -> Path:
    return a_desk.path / ".git" / "hd" / "lock.held"


def test_without_locks_and_links_writers_wait_for_each_other_all_the_same(
    a_desk: DeskFolder, held: Path
) -> None:
    codes = ("ENOLCK", "EOPNOTSUPP", "ENOSYS")
    writers = [poor(a_desk, "new", f"number {n}", "-q", flock=codes[n % 3]) for n in range(5)]
    said = [writer.communicate() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 5, said
    require_promises(a_desk, [out.decode().strip() for out, _ in said])
    assert not held.exists()


def test_a_dead_writer_s_file_is_taken_over(a_desk: DeskFolder, held: Path) -> None:
    first = poor(a_desk, "die", str(held.parent))
    first.communicate()
    assert first.returncode < 0
    assert held.exists()
    second = poor(a_desk, "new", "x", "-q")
    assert second.communicate()[1] == b""
    assert not held.exists()


@pytest.mark.parametrize("who", ["another-machine 1 1", "{host} {pid} {began}"])
def test_a_living_writer_s_file_and_another_machine_s_stay(
    a_desk: DeskFolder, held: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    import socket

    from hdcli.store import processes

    began = processes.started(os.getpid())
    held.write_text(who.format(host=socket.gethostname(), pid=os.getpid(), began=began))
    monkeypatch.setenv("HD_LOCK_TIMEOUT", "0.05")
    writer = poor(a_desk, "new", "x")
    assert b"another hd is writing to this desk" in writer.communicate()[1]
    assert writer.returncode == 6
    assert held.exists()


def test_a_lock_that_is_refused_for_another_reason_is_told(a_desk: DeskFolder) -> None:
    writer = poor(a_desk, "new", "x", flock="EIO")
    assert os.strerror(errno.EIO).encode() in writer.communicate()[1]
    assert writer.returncode == 1

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hdcli.errors import Busy, NotADesk
from hdcli.store import lock

# A process that holds the lock, and says so, until it is killed.
_HOLDER = """\
import subprocess, sys, time
from pathlib import Path
from hdcli.store.lock import lock
with lock(Path(sys.argv[1])) as descriptor:
    if sys.argv[2] != "0":
        subprocess.Popen(["sleep", sys.argv[2]], pass_fds=[descriptor])
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "hd"


def holder(folder: Path, child_sleeps: str = "0") -> subprocess.Popen[bytes]:
    """A process that holds the lock; its child inherits it and sleeps."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder), child_sleeps], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    process.stdout.close()
    return process


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 30), ("5", 5), ("0.5", 0.5), ("-1", 0), ("soon", 30), ("nan", 0)]
)
def test_the_wait_is_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, text: str, seconds: float
) -> None:
    monkeypatch.setenv("HD_LOCK_TIMEOUT", text)
    assert lock.wait_seconds() == seconds


def test_a_held_lock_is_waited_for_and_its_holder_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HD_LOCK_TIMEOUT", "0.02")
    with lock.lock(folder):
        named = pytest.raises(Busy, match=rf"\(process {os.getpid()}\)")
        with named, lock.lock(folder):
            pass
    with lock.lock(folder):
        pass


def test_whoever_did_not_sign_is_not_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HD_LOCK_TIMEOUT", "0")
    for garbage in (b"", b"x\n", b"9" * 40, "٣".encode()):
        with lock.lock(folder):
            (folder / "lock").write_bytes(garbage)
            with lock.lock_unless_at_work(folder) as descriptor:
                assert descriptor is None
            with pytest.raises(Busy), lock.lock(folder):
                pass


def test_a_killed_process_frees_it(folder: Path) -> None:
    process = holder(folder)
    with lock.lock_unless_at_work(folder) as descriptor:
        assert descriptor is None
    process.kill()
    process.wait()
    with lock.lock_unless_at_work(folder) as descriptor:
        assert descriptor is not None


def test_the_last_git_of_a_dead_writer_is_waited_for(folder: Path) -> None:
    process = holder(folder, child_sleeps="0.3")
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # leaves a zombie, which is as dead
    with lock.lock_unless_at_work(folder) as descriptor:
        assert descriptor is not None
    assert process.wait() == -signal.SIGKILL


def test_a_folder_that_can_not_be_made_is_no_desk(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADesk, match="can't write"), lock.lock(tmp_path / "file" / "hd"):
        pass

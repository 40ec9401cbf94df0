"""Ctrl-C, at a terminal: exit 130, one word, and the desk as if nothing, or all, had been done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from faulty import KillingGit, require_promises, start
from hdcli.cli import STOPPED
from hdcli.store.lock import lock
from support import DeskFolder


def test_waiting_for_the_lock_can_be_stopped(a_desk: DeskFolder) -> None:
    folder = a_desk.path / ".git" / "hd"
    with lock(folder):
        waiting = start(a_desk, "new", "x")
        while not has_open(waiting.pid, folder / "lock"):
            assert waiting.poll() is None
            time.sleep(0.01)
        waiting.send_signal(signal.SIGINT)
        out, err = waiting.communicate(timeout=30)
    assert (waiting.returncode, out, err) == (STOPPED, b"", b"hd: stopped\n")
    require_promises(a_desk, [])


def test_stopping_twice_is_stopping_once(a_desk: DeskFolder) -> None:
    folder = a_desk.path / ".git" / "hd"
    for _ in range(5):
        with lock(folder), start(a_desk, "new", "x") as waiting:
            while not has_open(waiting.pid, folder / "lock"):
                assert waiting.poll() is None
                time.sleep(0.01)
            waiting.send_signal(signal.SIGINT)
            assert waiting.stderr is not None
            assert waiting.stderr.readline() == b"hd: stopped\n"
            while waiting.poll() is None:
                waiting.send_signal(signal.SIGINT)
            assert (waiting.returncode, waiting.communicate()) == (STOPPED, (b"", b""))


# Ctrl-C while Python makes a class, as it does of named tuples: by exec().
_MET = """\
import sys

def met(event, details):
    if event == "subprocess.Popen":
        exec("import os, signal; os.kill(os.getpid(), signal.SIGINT)\\nwhile True: pass")

sys.addaudithook(met)
"""


def test_wherever_it_is_stopped_it_ends_by_its_own_code(a_desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_MET)
    ran = a_desk.process("new", "x", env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert (ran.returncode, ran.stdout, ran.stderr) == (STOPPED, b"", b"hd: stopped\n")


def has_open(process: int, file: Path) -> bool:
    try:
        names = os.listdir(f"/proc/{process}/fd")
        return any(os.path.realpath(f"/proc/{process}/fd/{each}") == str(file) for each in names)
    except FileNotFoundError:
        return False


def test_a_write_that_is_stopped_at_any_git_call_leaves_nothing_half_done(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    killing = KillingGit.make(tmp_path / "bin")
    for at in range(1, 99):
        ran = subprocess.run(
            [sys.executable, "-m", "hdcli", "new", f"Number {at}"],
            cwd=a_desk.path,
            capture_output=True,
            env={**os.environ, **killing.environment(at, "interrupt")},
            start_new_session=True,
            check=False,
        )
        assert a_desk.clean(), "without a further command"
        require_promises(a_desk, ran.stdout.decode().split())
        if len(killing.calls()) < at:
            assert ran.returncode == 0
            return
        assert (ran.returncode, ran.stdout, ran.stderr) == (STOPPED, b"", b"hd: stopped\n")

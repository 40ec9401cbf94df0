"""``kill -9`` while mail is sent: nothing arrives twice, and what may have arrived is said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable

import pytest

from mailserver import mail_server, sends
from support import DeskFolder

MAILS = 3


def run_in(desk: DeskFolder) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "hdcli", "notify", "run", "--json"],
        cwd=desk.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("moment", ["content", "acknowledged"])
def test_a_sender_that_is_killed_sends_nothing_twice(a_desk: DeskFolder, moment: str) -> None:
    """Killed while the server takes the content, which then counts or does not."""
    with mail_server() as server:
        desk = sends(a_desk, server)
        for number in range(MAILS):
            desk.new(f"Jam {number}", "-r", f"r{number}@example.com")
        killed: list[int] = []
        process = run_in(desk)

        def kill(content: bytes) -> None:
            if b"r1@" in content and not killed:
                killed.append(process.pid)
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                if moment == "content":
                    raise ConnectionResetError

        setattr(server, "taking" if moment == "content" else "taken", kill)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        done = json.loads(desk.process("notify", "run", "--json").stdout)
        assert [each["recipient"] for each in done["unknown"]] == ["r1@example.com"]
        assert [each["recipient"] for each in done["sent"]] == ["r2@example.com"]
        again = json.loads(desk.process("notify", "run", "--json").stdout)
        assert (again["unknown"], again["sent"]) == ([], [])
        arrived = Counter(to for to, _ in server.received)
        assert arrived == {
            "r0@example.com": 1,
            "r2@example.com": 1,
            **({"r1@example.com": 1} if moment == "acknowledged" else {}),
        }
        (left,) = json.loads(desk.hd("notify", "queue", "--json").out)["outbox"]
        assert left["state"] == "unknown"


@pytest.mark.parametrize("delay", [0.15, 0.3, 0.45])
def test_kills_at_any_time_lose_nothing_and_repeat_nothing(
    a_desk: DeskFolder, delay: float
) -> None:
    with mail_server() as server:
        desk = sends(a_desk, server)
        for number in range(MAILS):
            desk.new(f"Jam {number}", "-r", f"r{number}@example.com")
        process = run_in(desk)
        timer = threading.Timer(delay, _kill(process))
        timer.start()
        process.communicate(timeout=60)
        timer.cancel()
        desk.hd("notify", "run")
        waiting = json.loads(desk.hd("notify", "queue", "--json").out)["outbox"]
        unknown = {each["recipient"] for each in waiting if each["state"] == "unknown"}
        arrived = Counter(to for to, _ in server.received)
        assert all(count == 1 for count in arrived.values())
        wanted = {f"r{number}@example.com" for number in range(MAILS)}
        assert wanted - arrived.keys() <= unknown


def _kill(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    return lambda: os.kill(process.pid, signal.SIGKILL)


def test_two_senders_at_once_send_each_mail_once(a_desk: DeskFolder) -> None:
    with mail_server() as server:
        desk = sends(a_desk, server)
        for number in range(MAILS):
            desk.new(f"Jam {number}", "-r", f"r{number}@example.com")
        processes = [run_in(desk) for _ in range(2)]
        for process in processes:
            process.communicate(timeout=60)
            assert process.returncode == 0
        assert sorted(to for to, _ in server.received) == [
            f"r{number}@example.com" for number in range(MAILS)
        ]

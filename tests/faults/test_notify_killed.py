"""``kill -9`` while mail is sent: nothing arrives twice, and what may have arrived is said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter

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


# hd, killed at the Nth call of a function that sends or remembers.
_CALLS = """
import os, signal, sys
left = [int(sys.argv.pop(1))]
def profile(frame, event, _):
    if event == "call" and frame.f_code.co_filename.endswith(("smtplib.py", "store/outbox.py")):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
sys.setprofile(profile)
from hdcli.__main__ import main
main()
"""
# Every 23rd call; with 1 it is every one, and takes a minute and a half.
MOST_CALLS, STEP = 400, 23


def test_a_kill_at_any_call_loses_nothing_and_repeats_nothing(a_desk: DeskFolder) -> None:
    with mail_server() as server:
        desk = sends(a_desk, server)
        unknown: set[str] = set()
        wanted: set[str] = set()
        for at in range(1, MOST_CALLS, STEP):
            wanted.update(address := [f"r{at}-{n}@example.com" for n in range(2)])
            for each in address:
                desk.new(each, "-r", each)
            line = [sys.executable, "-c", _CALLS, str(at), "notify", "run"]
            killed = subprocess.run(line, cwd=desk.path, capture_output=True, check=False)
            unknown |= said_unknown(desk)
            arrived = Counter(to for to, _ in server.received)
            assert set(arrived.values()) <= {1}, at
            assert wanted - arrived.keys() <= unknown, at
            if killed.returncode == 0:
                break
        else:
            pytest.fail("more calls than two mails need")
        assert at > 5 * STEP


def said_unknown(desk: DeskFolder) -> set[str]:
    """Whom a further run tells that nobody knows whether they got their mail."""
    done = json.loads(desk.hd("notify", "run", "--json").out)
    return {each["recipient"] for each in done["unknown"]}


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

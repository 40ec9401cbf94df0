"""hd watch: a process, since it never ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import DeskFolder, run_hd


@contextmanager
def watching(desk: DeskFolder, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "hdcli", "watch", *options],
        cwd=desk.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        yield process
        process.kill()


def line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()


def test_each_change_is_a_line_as_it_happens_until_it_is_stopped(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("VPN drops", "--tag", "vpn")
    with watching(a_desk, "-n", "1") as process:
        assert b"new: VPN drops" in line(process)
        a_desk.hd("note", ticket, "-m", "one")
        assert b"note: one" in line(process)
        a_desk.hd("note", ticket, "-m", "two")
        assert b"note: two" in line(process)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130


def test_a_query_narrows_it_and_a_reader_that_leaves_ends_it(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new("VPN drops"), a_desk.new("x")
    with watching(a_desk, "-n", "3", "--json", "tag:vpn") as process:
        a_desk.hd("note", ticket, other, "-m", "not yet")
        a_desk.hd("tag", ticket, "+vpn")
        found = [json.loads(line(process)) for _ in range(1)]
        a_desk.hd("note", other, "-m", "no")
        a_desk.hd("note", ticket, "-m", "yes")
        while found[-1]["subject"] != f"{ticket}: note: yes":
            found.append(json.loads(line(process)))
        assert {each["ticket"] for each in found} == {ticket}
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == 0


def test_what_others_push_shows_when_it_is_synced_in_between(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    a_desk.git("clone", "-q", "--bare", ".", str(tmp_path / "hub.git"))
    for name in ("alice", "bob"):
        assert run_hd("clone", str(tmp_path / "hub.git"), str(tmp_path / name)).code == 0
    alice, bob = (DeskFolder(tmp_path / name) for name in ("alice", "bob"))
    bob.hd("new", "from afar", agent="bob")
    bob.hd("sync", agent="bob")
    with watching(alice, "--json", "--sync", "5") as process:
        assert json.loads(line(process))["agent"] == "bob"


def test_a_network_that_fails_is_told_and_no_end(a_desk: DeskFolder) -> None:
    a_desk.git("remote", "add", "origin", str(a_desk.path / "nowhere"))
    with watching(a_desk, "-n", "0", "--sync", "5") as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"hd: origin")
        ticket = a_desk.new()
        assert ticket.encode() in line(process)

"""What is acknowledged is on the disk, and not only on its way (git-config(1), core.fsync)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import DeskFolder


def flushed(trace: Path) -> dict[str, int]:
    """How often each git command made the disk keep what it wrote."""
    commands: dict[str, str] = {}
    flushes: dict[str, int] = {}
    for line in trace.read_text().splitlines():
        event = json.loads(line)
        if event["event"] == "cmd_name":
            commands[event["sid"]] = event["name"]
        elif event.get("key") == "fsync/hardware-flush":
            name = commands[event["sid"]]
            flushes[name] = flushes.get(name, 0) + int(event["value"])
    return flushes


def test_every_object_and_the_branches_are_flushed(
    a_desk: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_TEST_FSYNC")
    trace = tmp_path / "trace"
    a_desk.git("config", "core.fsync", "none")
    ran = a_desk.process("new", "x", env={"GIT_TRACE2_EVENT": str(trace)})
    assert ran.returncode == 0
    ticket = ran.stdout.decode().strip()
    made = a_desk.git("rev-list", "--objects", "main^..main").splitlines()
    found = flushed(trace)
    assert found["unpack-objects"] == len(made)
    assert found["update-ref"] == 1
    trace.unlink()
    a_desk.process("escalate", ticket, "-m", "x", env={"GIT_TRACE2_EVENT": str(trace)})
    assert flushed(trace)["update-ref"] == 2

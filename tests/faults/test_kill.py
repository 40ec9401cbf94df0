"""``kill -9`` at every step of a write: the next command finishes it, or it never began."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from faulty import KillingGit, killed_at_step, require_promises
from support import DeskFolder

MOST_STEPS = 99
FULL = bool(os.environ.get("HD_FULL"))
# What git only reads with: between two of them nothing changes that the next kill does not meet.
READING = ("rev-parse", "cat-file", "ls-tree", "for-each-ref", "var ", "version", "--get", "check-")
# The command, and whether the ticket that it is done to is on level 2.
LINES = {
    "new": (("new", "Printer jams", "-q"), False),
    "escalate": (("escalate", "ID", "-m", "Beyond us", "-q"), False),
    "resolve": (("resolve", "ID", "-m", "New switch", "-q"), True),
}
# "before" is "after" to a git that waits for no more words, and "instead" to one that does.
KILLS = [
    (command, how)
    for command in LINES
    for how in ("instead", "before", "after")
    if FULL or how != "before" or command == "new"
]


def line_for(desk: DeskFolder, command: str, acknowledged: list[str]) -> list[str]:
    """The command line, on a ticket made for it."""
    line, escalated = LINES[command]
    if "ID" not in line:
        return list(line)
    acknowledged.append(desk.new())
    if escalated:
        desk.hd("escalate", acknowledged[-1], "-m", "Beyond us")
        desk.git("pack-refs", "--all")  # to remove the level branch takes git more steps so
    return [acknowledged[-1] if each == "ID" else each for each in line]


@pytest.mark.parametrize(("command", "how"), KILLS)
def test_a_kill_at_any_git_call_keeps_every_promise(
    a_desk: DeskFolder, tmp_path: Path, command: str, how: str
) -> None:
    killing = KillingGit.make(tmp_path / "bin")
    acknowledged: list[str] = []
    for at in range(1, MOST_STEPS):
        line = line_for(a_desk, command, acknowledged)
        ran = a_desk.process(*line, env=killing.environment(at, how))
        acknowledged += ran.stdout.decode().split()
        require_promises(a_desk, acknowledged)
        if len(killing.calls()) < at:
            assert ran.returncode == 0
            return
        assert ran.returncode == -signal.SIGKILL
    pytest.fail("more git processes than a write needs")


@pytest.mark.parametrize("command", ["new", "resolve"])
def test_a_kill_before_any_change_to_the_disk_keeps_every_promise(
    a_desk: DeskFolder, command: str
) -> None:
    acknowledged: list[str] = []
    for step in range(1, MOST_STEPS):
        line = line_for(a_desk, command, acknowledged)
        ran = killed_at_step(step, a_desk, *line)
        acknowledged += ran.stdout.decode().split()
        require_promises(a_desk, acknowledged)
        if ran.returncode != -signal.SIGKILL:
            assert ran.returncode == 0, ran.stderr
            return
    pytest.fail("more steps than a write needs")


def test_a_kill_during_recovery_is_recovered_from(a_desk: DeskFolder, tmp_path: Path) -> None:
    killing = KillingGit.make(tmp_path / "bin")
    a_desk.process("new", "First", env=killing.environment(0, ""))
    moving = next(n for n, line in enumerate(killing.calls(), 1) if "update-ref" in line)
    ended = False
    for step in range(1, MOST_STEPS):
        a_desk.process("new", f"Number {step}", env=killing.environment(moving, "after"))
        assert not a_desk.clean()
        ran = killed_at_step(step, a_desk, "list")
        ended = ran.returncode == 0
        require_promises(a_desk, [])
        if ended:
            break
    assert ended
    assert a_desk.git("rev-list", "--count", "main") == str(step + 3)


def test_a_desk_whose_making_was_killed_is_made_by_doing_it_again(tmp_path: Path) -> None:
    killing = KillingGit.make(tmp_path / "bin")
    outside = DeskFolder(tmp_path)
    outside.process("init", "whole", env=killing.environment(0, ""))
    calls = killing.calls()
    assert (tmp_path / "whole" / "desk.yaml").exists()
    changing = [n for n, line in enumerate(calls, 1) if not any(each in line for each in READING)]
    assert changing
    for at in range(1, len(calls) + 1) if FULL else changing:
        desk = DeskFolder(tmp_path / f"desk{at}")
        ran = outside.process("init", str(desk.path), env=killing.environment(at, "before"))
        assert ran.returncode == -signal.SIGKILL
        desk.path.mkdir(exist_ok=True)
        desk.hd("init", str(desk.path))
        require_promises(desk, [desk.new()])

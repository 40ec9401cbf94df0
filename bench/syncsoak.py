"""Clones that sync under kills, and the proof that nothing is lost: ``python -m bench.syncsoak``.

Three clones of a hub that judges pushes; in each, writers run hd at random and every third command
is a sync. Half of the commands are killed at a moment that chance chooses, hd alone or with its
gits. Afterwards all sync, and every acknowledged ticket and note must be everywhere, once.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench import desks

_LONGEST = 2.0
_PATIENT = 120.0
# What a refusal may be: the ticket is at that level already, others pushed faster.
_EXPECTED = ("is at level", "pushed faster", "at work in this desk", "cannot lock ref")
_EMPTY = (
    ("git", "status", "--porcelain"),
    ("git", "fsck", "--no-progress", "--no-dangling"),
)


@dataclass
class SyncSoak:
    """The clones, and what their writers were told; it ends after ``kills`` kills."""

    clones: list[Path]
    kills: int
    draw: random.Random
    longest: float = _LONGEST
    killed: dict[str, int] = field(default_factory=lambda: {"sync": 0, "write": 0})
    failed: list[str] = field(default_factory=list)
    tickets: dict[Path, list[str]] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def write(self, clone: Path) -> None:
        """One writer in a clone."""
        while sum(self.killed.values()) < self.kills:
            self._one(clone)

    def _one(self, clone: Path) -> None:
        with self.guard:
            line = self._line(clone)
            hasty = self.draw.random() < 0.5
            patience = self.draw.uniform(0.02, self.longest) if hasty else _PATIENT
            whole_group = self.draw.random() < 0.5
        process = subprocess.Popen(
            (*desks.HD, *line),
            cwd=clone,
            env=desks.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            out, error = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                kill = os.killpg if whole_group else os.kill
                kill(process.pid, signal.SIGKILL)
            out, error = process.communicate()
        self._note(clone, line, process.returncode, (out.decode(), error.decode()))

    def _note(self, clone: Path, line: tuple[str, ...], code: int, said: tuple[str, str]) -> None:
        acknowledged = said[0].rpartition("\n")[0].split()
        with self.guard:
            if code == -signal.SIGKILL:
                self.killed["sync" if line[0] == "sync" else "write"] += 1
            elif code and not any(each in said[1] for each in _EXPECTED):
                self.failed.append(f"{' '.join(line)}: {said[1].strip()}")
            if line[0] == "new":
                self.tickets.setdefault(clone, []).extend(acknowledged)
            if line[0] == "note" and acknowledged:
                self.notes.append((acknowledged[0], line[3]))

    def _line(self, clone: Path) -> tuple[str, ...]:
        kind, known = self.draw.random(), self.tickets.get(clone, [])
        if kind < 0.35:
            return ("sync", "-q")
        if kind < 0.6 or not known:
            return ("new", f"Request {self.draw.randrange(10**6)}", "-q")
        ticket = self.draw.choice(known)
        if kind < 0.85:
            return ("note", ticket, "-m", f"Word {self.draw.randrange(10**9)}", "-q")
        return ("escalate" if kind < 0.93 else "deescalate", ticket, "-m", "As agreed", "-q")


def stage(folder: Path) -> list[Path]:
    """Three clones of a hub with hd's hook."""
    first = desks.empty_desk(folder / "one")
    hub = folder / "hub.git"
    desks.run(folder, "git", "clone", "-q", "--bare", str(first), str(hub))
    desks.hd(folder, "hub", "install", str(hub))
    desks.run(first, "git", "remote", "add", "origin", hub.as_uri())
    desks.run(first, "git", "push", "-qu", "origin", "main")
    for name in ("two", "three"):
        desks.run(folder, "git", "clone", "-q", hub.as_uri(), str(folder / name))
    return [first, folder / "two", folder / "three"]


def soak(
    clones: list[Path], kills: int, seed: int, writers: int = 2, longest: float = _LONGEST
) -> SyncSoak:
    """Runs the writers to their end, so many in each clone; ``longest`` is how long a command that
    will be killed lives at most, in seconds."""
    run = SyncSoak(clones, kills, random.Random(seed), longest)
    threads = [
        threading.Thread(target=run.write, args=(clone,))
        for clone in clones
        for _ in range(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return run


def broken_promises(run: SyncSoak) -> list[str]:
    """What does not hold once all have synced; empty when all is well."""
    for _ in range(2):
        for clone in run.clones:
            desks.hd(clone, "sync", "-q")
    found = []
    if len({desks.run(each, "git", "rev-parse", "main") for each in run.clones}) != 1:
        found.append("the clones differ")
    for clone in run.clones:
        texts = {each.stem: each.read_text() for each in clone.glob("tickets/*/*.yaml")}
        wanted = [each for some in run.tickets.values() for each in some]
        if lost := [each for each in wanted if each not in texts]:
            found.append(f"lost tickets: {', '.join(lost[:10])} ({len(lost)} in all)")
        notes = [word for ticket, word in run.notes if texts.get(ticket, "").count(word) != 1]
        if notes:
            found.append(f"notes lost or twice: {', '.join(notes[:10])} ({len(notes)} in all)")
        found += [
            f"git: {said[:500]}" for each in _EMPTY if (said := desks.run(clone, *each).strip())
        ]
        desks.hd(clone, "fsck")
    return found


def main() -> int:
    """The command line; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.syncsoak", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="hd-syncsoak-", ignore_cleanup_errors=True) as folder:
        run = soak(stage(Path(folder)), asked.kills, asked.seed)
        found = broken_promises(run)
    found += [f"refused: {each}" for each in run.failed[:10]]
    tickets = sum(map(len, run.tickets.values()))
    print(f"{run.killed['sync']:,} syncs and {run.killed['write']:,} writes killed")
    print(f"{tickets:,} tickets and {len(run.notes):,} notes acknowledged")
    print("\n".join(found) or "all there in every clone, once; all clean")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())

"""Writers under random kills, and then the proof that nothing was lost: ``python -m bench.soak``.

Every id that hd printed is written down and on the disk before its writer goes on. Afterwards each
must be on the desk, git and hd must find nothing wrong, the history must be one line, and the work
tree as committed.
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
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import desks

# A writer among eight on two processors needs about half of it.
_LONGEST = 1.5
_PATIENT = 60.0


@dataclass
class Soak:
    """A desk, and what its writers were told. Writers stop when there were ``kills`` kills."""

    desk: Path
    kills: int
    draw: random.Random
    longest: float = _LONGEST
    killed: int = 0
    failed: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def write(self, record: Path) -> None:
        """One writer: runs hd again and again, and kills it at a moment that chance chooses."""
        with record.open("a", encoding="ascii") as told:
            while self.killed < self.kills:
                said = self._run_one()
                told.writelines(f"{each}\n" for each in said)
                told.flush()
                os.fsync(told.fileno())

    def _run_one(self) -> list[str]:
        with self.guard:
            line = self._line()
            hasty = self.draw.random() < 0.7
            patience = self.draw.uniform(0.02, self.longest) if hasty else _PATIENT
        process = subprocess.Popen(
            (*desks.HD, *line),
            cwd=self.desk,
            env=desks.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            out, error = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            out, error = process.communicate()
        # What came through the pipe whole was acknowledged, whether or not hd lived on.
        said = out.decode().rpartition("\n")[0].split()
        with self.guard:
            self.killed += process.returncode == -signal.SIGKILL
            if process.returncode not in (0, -signal.SIGKILL):
                self.failed.append(f"{' '.join(line)}: {error.decode().strip()}")
            if line[0] == "new":
                self.acknowledged += said
        return said

    def _line(self) -> tuple[str, ...]:
        kind = self.draw.random()
        if kind < 0.6 or not self.acknowledged:
            return ("new", f"Request {self.draw.randrange(10**6)}", "-q")
        ticket = self.draw.choice(self.acknowledged)
        if kind < 0.8:
            return ("note", ticket, "-m", "Called again", "-q")
        return ("escalate" if kind < 0.9 else "deescalate", ticket, "-m", "As agreed", "-q")


def soak(
    desk: Path,
    writers: int,
    kills: int,
    seed: int,
    say: Callable[[str], object],
    longest: float = _LONGEST,
) -> Soak:
    """Runs the writers to their end; ``longest`` is how long one that will be killed lives at most,
    in seconds."""
    run = Soak(desk, kills, random.Random(seed), longest)
    threads = [
        threading.Thread(target=run.write, args=(desk.parent / f"acknowledged-{number}",))
        for number in range(writers)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        say(f"\r{run.killed:,} kills, {len(run.acknowledged):,} tickets")
    say("\n")
    return run


def broken_promises(desk: Path, acknowledged: list[str]) -> list[str]:
    """What does not hold after the next command; empty when all is well."""
    desks.hd(desk, "list", "--count")
    found = []
    there = {Path(each).stem for each in desks.run(desk, *_TICKETS).split()}
    if lost := [each for each in acknowledged if each not in there]:
        found.append(f"lost: {', '.join(lost[:10])} ({len(lost)} in all)")
    if len(set(acknowledged)) != len(acknowledged):
        found.append("an id was given twice")
    for what, command in _EMPTY.items():
        if said := desks.run(desk, *command).strip():
            found.append(f"{what}: {said[:500]}")
    desks.hd(desk, "fsck")
    return found


_TICKETS = ("git", "ls-tree", "-r", "--name-only", "main", "tickets/")
_EMPTY = {
    "git status is not clean": ("git", "status", "--porcelain"),
    "git fsck": ("git", "fsck", "--no-progress", "--no-dangling"),
    "a commit with two parents": ("git", "rev-list", "--min-parents=2", "main"),
}


def main() -> int:
    """The command line; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    with tempfile.TemporaryDirectory(prefix="hd-soak-", ignore_cleanup_errors=True) as folder:
        desk = desks.empty_desk(Path(folder) / "desk")
        run = soak(desk, asked.writers, asked.kills, asked.seed, _say)
        found = broken_promises(desk, run.acknowledged)
    unexpected = [each for each in run.failed if "is at level" not in each]
    found += [f"refused: {each}" for each in unexpected[:10]]
    print(f"{run.killed:,} kills, {len(run.acknowledged):,} acknowledged tickets")
    print("\n".join(found) or "all there, all clean")
    return bool(found)


def _say(text: str) -> None:
    sys.stdout.write(text if sys.stdout.isatty() else "")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

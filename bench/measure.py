"""Timing processes side by side: the floor and every command in turn, round after round."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

FLOOR = (sys.executable, "-c", "import click, tabulate, sqlite3")
_LOOK = 0.05


@dataclass(frozen=True)
class Sample:
    """One run: seconds by the clock, seconds of processors in all processes, megabytes at most.

    The megabytes are those of the largest single process.
    """

    wall: float
    cpu: float
    megabytes: float


@dataclass
class Series:
    """All runs of one command."""

    samples: list[Sample] = field(default_factory=list)

    def seconds(self, *, cpu: bool) -> list[float]:
        """The time of each run."""
        return [each.cpu if cpu else each.wall for each in self.samples]

    def median(self, *, cpu: bool) -> float:
        """The middle of the times."""
        return statistics.median(self.seconds(cpu=cpu))

    @property
    def megabytes(self) -> float:
        """The most that a run took."""
        return max(each.megabytes for each in self.samples)


def run(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Sample:
    """Runs a command to its end, its output thrown away. Exits when the command fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    error = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {error.decode()}")
    return Sample(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@dataclass(frozen=True)
class Work:
    """A command to time: ``line`` gives it for the n-th round, ``undo`` what to run after it."""

    line: Callable[[int], Sequence[str]]
    undo: Callable[[int], Sequence[str]] | None = None
    env: Mapping[str, str] = field(default_factory=dict)


def side_by_side(
    works: Mapping[str, Work], folder: Path, env: Mapping[str, str], rounds: int
) -> tuple[Series, dict[str, Series]]:
    """The floor and each work, once a round; the first round warms up and does not count."""
    floor, found = Series(), {name: Series() for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            base = run(FLOOR, folder, env)
            sample = run(work.line(number), folder, {**env, **work.env})
            if work.undo is not None:
                run(work.undo(number), folder, env)
            if number:
                floor.samples.append(base)
                found[name].samples.append(sample)
    return floor, found


class Watcher:
    """Looks again and again at the memory of this process's descendants, all of them together."""

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOK):
            self.megabytes = max(self.megabytes, sum(map(_shared_out, _descendants())) / 1024)


def _descendants() -> list[int]:
    parents: dict[int, int] = {}
    for each in os.listdir("/proc"):
        if each.isdecimal():
            try:
                stat = Path("/proc", each, "stat").read_text()
            except OSError:
                continue
            parents[int(each)] = int(stat.rpartition(")")[2].split()[1])
    found, grown = {os.getpid()}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return sorted(found - {os.getpid()})


def _shared_out(process: int) -> int:
    """Kilobytes of a process, what it shares with others counted in part (proc(5), Pss)."""
    try:
        text = Path("/proc", str(process), "smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))

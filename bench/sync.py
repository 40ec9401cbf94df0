"""How fast clones and their hub exchange work: ``python -m bench.sync --help``.

hd and git alone do the same in turn, upon the same repositories put back before each run, so that
figures are ratios. git has none of hd's settings and merges tickets as texts, one side favoured
(``-X ours``): that starts no driver. The result is of no use, but it has touched the same files.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import desks, replay, texts
from bench.measure import FLOOR, Series, Watcher, run

_FETCH = "git fetch -q origin"
_PUSH = "git push -q origin main"
# Nothing of what hd sets up in a clone: graphs are not written, tickets are texts.
_PLAIN = {"fetch.writeCommitGraph": "false"}
# A host that answers after as long as an ssh in the same town takes to be let in.
_FAR = {"url.far:.insteadOf": "file://"}
_CONNECTING = {
    "GIT_SSH_COMMAND": """f() { sleep 0.15; eval "$2"; }; f""",
    "GIT_SSH_VARIANT": "simple",
}
_AS_TEXT = "*.yaml merge=text\n"


@dataclass(frozen=True)
class Case:
    """hd and git do the same upon a ``state``; ``bound`` is the most that hd may take of git's."""

    state: str
    hd: str
    git: str
    bound: float | None = None
    config: Mapping[str, str] = field(default_factory=dict)


CASES = {
    "nothing new": Case("even", "sync", _FETCH),
    "nothing new, 0.15 s away": Case("even", "sync", _FETCH, 2.0, _FAR),
    "others' commits alone": Case("behind", "sync", f"{_FETCH} && git merge -q --ff-only @{{u}}"),
    "own commits alone": Case("ahead", "sync", f"{_FETCH} && {_PUSH}"),
    "both": Case(
        "apart", "sync", f"{_FETCH} && git merge -q -X ours -m merged @{{u}} && {_PUSH}", 3.0
    ),
}


@dataclass(frozen=True)
class Stage:
    """A hub and a clone in a folder, and copies of both in the states that runs begin with."""

    folder: Path

    @property
    def clone(self) -> Path:
        """alice's."""
        return self.folder / "clone"

    @property
    def hub(self) -> Path:
        """Bare, without hd's hook."""
        return self.folder / "hub.git"

    def clones(self, source: Path) -> str:
        """Makes hub and clone; how long ``hd clone`` took, and ``git clone``, as a row."""
        desks.run(self.folder, "git", "clone", "-q", "--bare", str(source), str(self.hub))
        url, env = self.hub.as_uri(), desks.environment()
        plain = run(("git", "clone", "-q", url, "git"), self.folder, env)
        shutil.rmtree(self.folder / "git")
        with Watcher() as watcher:
            ours = run((*desks.HD, "clone", url, "clone"), self.folder, env)
        # In the background otherwise, and done long before the first sync of a day.
        graph = ("git", "commit-graph", "write", "--reachable", "--changed-paths", "--no-progress")
        desks.run(self.clone, *graph)
        ratio = ours.wall / plain.wall
        return (
            f"| hd clone, cache and index built | {ours.wall:.1f} | {plain.wall:.1f} | {ratio:.2f} "
            f"| {ours.cpu / plain.cpu:.2f} | | {watcher.megabytes:.0f} in all |"
        )

    def histories(self, commits: int) -> None:
        """So many commits on either side; half of the tickets of each are the other's, too."""
        half = commits // 2
        closed = desks.hd(self.clone, "list", "--all", "-q", "status:closed", "level:1").split()
        opened = desks.hd(self.clone, "list", "-q", "status:open", "level:1").split()
        few = min(len(opened) // 2, commits // 20)
        mine, theirs = opened[:few], opened[few : 2 * few]
        spread = closed[:: max(1, len(closed) // (half * 3))]
        both, rest = spread[:half], spread[half:]
        alone = commits - half - few
        desks.hd(self.clone, "sync")
        self._keep("even")
        work(self.clone, "alice", both + rest[:alone], mine)
        self._keep("ahead")
        self.put_back("even")
        work(self.hub, "bob", both + rest[alone : 2 * alone], theirs)
        self._keep("behind")
        work(self.clone, "alice", both + rest[:alone], mine)
        self._keep("apart")

    def _keep(self, state: str) -> None:
        for each in (self.clone / ".git", self.hub):
            _copy(each, self.folder / state / each.name)

    def put_back(self, state: str) -> None:
        """Repositories and work tree as they were."""
        for each in (self.clone / ".git", self.hub):
            shutil.rmtree(each)
            _copy(self.folder / state / each.name, each)
        desks.run(self.clone, "git", "reset", "-q", "--hard")
        (self.clone / ".git/hd/maintained").touch()  # or the housekeeping would run beside it

    def timed(self, case: Case, *, by_hd: bool) -> tuple[Sequence[str], dict[str, str]]:
        """Puts the stage back for a case; the command line of one side, and its environment."""
        self.put_back(case.state)
        env = desks.environment() | _CONNECTING
        if by_hd:
            return (*desks.HD, case.hd), env | _configured(case.config)
        (self.clone / ".git/info/attributes").write_text(_AS_TEXT)
        return ("sh", "-c", case.git), env | _configured({**case.config, **_PLAIN})


def _configured(values: Mapping[str, str]) -> dict[str, str]:
    """The variables that configure git (git-config(1))."""
    found = {"GIT_CONFIG_COUNT": str(len(values))}
    for number, (name, value) in enumerate(values.items()):
        found |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _copy(source: Path, target: Path) -> None:
    """A repository once more: objects are linked, for git never changes one in place."""

    def copied(one: str, other: str) -> None:
        if "/objects/" in one:
            os.link(one, other)
        else:
            shutil.copy2(one, other)

    shutil.copytree(source, target, copy_function=copied)


def work(desk: Path, agent: str, tickets: Sequence[str], opened: Sequence[str]) -> None:
    """A commit on each ticket by an agent: notes and tags; ``opened`` are escalated."""
    hd = (*desks.HD, "--desk", str(desk))
    for number in range(10):
        chosen = ",".join(tickets[number::10])
        line: tuple[str, ...] = ("note", chosen, "-m", f"{agent} called, attempt {number}")
        if number > 7:
            line = ("tag", chosen, f"+{agent}-{number}", "-q")
        desks.run(desk, *hd, *line, "--as", agent, "-q")
    if opened:
        line = ("escalate", ",".join(opened), "--team", "network", "-m", "Too deep")
        desks.run(desk, *hd, *line, "--as", agent, "-q")


def compared(stage: Stage, case: Case, rounds: int) -> tuple[Series, Series]:
    """hd's runs and git's, in turn; the first of each warms up and does not count."""
    ours, theirs = Series(), Series()
    for number in range(rounds + 1):
        for series, by_hd in ((ours, True), (theirs, False)):
            line, env = stage.timed(case, by_hd=by_hd)
            sample = run(line, stage.clone, env)
            if number:
                series.samples.append(sample)
    return ours, theirs


def main() -> int:
    """The command line; 1 when a bound is missed."""
    asked = _arguments()
    asked.cache.mkdir(parents=True, exist_ok=True)
    source = replay.built(asked.cache, asked.size)
    count = desks.run(source, "git", "rev-list", "--count", "main").strip()
    print(f"{asked.size:,} tickets of {texts.source()}, {int(count):,} commits; ")
    missed = 0
    with tempfile.TemporaryDirectory(dir=asked.cache, ignore_cleanup_errors=True) as folder:
        stage = Stage(Path(folder))
        cloned = stage.clones(source)
        stage.histories(asked.commits)
        floor = Series([run(FLOOR, stage.clone, desks.environment()) for _ in range(5)])
        print(f"{asked.commits:,} commits on each side; floor {floor.median(cpu=False):.3f} s")
        heads = ("sync", "hd, s", "git, s", "ratio", "of processors", "at most", "MB")
        print(f"| {' | '.join(heads)} |\n" + "| --- " * len(heads) + "|")
        for name, case in CASES.items():
            ours, theirs = compared(stage, case, asked.rounds)
            ratio = ours.median(cpu=False) / theirs.median(cpu=False)
            missed += case.bound is not None and ratio > case.bound
            print(_row(name, case, ours, theirs), flush=True)
        print(cloned)
    return bool(missed)


def _row(name: str, case: Case, ours: Series, theirs: Series) -> str:
    cells = [_spread(ours), _spread(theirs)]
    cells += [f"{ours.median(cpu=cpu) / theirs.median(cpu=cpu):.2f}" for cpu in (False, True)]
    cells += [f"{case.bound or ''}", f"{ours.megabytes:.0f}"]
    return f"| {name} | {' | '.join(cells)} |"


def _spread(series: Series) -> str:
    found = series.seconds(cpu=False)
    return f"{series.median(cpu=False):.2f} ({min(found):.2f}–{max(found):.2f})"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.sync", description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="tickets of the desk")
    parser.add_argument("--commits", type=int, default=1000, help="on each side")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each")
    parser.add_argument("--cache", type=Path, default=desks.cache_folder(), help="where desks are")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

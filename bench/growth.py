"""What grows with a desk, and how fast: ``python -m bench.growth --help``.

Commands in times the floor, as in ``python -m bench``, on desks that have their whole past; what
such a desk takes on the disk; and how each grows when the tickets are ten times as many.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from bench import desks, replay, texts
from bench.measure import side_by_side
from bench.rows import ROWS

_TIMED = ("list", "show", "log", "search", "complete", "status", "new", "assign")


def commands(desk: desks.BuiltDesk, rounds: int, *, cpu: bool) -> dict[str, float]:
    """Medians of commands in times the floor; the memory of the largest process in MB."""
    works = {name: ROWS[name].work(desk) for name in _TIMED}
    floor, found = side_by_side(works, desk.path, desks.environment(), rounds)
    base = floor.median(cpu=cpu)
    told = {f"hd {name}, floors": each.median(cpu=cpu) / base for name, each in found.items()}
    return told | {"largest process, MB": max(each.megabytes for each in found.values())}


def weights(desk: Path) -> dict[str, float]:
    """What lies on the disk, in MB, and how much there is to count."""
    git = desk / ".git"
    lines = {
        "commits, thousands": ("git", "rev-list", "--count", "main"),
        "level branches, thousands": ("sh", "-c", "git branch --list 'l*/*' | wc -l"),
    }
    counts = {name: int(desks.run(desk, *line)) / 1000 for name, line in lines.items()}
    return counts | {
        "objects, MB": _size(git / "objects"),
        "git's index, MB": _size(git / "index"),
        "cache, MB": _size(git / "hd" / "cache.sqlite3"),
        "search index, MB": _size(git / "hd" / "index"),
        "work tree, MB": _size(desk / "tickets"),
    }


def _size(place: Path) -> float:
    """Megabytes of disk blocks, as du(1) counts them."""
    files = [place, *place.rglob("*")] if place.is_dir() else [place]
    return sum(each.lstat().st_blocks for each in files) / 2048


def built(folder: Path, size: int) -> desks.BuiltDesk:
    """The desk of that size with its past, and tickets on it to work on."""
    path = replay.built(folder, size)
    query = ("list", "-q", "status:new,open", "level:1", "assignee:alice", "--limit", "200")
    return desks.BuiltDesk(path, size, desks.hd(path, *query).split())


def table(sizes: Sequence[int], columns: Sequence[dict[str, float]]) -> str:
    """A row a figure; the last column is the exponent: 0 where nothing grows, 1 as tickets do."""
    heads = ["", *(f"{size:,}" for size in sizes), "slope"]
    lines = [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    for name in columns[0]:
        values = [each[name] for each in columns]
        slope = "" if not all(values) else f"{_slope(sizes, values):.2f}"
        cells = [f"{value:.3g}" for value in values]
        lines.append(f"| {name} | {' | '.join(cells)} | {slope} |")
    return "\n".join(lines)


def _slope(sizes: Sequence[int], values: Sequence[float]) -> float:
    """The exponent between the last two sizes."""
    return math.log(values[-1] / values[-2]) / math.log(sizes[-1] / sizes[-2])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="tickets, as in 1000,10000")
    parser.add_argument("--rounds", type=int, default=9, help="runs of each command")
    parser.add_argument("--cpu", action="store_true", help="count processor time, not the clock")
    parser.add_argument("--cache", type=Path, default=desks.cache_folder(), help="where desks are")
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    sizes = [int(each) for each in asked.sizes.split(",")]
    print(f"texts of {texts.source()}")
    columns = []
    for size in sizes:
        desk = built(asked.cache, size)
        timed = commands(desk, asked.rounds, cpu=asked.cpu)
        columns.append(timed | weights(desk.path))
    print(table(sizes, columns))


if __name__ == "__main__":
    main()

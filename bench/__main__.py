"""Builds desks and prints the table of speeds: ``python -m bench --help``."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import bulk, desks, texts
from bench.measure import Series, side_by_side
from bench.rows import RATIO, ROWS

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """The command line."""
    asked = _arguments()
    folder: Path = asked.cache
    if asked.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"texts of {texts.source()}; desks in {folder}; {os.cpu_count()} processors")
    rows = [name for name in ROWS if name in asked.rows]
    tables: dict[int, tuple[Series, dict[str, Series]]] = {}
    for size in asked.sizes if rows else ():
        desk = desks.built(folder, size)
        works = {name: ROWS[name].work(desk) for name in rows}
        tables[size] = side_by_side(works, desk.path, desks.environment(), asked.rounds)
    if rows:
        _print_table(tables, rows, cpu=asked.cpu)
    if "cold" in asked.rows:
        for size in asked.sizes:
            print(bulk.cold(desks.built(folder, size)))
    if "import" in asked.rows:
        for size in asked.sizes:
            print(bulk.intake(folder, size))


def _arguments() -> argparse.Namespace:
    names = (*ROWS, "cold", "import")
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=_numbers, default=SIZES, help="as in 1000,10000")
    parser.add_argument("--rows", type=_names(names), default=names, help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=15, help="runs of each command")
    parser.add_argument("--cpu", action="store_true", help="count processor time, not the clock")
    parser.add_argument("--cache", type=Path, default=desks.cache_folder(), help="where desks are")
    parser.add_argument("--fresh", action="store_true", help="build the desks anew")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


class _names:  # noqa: N801 - argparse shows its name as the kind of value
    def __init__(self, known: Sequence[str]) -> None:
        self._known = known

    def __call__(self, text: str) -> list[str]:
        found = text.split(",")
        if unknown := [each for each in found if each not in self._known]:
            raise argparse.ArgumentTypeError(f"no row {', '.join(unknown)}")
        return found


def _print_table(
    tables: Mapping[int, tuple[Series, dict[str, Series]]], rows: Sequence[str], *, cpu: bool
) -> None:
    sizes = list(tables)
    for size, (floor, _) in tables.items():
        print(f"floor at {size:,}: {_spread(floor, cpu=cpu)} ms")
    heads = ["times the floor", "at most", *(f"{size:,}" for size in sizes), "ratio", "MB"]
    print(" | ".join(["| " + heads[0], *heads[1:]]) + " |")
    print("| --- " * len(heads) + "|")
    for name in rows:
        row = ROWS[name]
        medians = [tables[size][1][name].median(cpu=cpu) for size in sizes]
        cells = [_times(*tables[size], name, cpu=cpu) for size in sizes]
        ratio = medians[-1] / medians[0]
        most = max(tables[size][1][name].megabytes for size in sizes)
        print(f"| {name} | {row.limit or ''} | {' | '.join(cells)} | {ratio:.2f} | {most:.0f} |")
    print(f"ratio: {sizes[-1]:,} to {sizes[0]:,} tickets, at most {RATIO}; brackets: least–most")


def _times(floor: Series, all_series: Mapping[str, Series], name: str, *, cpu: bool) -> str:
    base, found = floor.median(cpu=cpu), all_series[name]
    seconds = found.seconds(cpu=cpu)
    return (
        f"{found.median(cpu=cpu) / base:.2f} ({min(seconds) / base:.2f}–{max(seconds) / base:.2f})"
    )


def _spread(series: Series, *, cpu: bool) -> str:
    seconds = [1000 * each for each in series.seconds(cpu=cpu)]
    return f"{1000 * series.median(cpu=cpu):.0f} ({min(seconds):.0f}–{max(seconds):.0f})"


if __name__ == "__main__":
    main()

"""Hostile and honest pushes against a hub: ``python -m bench.hostile``.

Each is made in a fresh copy of a clone and pushed over git's own protocol to a fresh copy of the
hub. A hostile one has to be refused, with commit, file and the right reason; an honest one taken.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.hubfiles import files
from bench.hubforgeries import Case, at_random, forgeries
from bench.hubhonest import ALL, founding, honest
from bench.hubpeople import branches, people
from bench.hubstage import Field, copied, staged

Refs = tuple[str, ...]
Trial = tuple[str, Field, Case, Refs]


def trials(led: Field, free: Field, seed: int, count: int) -> Iterator[Trial]:
    """Every push: its kind, the stage it starts from, what is done, the refs that are pushed.

    ``led`` has a lead, ``free`` has none.
    """
    for case in forgeries():
        yield "forged logs", led, case, ()
    for case in files():
        yield "files", led, case, ()
    for case in people():
        yield "people", led, case, ()
    for case, refs in branches():
        yield "branches", led, case, refs
    for case in at_random(seed, count):
        yield "random", led, case, ()
    for case in honest():
        yield "honest", led, case, ALL
    for case in founding():
        yield "no lead yet", free, case, ()


def tried(trial: Trial, folder: Path) -> tuple[bool, str]:
    """Makes one push; whether it was refused, and what went otherwise than it has to."""
    _, stage, case, refs = trial
    field = copied(stage, folder)
    found = case.act(field)
    reason = str(found) if case.reason == "?" else case.reason
    named = [f":refs/heads/l2/{field.ids['up']}" if ref == "UP" else ref for ref in refs]
    answer = field.push(*named)
    shutil.rmtree(folder, ignore_errors=True)
    if not reason:
        return not answer.accepted, "" if answer.accepted else f"refused: {answer.said}"
    if answer.accepted:
        return False, "taken"
    if not re.search(reason, answer.said):
        return True, f"refused for another reason: {answer.said}"
    if not (answer.named or case.gits_own):
        return True, f"refused without commit and file: {answer.said}"
    return True, ""


def run(
    found: Iterable[Trial], folder: Path, say: Callable[[str], object], workers: int
) -> tuple[Counter[str], list[str]]:
    """Makes all pushes; how many of each kind were refused and taken, and what went wrong."""
    counts: Counter[str] = Counter()
    wrong = []

    def one(numbered: tuple[int, Trial]) -> tuple[Trial, bool, str]:
        number, trial = numbered
        try:
            return (trial, *tried(trial, folder / f"try-{number}"))
        except AssertionError as error:
            return trial, False, f"could not be tried: {error}"

    with ThreadPoolExecutor(workers) as pool:
        for trial, refused, problem in pool.map(one, enumerate(found)):
            counts[f"{trial[0]}, {'refused' if refused else 'taken'}"] += 1
            if problem:
                wrong.append(f"{trial[0]}: {trial[2].name}: {problem}")
                say(wrong[-1])
    return counts, wrong


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=200, help="pushes changed by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="those whose kind or name has this in it")
    asked = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        led, free = staged(Path(name) / "led"), staged(Path(name) / "free", leads=False)
        found = trials(led, free, asked.seed, asked.random)
        chosen = [each for each in found if asked.only in f"{each[0]}: {each[2].name}"]
        counts, wrong = run(chosen, Path(name), print, os.cpu_count() or 1)
    for kind, count in counts.items():
        print(f"{kind}: {count}")
    print(f"{sum(counts.values())} pushes, {len(wrong)} wrong, {time.monotonic() - start:.0f} s")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

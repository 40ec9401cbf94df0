"""Searches while others write and the index goes away: no error, nothing older than the start.

HD_FULL=1 makes it a hundred searches, eight writers and a larger desk.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from support import DeskFolder

FULL = bool(os.environ.get("HD_FULL"))
SEARCHES, AT_ONCE, WRITERS, TICKETS = (100, 10, 8, 400) if FULL else (10, 4, 2, 30)


@dataclass
class Told:
    """The tickets whose writers have said that they are there."""

    ids: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def write(desk: DeskFolder, told: Told, numbers: Iterator[int]) -> list[str]:
    """Opens tickets until told to stop; gives what went wrong."""
    wrong = []
    while not told.over.is_set():
        done = desk.process("new", "-q", f"Concurrent printer number {next(numbers)}")
        if done.returncode:
            wrong.append(done.stderr.decode())
        else:
            told.ids.append(done.stdout.decode().strip())
    return wrong


def look(desk: DeskFolder, told: Told) -> list[str]:
    """Searches once; gives what went wrong."""
    known = set(told.ids)
    done = desk.process("search", "-q", "--limit", "0", "concurrent", "printers")
    if done.returncode or done.stderr:
        return [done.stderr.decode()]
    missing = known - set(done.stdout.decode().split())
    return [f"not found: {each}" for each in missing]


def test_searches_at_once_find_all_that_was_there_when_they_began(a_desk: DeskFolder) -> None:
    lines = "".join(f'{{"title": "Concurrent printer {n}"}}\n' for n in range(TICKETS))
    a_desk.hd("import", "-", "-q", stdin=lines)
    told = Told(a_desk.hd("search", "-q", "--limit", "0", "concurrent").out.split())
    assert len(told.ids) == TICKETS
    numbers = count()
    with ThreadPoolExecutor(WRITERS + AT_ONCE) as pool:
        writers = [pool.submit(write, a_desk, told, numbers) for _ in range(WRITERS)]
        searches = [pool.submit(look, a_desk, told) for _ in range(SEARCHES)]
        for part in (0.3, 0.7):
            while sum(each.done() for each in searches) < part * SEARCHES:
                time.sleep(0.01)
            shutil.rmtree(a_desk.path / ".git" / "hd" / "index", ignore_errors=True)
        wrong = [each for search in searches for each in search.result()]
        told.over.set()
        wrong += [each for writer in writers for each in writer.result()]
    assert wrong == []
    assert len(told.ids) > TICKETS
    found = a_desk.hd("search", "-q", "--limit", "0", "concurrent").out.split()
    assert sorted(found) == sorted(told.ids)

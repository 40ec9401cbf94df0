"""Writes made-up tickets as JSON lines: ``python -m bench.make tickets|requests COUNT FILE``.

A program of its own, because the memory of what starts a process counts as that process's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from bench import tickets

LONG = "HD-00000"
LONG_ENTRIES = 1000


def main(kind: str, count: str, file: str) -> None:
    """``tickets`` are whole, the first with a log of LONG_ENTRIES."""
    records: Iterable[tickets.Record] = tickets.requests(int(count))
    if kind == "tickets":
        first = tickets.long_ticket(LONG, LONG_ENTRIES)
        records = chain([first], tickets.tickets(int(count) - 1))
    with Path(file).open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


if __name__ == "__main__":
    main(*sys.argv[1:])

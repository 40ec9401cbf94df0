"""Desks with their whole past: every entry of every ticket a commit, as if worked on for years.

``python -m bench.replay COUNT`` writes the stream for git fast-import(1) of so many tickets; the
tickets are those of the other benches, their commits in the order of the entries' times.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from pathlib import Path

from bench import desks, texts, tickets
from hdcli.model.dates import parse_utc
from hdcli.model.fold import fold
from hdcli.model.message import message_of
from hdcli.model.schema import log_from
from hdcli.model.ticket import Ticket
from hdcli.store import codec, refs

_AUTHOR = "Alice Martin <alice@example.org>"
# Raise it when what is made here changes: the desks are then built anew.
_FORM = 1
_WINDOW = 2_000
Step = tuple[str, int, tuple[Ticket | None, Ticket]]


def built(folder: Path, size: int) -> Path:
    """The desk of so many tickets, made if it is not there."""
    source = "real" if texts.data_folder() else "examples"
    path = folder / f"past-{size}-{source}-{_FORM}"
    ready = path / ".git" / "bench-ready"
    if not ready.exists():
        _build(path, size)
        ready.touch()
    return path


def _build(path: Path, size: int) -> None:
    desks.empty_desk(path)
    started = time.monotonic()
    command = (sys.executable, "-m", "bench.replay", str(size))
    with subprocess.Popen(command, cwd=texts.ROOT, stdout=subprocess.PIPE) as made:
        take = ("git", "-c", "pack.compression=1", "fast-import", "--quiet", "--force", "--done")
        done = subprocess.run(
            take, cwd=path, env=desks.environment(), stdin=made.stdout, check=True
        )
    assert made.returncode == done.returncode == 0
    for line in (
        ("reset", "-q", "--hard"),
        ("repack", "-a", "-d", "-q", "--write-bitmap-index"),
        ("pack-refs", "--all"),
        ("commit-graph", "write", "--reachable", "--changed-paths", "--no-progress"),
    ):
        desks.run(path, "git", *line)
    desks.hd(path, "list", "--count")
    commits = int(desks.run(path, "git", "rev-list", "--count", "main"))
    seconds = time.monotonic() - started
    sys.stderr.write(f"{size:,} tickets, {commits:,} commits in {seconds:.0f} s\n")


def _steps(number: int, record: tickets.Record) -> Iterator[Step]:
    log = log_from(record["log"])
    before: Ticket | None = None
    for count, entry in enumerate(log, 1):
        after = Ticket(record["id"], fold(log[:count]), tuple(log[:count]))
        yield entry.at, number, (before, after)
        before = after


def _in_order(size: int) -> Iterator[tuple[Ticket | None, Ticket]]:
    """Every step of every ticket: in a window of tickets that were worked on at the same time."""
    found = enumerate(tickets.tickets(size))
    while batch := list(islice(found, _WINDOW)):
        ways = (_steps(number, record) for number, record in batch)
        for _, _, step in merge(*ways, key=lambda each: each[:2]):
            yield step


def main(size: int) -> None:
    """Writes the stream: the commits upon the desk's branch, then the level branches."""
    out = sys.stdout.buffer
    levels: dict[str, str] = {}
    for mark, (before, after) in enumerate(_in_order(size), 1):
        entry = after.log[-1]
        data = codec.write(after)
        text = message_of(before, after, entry).encode()
        at = int(parse_utc(entry.at).timestamp())
        upon = "from refs/heads/main^0\n" if mark == 1 else ""
        out.write(
            f"commit refs/heads/main\nmark :{mark}\ncommitter {_AUTHOR} {at} +0000\n"
            f"data {len(text)}\n".encode()
            + text
            + f"\n{upon}M 100644 inline {after.path}\ndata {len(data)}\n".encode()
            + data
            + b"\n"
        )
        wanted = refs.branch_of(after)
        if wanted:
            levels[after.id] = f"reset refs/heads/{wanted}\nfrom :{mark}\n\n"
        else:
            levels.pop(after.id, None)
    out.write("".join(levels.values()).encode() + b"done\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))

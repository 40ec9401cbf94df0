"""The rows that take long: an import, and the first build of the cache."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import desks
from bench.measure import Watcher, run


def intake(folder: Path, size: int) -> str:
    """Requests into a new desk, a commit each: how many a second, work tree and cache included."""
    with TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as place:
        desk = desks.empty_desk(Path(place) / "desk")
        source = desks.made("requests", size, Path(place) / "requests.jsonl")
        with Watcher() as watcher:
            sample = run((*desks.HD, "import", str(source)), desk, desks.environment())
    return (
        f"import of {size:,}: {size / sample.wall:,.0f} tickets/s "
        f"({1e6 * sample.cpu / size:,.0f} µs of processors each), "
        f"hd {sample.megabytes:.0f} MB, all processes {watcher.megabytes:.0f} MB"
    )


def cold(desk: desks.BuiltDesk) -> str:
    """``hd list`` on a desk whose cache is gone, and with it what it takes to build one."""
    for name in ("cache.sqlite3", "settings.json"):
        (desk.path / ".git" / "hd" / name).unlink(missing_ok=True)
    start = time.perf_counter()
    with Watcher() as watcher:
        run((*desks.HD, "list"), desk.path, desks.environment())
    seconds = time.perf_counter() - start
    return (
        f"list without a cache at {desk.size:,}: {seconds:.1f} s, "
        f"all processes {watcher.megabytes:.0f} MB"
    )

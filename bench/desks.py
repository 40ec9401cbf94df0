"""Desks of many tickets, built once and kept in a cache folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import texts
from bench.make import LONG

HD = (sys.executable, "-m", "hdcli")
# Raise it when the tickets made here change: the desks are then built anew.
_FORM = 1


def cache_folder() -> Path:
    """Where desks are kept: ``hd-bench`` in ``XDG_CACHE_HOME``, else in ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hd-bench"


def environment() -> dict[str, str]:
    """The environment for hd and git: an identity, and nothing of the user's settings."""
    env = {n: value for n, value in os.environ.items() if not n.startswith(("GIT_", "HD_"))}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed hd is compiled once, not at each run
    for who in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{who}_NAME": "Alice Martin", f"GIT_{who}_EMAIL": "alice@example.org"}
    return env | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def run(folder: Path, *command: str) -> str:
    """Runs a command in a folder; gives what it printed."""
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def hd(folder: Path, *args: str) -> str:
    """Runs hd in a folder; gives what it printed."""
    return run(folder, *HD, *args)


def empty_desk(folder: Path) -> Path:
    """A new desk of two agents, alice and bob, in a folder that is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    hd(folder.parent, "init", str(folder))
    hd(folder, "agent", "add", "bob", "Bob Ndiaye <bob@example.org>")
    return folder


def made(kind: str, count: int, file: Path) -> Path:
    """A file of made-up records; see bench/make.py."""
    run(texts.ROOT, sys.executable, "-m", "bench.make", kind, str(count), str(file))
    return file


@dataclass(frozen=True)
class BuiltDesk:
    """A desk of ``size`` tickets, and ``workable``: ids of tickets at level 1 to work on."""

    path: Path
    size: int
    workable: list[str]


def built(folder: Path, size: int) -> BuiltDesk:
    """The desk of that size, made if it is not there; LONG is its ticket with a long log."""
    source = "real" if texts.data_folder() else "examples"
    path = folder / f"desk-{size}-{source}-{_FORM}"
    ready = path / ".git" / "bench-ready"
    if not ready.exists():
        _build(path, size)
        ready.touch()
    query = ("list", "-q", "status:new,open", "level:1", "assignee:alice", "--limit", "200")
    return BuiltDesk(path, size, [each for each in hd(path, *query).split() if each != LONG])


def _build(path: Path, size: int) -> None:
    empty_desk(path)
    source = made("tickets", size, path / ".git" / "bench.jsonl")
    started = time.monotonic()
    hd(path, "import", str(source))
    source.unlink()
    seconds = time.monotonic() - started
    rate = f"{size / seconds:,.0f} a second"
    sys.stderr.write(f"imported {size:,} whole tickets in {seconds:.0f} s, {rate}\n")
    _settle(path / ".git" / "objects")


def _settle(objects: Path) -> None:
    """Waits for the housekeeping that the import began behind it: a copy would lack files."""
    time.sleep(1)  # until it has its locks
    while any(objects.rglob("*.lock")):
        time.sleep(0.1)

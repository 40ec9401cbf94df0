"""The rows of the table: which command is timed, and what it may take at most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.desks import HD, BuiltDesk
from bench.make import LONG
from bench.measure import Work


@dataclass(frozen=True)
class Row:
    """``limit`` is in times the floor, ``megabytes`` of the largest process; None: no promise."""

    limit: float | None
    work: Callable[[BuiltDesk], Work]
    megabytes: int = 80


def _reads(*args: str) -> Callable[[BuiltDesk], Work]:
    return lambda desk: Work(lambda number: (*HD, *_filled(args, desk, number)))


def _filled(args: tuple[str, ...], desk: BuiltDesk, number: int) -> list[str]:
    return [_id(desk, number) if each == "ID" else each for each in args]


def _id(desk: BuiltDesk, number: int) -> str:
    return desk.workable[number % len(desk.workable)]


def _completes(desk: BuiltDesk) -> Work:
    def line(number: int) -> tuple[str, ...]:
        return (*HD, "show", _id(desk, number)[3:6].lower())

    return Work(line, env={"_HD_COMPLETE": "1"})


def _assigns(desk: BuiltDesk) -> Work:
    return Work(
        lambda number: (*HD, "assign", _id(desk, number), "bob"),
        lambda number: (*HD, "assign", _id(desk, number), "alice"),
    )


def _escalates(desk: BuiltDesk) -> Work:
    return Work(
        lambda number: (*HD, "escalate", _id(desk, number), "--team", "network", "-m", "Too deep"),
        lambda number: (*HD, "deescalate", _id(desk, number), "-a", "alice", "-m", "Not so deep"),
    )


ROWS: Mapping[str, Row] = {
    "list": Row(1.8, _reads("list")),
    "show": Row(1.8, _reads("show", "ID")),
    "log": Row(2.0, _reads("log", "ID")),
    "search": Row(3.0, _reads("search", "vpn", "printer"), 150),
    "complete": Row(1.0, _completes),
    "status": Row(None, _reads("status")),
    "new": Row(3.5, _reads("new", "Second screen stays black", "-r", "Ana <ana@example.org>")),
    "assign": Row(3.5, _assigns),
    "escalate": Row(3.5, _escalates),
    "note-1000": Row(7.0, _reads("note", LONG, "-m", "Called again, still waiting")),
    "show-1000": Row(3.6, _reads("show", LONG)),
}
RATIO = 1.3

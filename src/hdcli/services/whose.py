"""Who made the hand edits that were committed with git alone: the steps from the log to the values.

The commits since the last entry say it, each with its author. Where they can't be read the rest is
the last author's: what is on top of the file is what counts, and nothing of it is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

from hdcli.errors import BadData, Refused
from hdcli.model.fold import Change, fold
from hdcli.model.record import Record, edited, hand_edit, logged_text
from hdcli.store import codec, partial
from hdcli.store.desk import Desk

R = TypeVar("R", bound=Record)
_LOOK_BACK = 50
_FORMAT = "%H%x00%an%x00%ae%x00%at"


@dataclass(frozen=True, slots=True)
class Step:
    """What one commit changed by hand; its author, and when in seconds since 1970, UTC."""

    name: str
    email: str
    at: int
    change: Change


def steps(desk: Desk, base: str, record: Record, now: int) -> list[Step]:
    """The hand edits of a record that are not in its log, as of commit ``base``, oldest first.

    Raises Refused where a shallow clone does not know whose they are.
    """
    found: list[Step] = []
    values, text = fold(record.log, record.kind), logged_text(record.log)
    for name, email, at, version in reversed(list(_versions(desk, base, record))):
        change = edited(values, text, version)
        if change:
            found.append(Step(name, email, at, change))
        values, text = dict(version.values), version.digest
    rest = edited(values, text, record)
    if rest:
        found.append(Step("unknown", "", now, rest))
    return found


def _versions(desk: Desk, base: str, record: R) -> Iterator[tuple[str, str, int, R]]:
    """The record as each commit left it, newest first, until one whose values were its log's."""
    known = [entry.id for entry in record.log]
    first = partial.first_commits(desk.place.repository)
    history = desk.place.repository.lines(
        "log", f"-{_LOOK_BACK}", f"--format={_FORMAT}", base, "--", record.path
    )
    with closing(history):
        for line in history:
            commit, name, email, at = line.decode("utf-8", "replace").rstrip("\n").split("\0")
            version = _version(desk, commit, record.path, type(record))
            if version is None or [entry.id for entry in version.log] != known:
                return
            if not hand_edit(version):
                return
            if commit in first:
                raise _too_long_ago(record)
            yield name, email, int(at) if at.isdecimal() else 0, version


def _too_long_ago(record: Record) -> Refused:
    return Refused(
        f"{record.path} was edited by hand before the history of this shallow clone begins",
        "git fetch --unshallow tells by whom",
    )


def _version(desk: Desk, commit: str, path: str, kind: type[R]) -> R | None:
    found = desk.objects.read(f"{commit}:{path}")
    try:
        return codec.read(kind, found[2], path) if found else None
    except BadData:
        return None


def last_readable(desk: Desk, base: str, path: str, kind: type[R]) -> R | None:
    """The record as the last commit had it that it can be read from; None without such a one."""
    history = desk.place.repository.lines("log", f"-{_LOOK_BACK}", "--format=%H", base, "--", path)
    with closing(history):
        for line in history:
            if found := _version(desk, line.decode().strip(), path, kind):
                return found
    return None

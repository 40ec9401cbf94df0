"""Letting tickets that were closed long ago leave the work tree of this clone, and come back.

They stay committed: every reading command has them as before, and a write brings a file back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from hdcli.model import ids
from hdcli.services import reading
from hdcli.services.attachments import folder_of
from hdcli.store import away
from hdcli.store.away import Staged
from hdcli.store.condition import Where
from hdcli.store.desk import Desk

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The tickets that left the work tree and those that came back to it, by id.

    ``kept`` were to leave, and stay: a file of theirs has hand edits. ``there`` and ``away`` count
    the desk's tickets afterwards.
    """

    left: tuple[str, ...]
    back: tuple[str, ...]
    kept: tuple[str, ...]
    there: int
    away: int


def archived(desk: Desk) -> tuple[int, int]:
    """How many tickets are in the work tree, and how many are away from it."""
    if desk.place.repository.work_tree is None:
        return 0, 0
    files = [each for each in away.staged(desk.place.repository) if ids.id_of_path(each.path)]
    gone = sum(each.away for each in files)
    return len(files) - gone, gone


def due(desk: Desk, before: str) -> list[str]:
    """The tickets that are closed and were not touched since a time, UTC."""
    asked = Where("status = 'closed' AND updated <= :before", {"before": before})
    return list(reading.find(desk, asked, "created", None).ids)


def archive(desk: Desk, before: str, progress: Progress) -> Arranged:
    """Has exactly these tickets away from the work tree, and their attachments.

    Raises Refused, Busy, Conflict.
    """
    with away.arranging(desk.place) as descriptor:
        repository, keep = desk.place.repository, (descriptor,)
        wanted = frozenset(due(desk, before))
        files = _by_ticket(away.staged(repository))
        back = [each for each in files if each not in wanted]
        returned = away.come_back(repository, _away(files, back), keep)
        going = [path for each in wanted for path in _all(files, each)]
        went = away.leave(repository, going, keep, progress)
        after = _by_ticket(away.staged(repository))
    kept = [each for each in wanted if any(not file.away for file in after.get(each, ()))]
    return _told(went, returned, kept, after)


def restore(desk: Desk, tickets: Collection[str]) -> Arranged:
    """Has tickets in the work tree again, all of them where none is named.

    Raises Refused, Busy, Conflict, RemoteFailed.
    """
    with away.arranging(desk.place) as descriptor:
        repository = desk.place.repository
        files = _by_ticket(away.staged(repository))
        returned = away.come_back(repository, _away(files, tickets or files), (descriptor,))
        return _told([], returned, [], _by_ticket(away.staged(repository)))


Files = dict[str, list[Staged]]


def _by_ticket(files: Iterable[Staged]) -> Files:
    found: Files = {}
    for each in files:
        if ticket := _ticket_of(each.path):
            found.setdefault(ticket, []).append(each)
    return found


def _ticket_of(path: str) -> str | None:
    """The ticket that a file belongs to: its own, or an attachment."""
    if not path.startswith("attachments/"):
        return ids.id_of_path(path)
    ticket = path.split("/")[2]
    return ticket if path.startswith(folder_of(ticket)) else None


def _all(files: Files, ticket: str) -> list[str]:
    return [each.path for each in files.get(ticket, ())]


def _away(files: Files, tickets: Iterable[str]) -> list[str]:
    return [file.path for each in tickets for file in files.get(each, ()) if file.away]


def _told(went: list[str], returned: list[str], kept: list[str], after: Files) -> Arranged:
    gone = sum(any(file.away for file in each) for each in after.values())
    left, back = (tuple(sorted(filter(None, map(ids.id_of_path, x)))) for x in (went, returned))
    return Arranged(left, back, tuple(sorted(kept)), len(after) - gone, gone)

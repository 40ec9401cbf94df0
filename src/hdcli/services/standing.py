"""Where things stand on the desk: whose work is where, what is late, what git has not got yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Thread
from typing import Any, Generic, TypeVar

from hdcli.model.dates import parse_utc
from hdcli.model.settings import Settings
from hdcli.model.underway import UnderWay
from hdcli.services import inbox, reading
from hdcli.services.session import utc
from hdcli.store import articles, edits, listing, underway
from hdcli.store.condition import OPEN, Where
from hdcli.store.desk import Desk
from hdcli.store.edits import Edited
from hdcli.store.tables import Problem
from hdcli.store.upstream import Following, following

T = TypeVar("T")
Document = Mapping[str, Any]
_OURS = ("desk.yaml", "requesters.yaml", "tickets", "kb", "canned")
_MINE, _OTHERS = 5, 3


@dataclass(frozen=True, slots=True)
class Pile:
    """How many tickets lie there, and the first of them."""

    total: int = 0
    first: tuple[Document, ...] = ()

    def document(self) -> dict[str, Any]:
        """As a plain mapping; see docs/json.md."""
        return {"total": self.total, "first": list(self.first)}


@dataclass(frozen=True, slots=True)
class AtLevel:
    """The open work of one level; ``teams`` are the open tickets of each, none's under ``""``."""

    number: int
    name: str
    open: int
    unassigned: int
    overdue: int
    teams: Mapping[str, int]

    def document(self) -> dict[str, Any]:
        """As a plain mapping; see docs/json.md."""
        return {
            "level": self.number,
            "name": self.name,
            "open": self.open,
            "unassigned": self.unassigned,
            "overdue": self.overdue,
            "teams": dict(self.teams),
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a desk at a moment; ``me`` is empty for somebody who is no agent of it.

    ``come`` are pending tickets whose time to wait is over.
    """

    desk: str
    me: str
    tickets: int
    open: int
    resolved: int
    waiting: int
    mine: Pile
    unassigned: Pile
    overdue: Pile
    come: Pile
    inbox: int
    """What concerns the agent in the last commits, and they are not done with."""
    stale: int
    """Articles past their review, or that had helped with tickets which were opened again."""
    levels: tuple[AtLevel, ...]
    edits: tuple[Edited, ...]
    git: Following
    under_way: tuple[UnderWay, ...]
    bare: bool
    unreadable: tuple[Problem, ...]

    @property
    def fetched(self) -> str | None:
        """When the upstream was last heard of, UTC; None without one."""
        return None if self.git.fetched is None else utc(self.git.fetched)

    def document(self) -> dict[str, Any]:
        """As a plain mapping; see docs/json.md."""
        follows = bool(self.git.upstream) and not self.git.gone
        return {
            "desk": self.desk,
            "agent": self.me or None,
            "tickets": self.tickets,
            "open": self.open,
            "waiting": self.waiting,
            "resolved": self.resolved,
            "mine": self.mine.document(),
            "unassigned": self.unassigned.document(),
            "overdue": self.overdue.document(),
            "time_has_come": self.come.document(),
            "inbox": self.inbox if self.me else None,
            "stale_articles": self.stale,
            "levels": [level.document() for level in self.levels],
            "hand_edits": [each.path for each in self.edits],
            "upstream": self.git.upstream or None,
            "not_pushed": self.git.ahead if follows else None,
            "not_pulled": self.git.behind if follows else None,
            "fetched": self.fetched,
            "under_way": [each.name for each in self.under_way],
            "unreadable": [
                {"path": each.path, "line": each.line or None, "message": each.message}
                for each in self.unreadable
            ],
        }


def standing(desk: Desk, me: str, now: str) -> Standing:
    """Where things stand; ``now`` is UTC, ``me`` the agent's handle, or empty. Raises HdError."""
    repository, branch = desk.place.repository, desk.place.branch
    # Looking at every file takes git as long as all the rest together: both at once.
    edited = _Meanwhile(lambda: edits.edited(repository, _OURS))
    git = _Meanwhile(lambda: following(repository, branch))
    values = {"now": now, "me": me}
    mine = Where("open = 1 AND assignee = :me", values, tallied=True)
    unassigned = Where("open = 1 AND assignee = ''", values, tallied=True)
    overdue = Where("open = 1 AND due < :now", values)
    come = Where("status = 'pending' AND until > '' AND until <= :now", values)
    return Standing(
        desk.settings.name,
        me,
        reading.tickets_in_all(desk),
        reading.count(desk, OPEN),
        reading.count(desk, Where("status = 'resolved'", {}, tallied=True)),
        reading.count(desk, Where("status = 'pending'", {}, tallied=True)),
        _pile(desk, mine, _MINE) if me else Pile(),
        _pile(desk, unassigned, _OTHERS),
        _pile(desk, overdue, _OTHERS, "due"),
        _pile(desk, come, _OTHERS),
        inbox.glance(desk, me, int(parse_utc(now).timestamp())) if me else 0,
        desk.cache.ask(lambda db: articles.stale(db, now)),
        _levels(desk, desk.settings, now),
        bare=repository.work_tree is None,
        unreadable=tuple(desk.cache.problems()),
        edits=tuple(edited.result()),
        git=git.result(),
        under_way=tuple(underway.under_way(repository)),
    )


def _pile(desk: Desk, asked: Where, most: int, sort: str = "urgency") -> Pile:
    found = reading.find(desk, asked, sort, most)
    return Pile(found.total, tuple(map(json.loads, found.documents())))


def _levels(desk: Desk, settings: Settings, now: str) -> tuple[AtLevel, ...]:
    crowds = desk.cache.ask(listing.crowds)
    late = desk.cache.ask(lambda db: listing.overdue(db, now))
    names = {level.number: level.name for level in settings.levels}
    found = []
    for number in sorted({*names, *(crowd.level for crowd in crowds)}):
        here = [crowd for crowd in crowds if crowd.level == number]
        found.append(
            AtLevel(
                number,
                names.get(number, ""),
                sum(crowd.open for crowd in here),
                sum(crowd.unassigned for crowd in here),
                late.get(number, 0),
                {crowd.team: crowd.open for crowd in here},
            )
        )
    return tuple(found)


class _Meanwhile(Generic[T]):
    """Work that goes on beside ours, for it waits for another process."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._done: list[T] = []
        self._error: Exception | None = None
        self._thread = Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], T]) -> None:
        try:
            self._done.append(work())
        except Exception as error:  # it belongs to who waits
            self._error = error

    def result(self) -> T:
        """What the work gave, once it is done; its error is raised here."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._done[0]

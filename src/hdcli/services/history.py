"""The ledger: what was done on the desk, to a ticket or to an article, commit by commit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from hdcli.model.dates import format_utc, parse_span
from hdcli.model.ids import ID_PATTERN
from hdcli.model.person import address, name
from hdcli.model.slug import PATTERN as SLUG
from hdcli.model.ticket import Ticket
from hdcli.services.naming import Named
from hdcli.store import history, listing, partial
from hdcli.store.desk import Desk
from hdcli.store.history import Commit, Span

_ARTICLE = "kb "
_SUBJECT = re.compile(f"({ID_PATTERN.pattern}|desk|{_ARTICLE}{SLUG.pattern}): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Event:
    """A commit as the desk knows it.

    ``who`` is the agent's handle, else the author's name; ``place`` the ticket's id, ``kb`` and the
    article's slug, ``desk``, or empty; ``what`` the rest of the subject.
    """

    commit: Commit
    who: str
    agent: bool
    place: str
    what: str

    @property
    def writer(self) -> str:
        """Whose words it has: the name or address of who sent the mail it was made of, else
        ``who``."""
        sender = dict(self.commit.trailers).get("From", "")
        return name(sender) or address(sender) or self.who

    @property
    def at(self) -> str:
        """When its author made it, UTC, as stored times are written."""
        return format_utc(datetime.fromtimestamp(self.commit.at, UTC))

    def document(self) -> dict[str, Any]:
        """The event as a plain mapping; see docs/json.md."""
        commit = self.commit
        trailers: dict[str, list[str]] = {}
        for key, value in commit.trailers:
            trailers.setdefault(key, []).append(value)
        return {
            "commit": commit.id,
            "at": self.at,
            "agent": self.who if self.agent else None,
            "author": f"{commit.name} <{commit.email}>",
            "ticket": self.place if ID_PATTERN.fullmatch(self.place) else None,
            "article": self.place[len(_ARTICLE) :] if self.place.startswith(_ARTICLE) else None,
            "action": trailers.get("Action", [None])[-1],
            "subject": commit.subject,
            "body": commit.body,
            "trailers": trailers,
        }


def span_of(
    limit: int | None, since: str | None, until: str | None, now: datetime, zone: tzinfo
) -> Span:
    """The part of the history that dates as people write them mean. Raises BadUsage."""
    first = parse_span(since, now, zone)[0] if since else None
    end = parse_span(until, now, zone)[1] if until else None
    return Span(
        limit,
        int(first.timestamp()) if first else None,
        int(end.timestamp()) - 1 if end else None,
    )


def begins(desk: Desk) -> str | None:
    """When the history of a shallow clone begins, UTC; None where all of it is there."""
    begin = partial.begins(desk.place.repository)
    return None if begin is None else format_utc(datetime.fromtimestamp(begin, UTC))


def events(desk: Desk, span: Span, *, whole: bool) -> Iterator[Event]:
    """What was done on the desk, the newest first, as git finds it."""
    place = desk.place
    return _events(desk, history.commits(place.repository, place.head, span, whole=whole))


def events_between(
    desk: Desk, old: str, new: str, *, oldest_first: bool = False, limit: int | None = None
) -> Iterator[Event]:
    """What was done on the desk from one commit to another, whole, the newest first unless asked
    otherwise; the newest ``limit`` alone."""
    repository = desk.place.repository
    found = history.commits_between(
        repository, old, new, whole=True, oldest_first=oldest_first, limit=limit
    )
    return _events(desk, found)


def events_of(desk: Desk, named: Sequence[Named], span: Span, *, whole: bool) -> Iterator[Event]:
    """What was done to tickets, to those merged into them, and to articles, the newest first."""
    tickets = [each.key for each in named if each.kind is Ticket]
    merged = desk.cache.ask(lambda db: listing.merged_into(db, tickets))
    asked = [*(each.key for each in named), *merged]
    repository = desk.place.repository
    return _events(desk, history.commits_of(repository, desk.cache, asked, span, whole=whole))


def _events(desk: Desk, commits: Iterator[Commit]) -> Iterator[Event]:
    handles = {
        email.lower(): agent.handle
        for agent in desk.settings.agents.values()
        for email in agent.emails
    }
    for commit in commits:
        yield _event(commit, handles)


def _event(commit: Commit, handles: Mapping[str, str]) -> Event:
    handle = handles.get(commit.email.lower())
    found = _SUBJECT.fullmatch(commit.subject)
    place, what = (found[1], found[2]) if found else ("", commit.subject)
    return Event(commit, handle or commit.name, handle is not None, place, what)

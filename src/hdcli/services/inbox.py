"""What concerns an agent of all that others did, since they were last done with it.

It is read from the commits' trailers, so that what a sync brought is there at once. Of one commit
the first of these that holds counts:

    mention     its note or reply calls the agent, or a team of theirs
    assignment  it gives the agent a ticket, or one of their teams one that nobody has
    escalation  it hands a ticket to a team of theirs
    bounce      a mail on a ticket that the agent has did not arrive, or is late
    reply       somebody wrote by mail on a ticket that the agent has
    followed    it is on a ticket that the agent follows

What was undone, and whole tickets that were imported, concern nobody.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from hdcli.model.ids import ID_PATTERN
from hdcli.services import history
from hdcli.services.history import Event
from hdcli.store import inbox, listing
from hdcli.store.ancestry import is_ancestor
from hdcli.store.desk import Desk
from hdcli.store.history import Span, before
from hdcli.store.inbox import Mark

Why = Literal["mention", "assignment", "escalation", "bounce", "reply", "followed"]
FIRST_DAYS = 7
"""So far back whoever never looked is shown what concerns them."""
_DAY = 86_400
_GLANCE = 500
_NOT_NEWS = frozenset(("undo", "import", "merge", "renumber", "anonymise"))


@dataclass(frozen=True, slots=True)
class Item:
    """An event that concerns an agent; ``to`` is the team of theirs that it is meant for, or the
    agent."""

    event: Event
    agent: str
    why: Why
    to: str
    title: str = ""
    done: bool = False

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        about = {"why": self.why, "to": self.to, "title": self.title, "done": self.done}
        return {**about, **self.event.document()}


@dataclass(frozen=True, slots=True)
class Inbox:
    """What concerns an agent, the newest first, up to the commit ``head``.

    ``begins`` tells that there was no mark to begin from.
    """

    items: Sequence[Item]
    head: str
    begins: bool = False


def look(desk: Desk, agent: str, now: int, *, every: bool = False) -> Inbox:
    """What concerns an agent (by handle) since their mark; ``every``: from the beginning, what is
    done too. ``now`` is in seconds since 1970."""
    head = desk.place.head
    known, begins = _known(desk, agent, now)
    fresh = history.events_between(desk, known.seen, head)
    if every:
        new = frozenset(each.commit.id for each in fresh) - known.done
        found = _concerning(desk, agent, history.events(desk, Span(), whole=True))
        items = [replace(each, done=each.event.commit.id not in new) for each in found]
    else:
        found = _concerning(desk, agent, fresh)
        items = [each for each in found if each.event.commit.id not in known.done]
    return Inbox(_titled(desk, items), head, begins)


def glance(desk: Desk, agent: str, now: int) -> int:
    """How much ``look`` would show, of the last commits alone: it takes no longer on a desk where
    much was done."""
    known = inbox.mark(desk.place.repository.local, agent)
    if known.seen and is_ancestor(desk.place.repository, known.seen, desk.place.head):
        fresh = history.events_between(desk, known.seen, desk.place.head, limit=_GLANCE)
    else:
        fresh = history.events(desk, Span(_GLANCE, now - FIRST_DAYS * _DAY), whole=True)
    found = _concerning(desk, agent, fresh)
    return sum(each.event.commit.id not in known.done for each in found)


def _known(desk: Desk, agent: str, now: int) -> tuple[Mark, bool]:
    """An agent's mark; where there is none in this history, one for the last days, and true."""
    repository, head = desk.place.repository, desk.place.head
    known = inbox.mark(repository.local, agent)
    if known.seen and is_ancestor(repository, known.seen, head):
        return known, False
    return replace(known, seen=before(repository, head, now - FIRST_DAYS * _DAY)), True


def shown(desk: Desk, agent: str, now: int, head: str) -> None:
    """An agent has been shown all up to a commit. Raises NotADesk."""
    known, begins = _known(desk, agent, now)
    if begins or known.shown != head:
        inbox.keep(desk.place.repository.local, agent, replace(known, shown=head))


def done(desk: Desk, agent: str, now: int, tickets: Sequence[str] = ()) -> list[Item]:
    """An agent is done with what they were last shown, or with all that is on some tickets.

    With all there is, where they were shown nothing new. Gives what they were not done with before.
    Raises NotADesk.
    """
    known, _ = _known(desk, agent, now)
    new, head = look(desk, agent, now).items, desk.place.head
    if tickets:
        items = [each for each in new if each.event.place in tickets]
        finished = known.done | {each.event.commit.id for each in items}
        after = replace(known, done=finished)
    else:
        end = _end(desk, known, head)
        events = history.events_between(desk, end, head) if end != head else ()
        later = frozenset(each.commit.id for each in events)
        items = [each for each in new if each.event.commit.id not in later]
        after = Mark(end, end, known.done & later)
    inbox.keep(desk.place.repository.local, agent, after)
    return items


def _end(desk: Desk, known: Mark, head: str) -> str:
    """The commit up to which an agent is done: the one they were shown last, if it is news."""
    news = known.shown and known.shown != known.seen
    return known.shown if news and is_ancestor(desk.place.repository, known.shown, head) else head


def _titled(desk: Desk, items: Sequence[Item]) -> list[Item]:
    names = sorted({each.event.place for each in items})
    known = desk.cache.ask(lambda db: listing.titles(db, names)) if names else {}
    return [
        replace(each, title=known[each.event.place].title) if each.event.place in known else each
        for each in items
    ]


def _concerning(desk: Desk, agent: str, events: Iterable[Event]) -> Iterator[Item]:
    """Those of some events, the newest first, that concern an agent."""
    teams = desk.settings.agent(agent).teams
    gone: set[str] = set()
    followed = set(desk.cache.ask(lambda db: listing.followed_by(db, agent)))
    for event in events:
        trailers = event.commit.trailers
        gone.update(value for name, value in trailers if name == "Undoes")
        if ("Watcher", f"+{agent}") in trailers:
            followed.discard(event.place)  # what was before is no news to who began to follow it
        if event.who == agent or event.commit.id in gone or not ID_PATTERN.fullmatch(event.place):
            continue
        if _value(event, "Action") in _NOT_NEWS:
            continue
        if found := _meant(event, agent, teams) or _held(desk, event, agent, followed):
            yield Item(event, agent, *found)


def _value(event: Event, wanted: str) -> str:
    return next((value for name, value in event.commit.trailers if name == wanted), "")


def _meant(event: Event, agent: str, teams: Sequence[str]) -> tuple[Why, str] | None:
    called = [value for name, value in event.commit.trailers if name == "Mention"]
    for name in (agent, *teams):
        if name in called:
            return "mention", name
    assignee, team, action = (_value(event, name) for name in ("Assignee", "Team", "Action"))
    if assignee == agent:
        return "assignment", agent
    if team in teams and assignee in ("", "none") and action in ("assign", "escalate"):
        return ("escalation" if action == "escalate" else "assignment"), team
    return None


def _held(desk: Desk, event: Event, agent: str, followed: Container[str]) -> tuple[Why, str] | None:
    action = _value(event, "Action")
    if _value(event, "From") and action != "new":
        why: Why = "bounce" if action == "attach" else "reply"
        holder = desk.cache.ask(lambda db: listing.held(db, event.place))
        if holder.assignee == agent:
            return why, agent
        if holder.team in desk.settings.agent(agent).teams:
            return why, holder.team
    return ("followed", agent) if event.place in followed else None

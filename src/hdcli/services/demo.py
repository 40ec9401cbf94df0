"""The demo desk: the stories of data/demo.json, told again through the services of every day.

All their steps become commits, in order of time, each by its agent and at its time, in one
transaction and a second: a procedure is followed on a ticket once the desk has it. The same seed
gives the same desk, ids and all, only that its times are counted from now.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from hdcli.errors import Refused
from hdcli.model.ticket import Ticket
from hdcli.services import attachments, relations, settings, setup, staff, tickets
from hdcli.services.actions import Draft
from hdcli.services.demosteps import Step, draft_for, learn
from hdcli.services.session import Session, utc
from hdcli.services.who import Who, identify
from hdcli.store import create, signing
from hdcli.store.desk import Desk
from hdcli.store.transaction import Transaction

T = TypeVar("T")
Story = Mapping[str, Any]
YOU = "you"
_DAY = 86_400
_HOUR = 3_600
_OPENED = 36 * _DAY
_OPENING, _CLOSING = 8, 18
_AT_WORK = (_CLOSING - _OPENING) / 24 * 5 / 7


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made: the caller's handle, how many tickets, articles and commits, and the ticket
    that follows a procedure."""

    handle: str
    tickets: int
    articles: int
    commits: int
    following: str


@dataclass(frozen=True, slots=True)
class Event:
    """A step of a story at a time (seconds since 1970, UTC); without ``step`` its ticket begins.

    ``learns`` tells one of what the desk learns on the way; its story is that of the ticket that
    it is about, or -1.
    """

    at: int
    story: int
    by: str
    step: Step | None
    learns: bool = False

    def does(self, what: str) -> bool:
        """Whether it is a step of this name."""
        return self.step is not None and self.step["do"] == what


@dataclass(frozen=True, slots=True)
class Replay(Session):
    """A session whose writes go into a transaction that it shares with others."""

    transaction: Transaction = field(kw_only=True)

    def write(
        self, plan: Callable[[Transaction], T], meanwhile: Callable[[], object] = lambda: None
    ) -> T:
        """Runs the plan at once; its commits are signed at this session's time."""
        self.transaction.committer = self.who.committing(self.now)
        result = plan(self.transaction)
        meanwhile()
        return result


def make(folder: Path, now: int, zone: tzinfo, seed: int) -> Demo:
    """Makes the demo desk in a folder that is empty or missing; the caller is one of its agents.

    Raises Refused, NoIdentity, NotADesk; then the folder is as it was.
    """
    if not create.is_empty(folder):
        raise Refused(f"{folder} is not empty", "name a folder that is empty or missing")
    there = folder.exists()
    script = json.loads((files("hdcli") / "data" / "demo.json").read_text(encoding="utf-8"))
    try:
        return _made(folder, now, zone, seed, script)
    except BaseException:
        create.empty(folder)
        if not there and folder.exists():
            folder.rmdir()
        raise


def _made(folder: Path, now: int, zone: tzinfo, seed: int, script: Mapping[str, Any]) -> Demo:
    source = random.Random(seed)  # noqa: S311 - a desk that can be made again, no secret
    start = office_hours(now, zone)(now - _OPENED)
    handles = [person["handle"] for person in script["agents"]]
    wanted = setup.Wanted("Demo helpdesk", reserved=handles)
    you = setup.open_desk(folder, start, wanted).handle
    with closing(Desk.open(folder)) as desk:
        signing.never(desk.place.repository)
        people = _hire(desk, folder, start, you, script["agents"])
        events = list(timeline(script, now, zone, source))
        aside = random.Random(f"{seed} aside").randbytes  # noqa: S311 - likewise
        told = Telling(desk, people, script, source.randbytes, aside, now, zone)
        place, following = next((i, e.story) for i, e in enumerate(events) if e.does("procedure"))
        commits = 0
        for part in (events[:place], events[place:]):
            commits += desk.write(partial(told.tell_all, part), people[you].committing(now))
        handle, known = people[YOU].handle, len(told.slugs)
        return Demo(handle, len(told.ids), known, commits, told.ids[following])


def _hire(
    desk: Desk, folder: Path, start: int, you: str, agents: Sequence[Mapping[str, Any]]
) -> dict[str, Who]:
    """The agents of the stories, added to the desk by the caller; who each is, by handle.

    One who has the caller's address is the caller.
    """
    boss = identify(desk.settings, folder, None)
    people = {YOU: boss, you: boss}
    for minute, agent in enumerate(agents, 1):
        person, handle = (agent["name"], agent["email"]), agent["handle"]
        if desk.settings.agent_by_email(person[1]):
            people[handle] = boss
            continue
        session = Session(desk, boss, start + 60 * minute)
        settings.change(session, staff.add_agent(boss, handle, person, agent["teams"]))
        people[handle] = Who(handle, person, person)
    return people


def timeline(
    script: Mapping[str, Any], now: int, zone: tzinfo, source: random.Random
) -> Iterator[Event]:
    """The steps of all stories that have happened by now, and what was learnt, in order of time."""
    clock, events = office_hours(now, zone), []
    for step in script["knowledge"]:
        event = Event(0, step.get("story", -1), step["by"], step, learns=True)
        events.append((now + step["day"] * _DAY, event))
    for number, story in enumerate(script["stories"]):
        at = now + story["day"] * _DAY
        events.append((at, Event(0, number, story["agent"], None)))
        for step in story["steps"]:
            at += step["after"] * _HOUR * source.uniform(0.85, 1.15)
            events.append((at, Event(0, number, step["by"], step)))
    for at, event in sorted((each for each in events if each[0] <= now), key=lambda each: each[0]):
        yield replace(event, at=clock(at))


def office_hours(now: int, zone: tzinfo) -> Callable[[float], int]:
    """Where a time before ``now`` lies when only Monday to Friday from 8 to 18 passes.

    Five weeks stay five weeks; no time overtakes another, and none comes after ``now``.
    """
    last = _at_work(datetime.fromtimestamp(now, zone))

    def worked(at: float) -> int:
        left = timedelta(seconds=(now - at) * _AT_WORK)
        moment = last
        while left > (passed := moment - _set(moment, _OPENING)):
            left -= passed
            moment = _at_work(moment - timedelta(days=1), late=True)
        return int((moment - left).timestamp())

    return worked


def _at_work(moment: datetime, *, late: bool = False) -> datetime:
    """The last moment up to this one at which somebody works; ``late``: the day's last."""
    if late or moment.hour >= _CLOSING:
        moment = _set(moment, _CLOSING)
    elif moment.hour < _OPENING:
        moment = _set(moment - timedelta(days=1), _CLOSING)
    while moment.weekday() > 4:
        moment = _set(moment - timedelta(days=1), _CLOSING)
    return moment


def _set(moment: datetime, hour: int) -> datetime:
    return moment.replace(hour=hour, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Telling:
    """The stories while they are told: who acts; the ids of the tickets so far, by story, and the
    articles.

    What is learnt draws its ids ``aside``: the tickets are the same with it and without.
    """

    desk: Desk
    people: Mapping[str, Who]
    script: Mapping[str, Any]
    entropy: Callable[[int], bytes]
    aside: Callable[[int], bytes]
    now: int
    zone: tzinfo
    ids: dict[int, str] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)

    def tell_all(self, events: Sequence[Event], transaction: Transaction) -> int:
        """Some steps, in their order. Gives the number of commits."""
        for event in events:
            self._tell(transaction, event)
        self.slugs.update(transaction.articles)
        return transaction.commits

    def _tell(self, transaction: Transaction, event: Event) -> None:
        """One step: what its agent would have done with a command."""
        who, entropy = self.people[event.by], self.aside if event.learns else self.entropy
        session = Replay(self.desk, who, event.at, entropy, transaction=transaction)
        ticket, step = self.ids.get(event.story, ""), event.step
        if step is None:
            story = self.script["stories"][event.story]
            self.ids[event.story] = tickets.create(session, self._request(story)).id
        elif event.learns:
            learn(session, transaction, step, ticket)
        elif step["do"] == "link":
            relations.link(session, [ticket], step["relation"], self.ids[step["story"]])
        elif step["do"] == "merge":
            relations.merge(session, [ticket], self.ids[step["into"]])
        else:
            session.act([ticket], lambda each: self._draft(session, each, step))

    def _request(self, story: Story) -> tickets.Request:
        return tickets.Request(
            title=story["title"],
            body=story["body"],
            requester=self.script["requesters"][story["requester"]],
            channel=story["channel"],
            category=story["category"],
            impact=story["impact"],
            urgency=story["urgency"],
            tags=tuple(story["tags"]),
            due=self._due(story["due"]) if "due" in story else "",
        )

    def _due(self, hours: float) -> str:
        """So many hours from now; what has passed, in office hours."""
        at = self.now + hours * _HOUR
        return _full_hour(office_hours(self.now, self.zone)(at) if hours < 0 else at)

    def _draft(self, session: Session, ticket: Ticket, step: Step) -> Draft:
        until = step.get("until_hours")
        ends = None if until is None else _full_hour(session.now + until * _HOUR)
        draft = draft_for(session.settings, ticket, step, session.who.handle, ends, self._handle)
        kept = [(name, text.encode()) for name, text in step.get("files", {}).items()]
        return draft.with_files(attachments.stored(ticket.id, kept))

    def _handle(self, name: str) -> str:
        return self.people[name].handle if name in self.people else name


def _full_hour(at: float) -> str:
    return utc(int(at) // _HOUR * _HOUR)

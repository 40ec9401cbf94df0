"""The demo desk: the stories of data/demo.json, told again through the services of every day.

All their steps become commits in one transaction, in order of time, each by its agent and at its
time. The same seed gives the same desk, ids and all, only that its times are counted from now.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from hdcli.errors import Refused
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services import actions, attachments, relations, settings, setup, staff, tickets
from hdcli.services.actions import Draft
from hdcli.services.session import Session, utc
from hdcli.services.who import Who, identify
from hdcli.store import create
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
    """What was made: the caller's handle, how many tickets and commits."""

    handle: str
    tickets: int
    commits: int


@dataclass(frozen=True, slots=True)
class Event:
    """A step of a story at a time (seconds since 1970, UTC); without ``step`` its ticket begins."""

    at: int
    story: int
    by: str
    step: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Replay(Session):
    """A session whose writes go into a transaction that it shares with others."""

    transaction: Transaction = field(kw_only=True)

    def write(self, plan: Callable[[Transaction], T]) -> T:
        """Runs the plan at once; its commits are signed at this session's time."""
        self.transaction.committer = self.who.committing(self.now)
        return plan(self.transaction)


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
        people = _hire(desk, folder, start, you, script["agents"])
        events = list(timeline(script["stories"], now, zone, source))
        told = Telling(desk, people, script, source.randbytes, now, zone, {})

        def plan(transaction: Transaction) -> int:
            for event in events:
                told.tell(transaction, event)
            return transaction.commits

        commits = desk.write(plan, people[you].committing(now))
        return Demo(people[YOU].handle, len(told.ids), commits)


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
    stories: Sequence[Story], now: int, zone: tzinfo, source: random.Random
) -> Iterator[Event]:
    """The steps of all stories that have happened by now, in order of time."""
    clock, events = office_hours(now, zone), []
    for number, story in enumerate(stories):
        at = now + story["day"] * _DAY
        events.append((at, Event(0, number, story["agent"], None)))
        for step in story["steps"]:
            at += step["after"] * _HOUR * source.uniform(0.85, 1.15)
            events.append((at, Event(0, number, step["by"], step)))
    for at, event in sorted((each for each in events if each[0] <= now), key=lambda each: each[0]):
        yield Event(clock(at), event.story, event.by, event.step)


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
    """The stories while they are told: who acts, and the ids of the tickets so far, by story."""

    desk: Desk
    people: Mapping[str, Who]
    script: Mapping[str, Any]
    entropy: Callable[[int], bytes]
    now: int
    zone: tzinfo
    ids: dict[int, str]

    def tell(self, transaction: Transaction, event: Event) -> None:
        """One step: what its agent would have done with a command."""
        who = self.people[event.by]
        session = Replay(self.desk, who, event.at, self.entropy, transaction=transaction)
        if event.step is None:
            story = self.script["stories"][event.story]
            self.ids[event.story] = tickets.create(session, self._request(story)).id
            return
        ticket, step = self.ids[event.story], event.step
        if step["do"] == "link":
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

    def _draft(self, session: Session, ticket: Ticket, step: Mapping[str, Any]) -> Draft:
        until = step.get("until_hours")
        ends = None if until is None else _full_hour(session.now + until * _HOUR)
        draft = draft_for(session.settings, ticket, step, session.who.handle, ends, self._handle)
        kept = [(name, text.encode()) for name, text in step.get("files", {}).items()]
        return draft.with_files(attachments.stored(ticket.id, kept))

    def _handle(self, name: str) -> str:
        return self.people[name].handle if name in self.people else name


def _full_hour(at: float) -> str:
    return utc(int(at) // _HOUR * _HOUR)


def draft_for(
    desk: Settings,
    ticket: Ticket,
    step: Mapping[str, Any],
    me: str,
    until: str | None,
    named: Callable[[str], str],
) -> Draft:
    """What a step does to its ticket; ``named`` gives the handle of somebody in the stories."""
    text = step.get("text", "")
    match step["do"]:
        case "take":
            return actions.take(desk, ticket, me)
        case "assign":
            return actions.assign(desk, ticket, named(step["to"]), me, text)
        case "note":
            return actions.note(text)
        case "reply":
            return actions.reply(ticket, text)
        case "pend":
            return actions.pend(step["on"], until, text)
        case "escalate":
            agent = named(step["assignee"]) if "assignee" in step else None
            return actions.escalate(desk, ticket, text, None, step["team"], agent)
        case "deescalate":
            return actions.deescalate(desk, ticket, text)
        case "resolve":
            return actions.resolve(text)
        case "reopen":
            return actions.reopen(text)
        case "close":
            return actions.close(text)
        case "tag":
            return actions.tag(step["add"], step["remove"])
        case "set":
            return actions.change_fields(desk, ticket, {step["field"]: step["value"]})
    raise ValueError(f"no step '{step['do']}'")

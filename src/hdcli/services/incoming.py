"""What a range of commits did to the desk, by ticket: for who reads what came in, or went out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hdcli.errors import HdError
from hdcli.model import ids
from hdcli.model.settings import Agent, Settings
from hdcli.services.session import Session
from hdcli.store.desk import Desk

_FIELDS = (
    "%aN",
    "%aE",
    "%s",
    *(
        f"%(trailers:key={key},valueonly,separator=%x2C)"
        for key in ("Ticket", "Article", "Action", "Team", "Assignee", "To-Level")
    ),
)


@dataclass
class Touched:
    """A ticket, article (or, named "desk", the rest): who did what to it, in the order of time.

    ``team`` and ``level`` are where it was escalated to, ``assignee`` whom it was given to last.
    """

    name: str
    by: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    commits: int = 0
    team: str = ""
    level: int = 0
    assignee: str = ""

    def document(self) -> dict[str, Any]:
        """As a plain mapping; see docs/json.md."""
        found: dict[str, Any] = {"name": self.name, "commits": self.commits}
        found.update(by=self.by, actions=self.actions)
        if self.level:
            found["escalated"] = {"level": self.level, "team": self.team}
        return found


@dataclass
class Incoming:
    """Commits counted, and what they touched: what concerns the acting agent first."""

    commits: int = 0
    touched: list[Touched] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """As a plain mapping; see docs/json.md."""
        return {"commits": self.commits, "touched": [each.document() for each in self.touched]}


def incoming(session: Session, tip: str, *known: str) -> Incoming:
    """What the commits up to ``tip`` did that none of the commits ``known`` has in its history."""
    found: dict[str, Touched] = {}
    result = Incoming()
    form = "--format=%x1e" + "%x1f".join(_FIELDS)
    command = (
        "log",
        "--reverse",
        "--topo-order",
        "--no-merges",
        form,
        tip,
        *(f"^{each}" for each in known),
    )
    text = session.desk.place.repository.run(*command).decode("utf-8", "replace")
    for record in text.split("\x1e")[1:]:
        name, email, _, *trailers = record.rstrip("\n").split("\x1f")
        result.commits += 1
        _note(found, session.settings, (name, email), trailers)
    mine = session.settings.agents.get(session.who.handle)
    result.touched = sorted(found.values(), key=lambda each: _rank(each, mine))
    return result


def _note(
    found: dict[str, Touched],
    settings: Settings,
    author: tuple[str, str],
    trailers: Sequence[str],
) -> None:
    tickets, article, actions, team, assignee, level = trailers
    agent = settings.agent_by_email(author[1])
    by = agent.handle if agent else author[0]
    for name in tickets.split(",") if tickets else [f"kb {article}" if article else "desk"]:
        each = found.setdefault(name, Touched(name))
        each.commits += 1
        each.by += [by] if by not in each.by else []
        each.actions += [a for a in actions.split(",") if a and a not in each.actions]
        each.assignee = assignee or each.assignee
        if level.isdecimal() and "escalate" in actions:
            each.level, each.team = int(level), team


def _rank(each: Touched, mine: Agent | None) -> tuple[bool, bool, bool]:
    to_me = mine is not None and bool(each.level) and each.team in mine.teams
    for_me = mine is not None and each.assignee == mine.handle
    return (not to_me, not for_me, not ids.ID_PATTERN.fullmatch(each.name))


def titles(desk: Desk, touched: Sequence[Touched]) -> Mapping[str, str]:
    """The titles of tickets and articles, of those that can be read."""
    found = {}
    for each in touched:
        try:
            if ids.ID_PATTERN.fullmatch(each.name):
                found[each.name] = desk.ticket(each.name).title
            elif each.name.startswith("kb "):
                found[each.name] = desk.article(each.name[3:]).title
        except HdError:
            continue
    return found

"""What a range of commits did to the desk, by ticket: for who reads what came in, or went out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hdcli.errors import HdError
from hdcli.model import ids
from hdcli.model.settings import Agent
from hdcli.model.slug import slug_of_path
from hdcli.services.session import Session
from hdcli.store.desk import Desk

_FIELDS = (
    "%H",
    "%aN",
    "%aE",
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
    """Commits counted, and what they touched: what concerns the acting agent first.

    ``remarks`` are what others' merges had to say: who lost an edit, who merged.
    """

    commits: int = 0
    touched: list[Touched] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """As a plain mapping; see docs/json.md."""
        touched = [each.document() for each in self.touched]
        return {"commits": self.commits, "touched": touched, "remarks": self.remarks}


def incoming(session: Session, tip: str, *known: str) -> Incoming:
    """What the commits up to ``tip`` did that none of the commits ``known`` has in its history."""
    found: dict[str, Touched] = {}
    by_hand: dict[str, str] = {}  # what git alone committed, and whose it is
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
        commit, name, email, *trailers = record.rstrip("\n").split("\x1f")
        result.commits += 1
        agent = session.settings.agent_by_email(email)
        by = agent.handle if agent else name
        if any(trailers):
            _note(found, by, trailers)
        else:
            by_hand[commit] = by
    for commit, name in _changed(session, by_hand):
        _one(found, name, by_hand[commit], "edit by hand")
    mine = session.settings.agents.get(session.who.handle)
    result.touched = sorted(found.values(), key=lambda each: _rank(each, mine))
    return result


def told(session: Session, tip: str, *known: str) -> list[str]:
    """What others' merges among these commits had to say, who merged, the acting agent first."""
    form = "--format=%x1e%aN%x1f%aE%x1f%b"
    command = ("log", "--reverse", "--topo-order", "--merges", "--grep=^Action: sync$", form, tip)
    text = session.desk.place.repository.run(*command, *(f"^{each}" for each in known))
    found = []
    for record in text.decode("utf-8", "replace").split("\x1e")[1:]:
        name, email, body = record.split("\x1f", 2)
        agent = session.settings.agent_by_email(email)
        by = agent.handle if agent else name
        remarks, _, _ = body.strip().rpartition("\n\n")  # behind it are the trailers
        if by != session.who.handle:
            found += [f"by {by}: {each}" for each in remarks.splitlines() if each]
    mine = f"{session.who.handle}'s"
    return sorted(found, key=lambda each: mine not in each.split())


def _note(found: dict[str, Touched], by: str, trailers: Sequence[str]) -> None:
    tickets, article, actions, team, assignee, level = trailers
    for name in tickets.split(",") if tickets else [f"kb {article}" if article else "desk"]:
        each = _one(found, name, by, *filter(None, actions.split(",")))
        each.assignee = assignee or each.assignee
        if level.isdecimal() and "escalate" in actions:
            each.level, each.team = int(level), "" if team == "none" else team


def _one(found: dict[str, Touched], name: str, by: str, *actions: str) -> Touched:
    each = found.setdefault(name, Touched(name))
    each.commits += 1
    each.by += [by] if by not in each.by else []
    each.actions += [action for action in actions if action not in each.actions]
    return each


def _changed(session: Session, commits: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each commit with each ticket and article that it changed, or with "desk"."""
    if not commits:
        return
    command = ("log", "--no-walk=unsorted", "--stdin", "--no-renames", "--name-only", "-z")
    text = session.desk.place.repository.run(
        *command, "--format=%x1e%H", stdin="\n".join(commits).encode()
    )
    for record in text.decode("utf-8", "replace").split("\x1e")[1:]:
        commit, _, paths = record.partition("\0")
        yield from ((commit, name) for name in dict.fromkeys(map(_name, _listed(paths))))


def _listed(paths: str) -> list[str]:
    return [each.lstrip("\n") for each in paths.split("\0") if each.strip()] or [""]


def _name(path: str) -> str:
    slug = slug_of_path(path)
    return ids.id_of_path(path) or (f"kb {slug}" if slug else "desk")


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

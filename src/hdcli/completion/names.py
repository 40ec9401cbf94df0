"""The names that a desk knows: agents, teams, levels, categories, priorities, tags."""

from __future__ import annotations

from hdcli.completion.candidate import Candidate, plain
from hdcli.completion.line import Line
from hdcli.model import fields
from hdcli.store.peek import Peek


def agents(desk: Peek, line: Line) -> list[Candidate]:
    """The agents who are active."""
    known = desk.settings.agents.values() if desk.settings else ()
    return [Candidate(each.handle, each.name) for each in known if each.active]


def assignees(desk: Peek, line: Line) -> list[Candidate]:
    """The agents, and ``me``."""
    return [*agents(desk, line), Candidate("me", "yourself")]


def teams(desk: Peek, line: Line) -> list[Candidate]:
    """The teams, with their levels."""
    known = desk.settings.teams.values() if desk.settings else ()
    return [Candidate(each.name, f"{each.title}, level {each.level}") for each in known]


def targets(desk: Peek, line: Line) -> list[Candidate]:
    """Whom ``hd assign`` gives tickets to."""
    return [*assignees(desk, line), *teams(desk, line), Candidate("none", "nobody")]


def levels(desk: Peek, line: Line) -> list[Candidate]:
    """The support levels."""
    known = desk.settings.levels if desk.settings else ()
    return [Candidate(str(each.number), each.name) for each in known]


def categories(desk: Peek, line: Line) -> list[Candidate]:
    """What tickets are about."""
    return plain(desk.settings.categories if desk.settings else ())


def priorities(desk: Peek, line: Line) -> list[Candidate]:
    """The desk's priorities, the highest first."""
    return plain(reversed(desk.settings.priorities if desk.settings else ()))


def impacts(desk: Peek, line: Line) -> list[Candidate]:
    """The desk's impacts, the highest first."""
    return plain(reversed(desk.settings.impacts if desk.settings else ()))


def urgencies(desk: Peek, line: Line) -> list[Candidate]:
    """The desk's urgencies, the highest first."""
    return plain(reversed(desk.settings.urgencies if desk.settings else ()))


def tags(desk: Peek, line: Line) -> list[Candidate]:
    """The tags in use, the most used first."""
    return [Candidate(tag, f"on {count:,}") for tag, count in desk.tags()]


def statuses(desk: Peek, line: Line) -> list[Candidate]:
    """Where a ticket may stand."""
    return plain(fields.STATUSES)


def channels(desk: Peek, line: Line) -> list[Candidate]:
    """How a request comes in."""
    return plain(fields.CHANNELS)


def relations(desk: Peek, line: Line) -> list[Candidate]:
    """How a ticket is linked to another."""
    return plain(fields.RELATIONS)


def waits(desk: Peek, line: Line) -> list[Candidate]:
    """What a pending ticket waits for."""
    return plain(fields.PENDING_ON)


def deadlines(desk: Peek, line: Line) -> list[Candidate]:
    """Some of the ways to write one."""
    return plain(("today", "tomorrow", "monday", "friday", "+2d", "+1w"))


def nothing(desk: Peek, line: Line) -> list[Candidate]:
    """Free text, which nobody can guess."""
    return []

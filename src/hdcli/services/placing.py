"""With whom a ticket is: the rules that keep level, team and assignee together.

A team works at one level, and a ticket's team is always one of its level. An agent may have any
ticket; the team follows the agent where that leaves no doubt.
"""

from __future__ import annotations

from typing import Any

from hdcli.errors import Refused
from hdcli.model.settings import Agent, Settings
from hdcli.model.ticket import Ticket


def with_agent(settings: Settings, ticket: Ticket, handle: str) -> dict[str, Any]:
    """The change that gives a ticket to an agent. Raises NotOnDesk, Refused."""
    agent = require_active(settings, handle)
    change: dict[str, Any] = {"assignee": handle}
    team = team_of(settings, agent, ticket.level, ticket.text("team"))
    return {**change, "team": team} if team else change


def with_team(settings: Settings, ticket: Ticket, team: str) -> dict[str, Any]:
    """The change that gives a ticket to a team, and to nobody in it yet. Raises Refused."""
    require_level(settings, ticket, team)
    return {"team": team, "assignee": None}


def at_level(
    settings: Settings, ticket: Ticket, level: int, team: str | None, assignee: str | None
) -> dict[str, Any]:
    """The change that puts a ticket on a level: with the team and agent named, else with the
    agent's team there, else with the one for the category. Raises NotOnDesk, Refused."""
    if team is not None and settings.team(team).level != level:
        raise Refused(
            f"team '{team}' works at level {settings.team(team).level}, not {level}",
            "name a team of that level, or the team alone",
        )
    if assignee:
        team = team or team_of(settings, require_active(settings, assignee), level)
    team = team or settings.team_for(level, ticket.text("category"))
    return {"level": level, "team": team or None, "assignee": assignee or None}


def level_for(
    settings: Settings, usual: int, to: int | None, team: str | None, ticket: Ticket
) -> int:
    """The level meant: the one named, else the team's, else the usual one. Raises Refused."""
    level = to if to is not None else settings.team(team).level if team else usual
    if 1 <= level <= settings.last_level:
        return level
    if to is None:
        raise Refused(
            f"{ticket.id} is at level {ticket.level}, the desk's last",
            f"hd assign {ticket.id} gives it to another team or agent there",
        )
    raise Refused(f"no level {level} on this desk", f"its levels are 1 to {settings.last_level}")


def team_of(settings: Settings, agent: Agent, level: int, current: str = "") -> str:
    """The team in which an agent works at a level: the current one, else the only one."""
    theirs = [name for name in agent.teams if settings.teams[name].level == level]
    if current in theirs:
        return current
    return theirs[0] if len(theirs) == 1 else ""


def require_active(settings: Settings, handle: str) -> Agent:
    """The agent, who must work on tickets here. Raises NotOnDesk, Refused."""
    agent = settings.agent(handle)
    if not agent.active:
        raise Refused(f"agent '{handle}' is not active", "give it to somebody else")
    if not agent.works:
        said = f"agent '{handle}' works on no tickets (role: {agent.role})"
        raise Refused(said, "give it to somebody else, or ask a lead for another role")
    return agent


def require_level(settings: Settings, ticket: Ticket, team: str) -> None:
    """Raises Refused unless a team works at the ticket's level."""
    level = settings.team(team).level
    if level != ticket.level:
        command = "escalate" if level > ticket.level else "deescalate"
        raise Refused(
            f"team '{team}' works at level {level}, {ticket.id} is at {ticket.level}",
            f"hd {command} {ticket.id} --team {team} -m REASON",
        )

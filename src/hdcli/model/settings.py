"""The settings of a desk: levels, teams, agents, categories, the priority matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hdcli.errors import HdError
from hdcli.model import suggest
from hdcli.model.hours import Hours
from hdcli.model.webhook import Webhook

LANGUAGES = ("en", "fr")
ROLES = ("lead", "agent", "intake", "read-only")
DEFAULT_ROLE = "agent"
_WORKING_ROLES = ("lead", "agent")
SIGNATURES = ("optional", "required")
RULES_APPLY = ("all", "first")


@dataclass(frozen=True, slots=True)
class Level:
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Team:
    """A team works at one support level; ``categories`` are those it is asked for first."""

    name: str
    title: str
    level: int
    categories: tuple[str, ...] = ()


def works(role: str) -> bool:
    """Whether who has a role works on tickets; others take requests in, or look on."""
    return role in _WORKING_ROLES


@dataclass(frozen=True, slots=True)
class Agent:
    handle: str
    name: str
    emails: tuple[str, ...]
    teams: tuple[str, ...] = ()
    active: bool = True
    role: str = DEFAULT_ROLE
    skills: tuple[str, ...] = ()
    hours: Hours = field(default_factory=Hours)
    """When the agent is at work: their own hours, else the desk's."""

    @property
    def works(self) -> bool:
        """Whether they work on tickets."""
        return works(self.role)

    @property
    def identity(self) -> str:
        """As git writes an author."""
        return f"{self.name} <{self.emails[0]}>"


@dataclass(frozen=True, slots=True)
class Mail:
    """How mail comes in and goes out. The first of ``addresses`` is what the desk writes from.

    ``authservers`` are the mail servers whose Authentication-Results are believed, ``machines`` the
    addresses and domains whose automatic mail opens tickets all the same. ``rate`` is how many
    messages an hour one sender may send; ``keep`` the largest message (MB) that is kept whole, and
    ``keep_days`` for how long, 0 for ever.

    ``sender`` is the name of the clone that sends, ``plus`` whether the mail server delivers
    ``help+anything@`` to the desk. Whoever has heard nothing for so many working hours: of whom the
    assignee is reminded after ``prompt``, and who is told where things stand after ``progress``; 0
    for never.
    """

    addresses: tuple[str, ...] = ()
    authservers: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    rate: int = 60
    reopen_days: int = 14
    keep: int = 10
    keep_days: int = 0
    sender: str = ""
    plus: bool = False
    prompt: int = 0
    progress: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    name: str = "Helpdesk"
    prefix: str = "HD"
    language: str = "en"
    levels: tuple[Level, ...] = (Level(1, "Service desk"),)
    teams: Mapping[str, Team] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ("low", "normal", "high", "urgent")
    impacts: tuple[str, ...] = ("low", "medium", "high")
    urgencies: tuple[str, ...] = ("low", "medium", "high")
    matrix: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    default_impact: str = "medium"
    default_urgency: str = "medium"
    default_team: str = ""
    fields: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Words that mean the same to a search, a tuple each."""
    suggestions: bool = True
    """Whether ``hd new`` shows what may help."""
    signatures: str = "optional"
    """Of commits; where they are required, one without a good signature is refused."""
    max_file: int = 25
    """The largest file that the desk takes, in MB."""
    mail: Mail = field(default_factory=Mail)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    hours: Hours = field(default_factory=Hours)
    rules: tuple[Mapping[str, Any], ...] = ()
    """What is done with a new ticket by itself, as the file has it (model/settings_rules.py)."""
    rules_apply: str = "all"
    """Whether ``all`` rules that match are applied, or the ``first``."""

    @property
    def has_roles(self) -> bool:
        """Whether some agents may do more than others."""
        return any(agent.role != DEFAULT_ROLE for agent in self.agents.values())

    @property
    def last_level(self) -> int:
        return self.levels[-1].number

    def levels_of(self, agent: Agent) -> list[int]:
        """The levels that an agent's teams work at, ascending."""
        return sorted({self.teams[team].level for team in agent.teams})

    def priority_of(self, impact: str, urgency: str) -> str:
        """ITIL's matrix: impact × urgency gives the priority."""
        return (
            self.matrix.get(impact, {}).get(urgency)
            or self.priorities[min(len(self.priorities) - 1, len(self.priorities) // 2)]
        )

    def agent(self, handle: str) -> Agent:
        """The agent of that handle. Raises NotOnDesk."""
        if handle in self.agents:
            return self.agents[handle]
        raise NotOnDesk("agent", handle, self.agents)

    def team(self, name: str) -> Team:
        """The team of that name. Raises NotOnDesk."""
        if name in self.teams:
            return self.teams[name]
        raise NotOnDesk("team", name, self.teams)

    def category(self, name: str) -> str:
        """The category, as the desk writes it. Raises NotOnDesk."""
        if not self.categories or name in self.categories:
            return name
        raise NotOnDesk("category", name, self.categories)

    def agent_by_email(self, email: str) -> Agent | None:
        """The agent who has this address, whatever its case."""
        wanted = email.strip().lower()
        for agent in self.agents.values():
            if wanted in (each.lower() for each in agent.emails):
                return agent
        return None

    def team_for(self, level: int, category: str) -> str:
        """The team to ask at a level: the one that names the category, else the only one."""
        there = [team for team in self.teams.values() if team.level == level]
        named = [team for team in there if category and category in team.categories]
        if len(named) == 1:
            return named[0].name
        return there[0].name if len(there) == 1 else ""


class NotOnDesk(HdError):
    """An agent, team, category or field that desk.yaml does not have; suggests the nearest."""

    def __init__(self, kind: str, name: str, known: Mapping[str, Any] | tuple[str, ...]) -> None:
        near = suggest.nearest(name, known)
        listed = ", ".join(known) or "none yet"
        remedy = f"did you mean '{near}'?" if near else f"known: {listed}"
        super().__init__(f"no {kind} '{name}' on this desk", remedy)
        self.kind = kind

"""Who gets a ticket, where a rule leaves it to a fair share.

Candidates are the active agents of the ticket's team (of the whole desk where it has none), but
those who take requests in or look on, who have the skill and, if that is asked, are at work now.
``round-robin`` takes who has not been given a ticket for longest, by the tickets themselves: no
counter can get lost or run ahead in a clone. ``least-loaded`` takes who has the fewest open ones.
Between equals the order of desk.yaml decides.
"""

from __future__ import annotations

from datetime import UTC, datetime

from hdcli.model.plain import plain
from hdcli.model.settings import Agent, Settings
from hdcli.model.ticket import Ticket
from hdcli.services.session import Session
from hdcli.store import workload
from hdcli.store.workload import Turn


class Shares:
    """What each agent has, kept up with what is given out meanwhile."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._open: dict[str, int] | None = None
        self._turns: dict[str, Turn] = {}

    def choose(self, ticket: Ticket, how: str, skill: str, *, at_work: bool) -> str:
        """The agent who gets a ticket, by handle; empty where nobody can."""
        settings = self._session.settings
        now = datetime.fromtimestamp(self._session.now, UTC) if at_work else None
        there = [each.handle for each in candidates(settings, ticket.text("team"), skill, now)]
        if not there:
            return ""
        return min(there, key=self._load if how == "least-loaded" else self._turn)

    def gave(self, agent: str, at: str) -> None:
        """An agent has got a ticket."""
        load, last = self._load(agent), self._turn(agent)
        assert self._open is not None
        self._open[agent] = load + 1
        self._turns[agent] = Turn(at, last.then + 1 if last.at == at else 1, last.ever + 1)

    def _load(self, agent: str) -> int:
        if self._open is None:
            self._open = self._session.desk.cache.ask(workload.open_tickets)
        return self._open.get(agent, 0)

    def _turn(self, agent: str) -> Turn:
        if agent not in self._turns:
            ask = self._session.desk.cache.ask
            self._turns[agent] = ask(lambda db: workload.turn(db, agent))
        return self._turns[agent]


def candidates(settings: Settings, team: str, skill: str, at_work: datetime | None) -> list[Agent]:
    """Who may get a ticket of a team (of any, where it is empty), at work at a moment or anyway."""
    return [
        agent
        for agent in settings.agents.values()
        if agent.active
        and agent.works
        and (not team or team in agent.teams)
        and (not skill or plain(skill) in map(plain, agent.skills))
        and (at_work is None or agent.hours.is_open(at_work))
    ]

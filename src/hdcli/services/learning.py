"""What an agent may want to learn: where they solve less or escalate more than their team does.

It is told to the agent, and to whoever leads them. All of it is in the logs, which everybody with a
clone can read: this is manners, not secrecy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from hdcli.errors import Refused
from hdcli.model.settings import Settings
from hdcli.store import articles, learning
from hdcli.store.articles import Glimpse
from hdcli.store.desk import Desk
from hdcli.store.learning import Done

# Fewer tickets of a category say nothing about a team or an agent.
_LEAST = 3
# So many tickets more escalated, or fewer solved, than the team's share are no chance.
_MORE, _LESS = 2.0, 3.0
_ARTICLES = 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """A category in which an agent differs from their team, and the articles that teach it.

    ``resolved`` and ``escalated`` are how many tickets; ``more`` is by how many the agent escalated
    more than the team would have of the same, ``less`` by how many they solved fewer than their
    share of the team's.
    """

    category: str
    resolved: int
    escalated: int
    team_resolved: int
    team_escalated: int
    more: float
    less: float
    articles: tuple[Glimpse, ...] = ()

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        return {
            "category": self.category,
            "resolved": self.resolved,
            "escalated": self.escalated,
            "team_resolved": self.team_resolved,
            "team_escalated": self.team_escalated,
            "escalated_more": round(self.more, 1),
            "resolved_less": round(self.less, 1),
            "articles": [each.slug for each in self.articles],
        }


@dataclass(frozen=True, slots=True)
class View:
    """An agent compared with ``team``, the handles of those they share a team with."""

    agent: str
    team: tuple[str, ...]
    lessons: tuple[Lesson, ...]

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        return {
            "agent": self.agent,
            "team": list(self.team),
            "lessons": [each.document() for each in self.lessons],
        }


def leads(settings: Settings, who: str, agent: str) -> bool:
    """Whether somebody leads an agent: they work at a higher level than any of the agent's teams,
    or are the first agent in desk.yaml, who opened the desk."""
    if who not in settings.agents:
        return False
    if who == next(iter(settings.agents)):
        return True
    theirs, own = (settings.levels_of(settings.agents[each]) for each in (agent, who))
    return max(own, default=0) > max(theirs, default=0)


def view(desk: Desk, who: str, agent: str, since: str) -> View:
    """What ``agent`` may want to learn, of what was done since a time (UTC), when ``who`` asks.

    Raises NotOnDesk, and Refused for somebody who is neither the agent nor leads them.
    """
    settings = desk.settings
    settings.agent(agent)
    if agent != who and not leads(settings, who, agent):
        raise Refused(
            f"what {agent} may want to learn is for {agent} and who leads them",
            "hd kb gaps shows your own",
        )
    team = colleagues(settings, agent)
    done = desk.cache.ask(lambda db: learning.done(db, since))
    found = [_with_articles(desk, each) for each in lessons(done, agent, team)]
    return View(agent, tuple(sorted(team)), tuple(found))


def colleagues(settings: Settings, agent: str) -> frozenset[str]:
    """Those that an agent shares a team with; those without a team are one."""
    own = set(settings.agents[agent].teams)
    return frozenset(
        each.handle
        for each in settings.agents.values()
        if each.handle != agent and (own & set(each.teams) or not (own or each.teams))
    )


def lessons(done: Iterable[Done], agent: str, team: Collection[str]) -> list[Lesson]:
    """The categories in which an agent differs from the team, the most telling first."""
    rows = list(done)
    mine, theirs = _Counts(rows, [agent]), _Counts(rows, team)
    found = []
    for category in sorted({each.category for each in rows}):
        counted = Lesson(
            category,
            *(mine.resolved.get(category, 0), mine.escalated.get(category, 0)),
            *(theirs.resolved.get(category, 0), theirs.escalated.get(category, 0)),
            more=_more(mine, theirs, category),
            less=_less(mine, theirs, category),
        )
        if counted.more >= _MORE or counted.less >= _LESS:
            found.append(counted)
    return sorted(found, key=lambda each: -max(each.more, each.less))


class _Counts:
    """How many tickets of each category some agents solved and escalated."""

    def __init__(self, rows: Iterable[Done], agents: Collection[str]) -> None:
        self.resolved: dict[str, int] = {}
        self.escalated: dict[str, int] = {}
        for each in rows:
            if each.agent in agents:
                counts = self.resolved if each.what == "resolve" else self.escalated
                counts[each.category] = counts.get(each.category, 0) + each.tickets

    def handled(self, category: str) -> int:
        return self.resolved.get(category, 0) + self.escalated.get(category, 0)


def _more(mine: _Counts, theirs: _Counts, category: str) -> float:
    """Escalations beyond the team's share of what was handled; 0 where too little was."""
    if mine.handled(category) < _LEAST or theirs.handled(category) < _LEAST:
        return 0.0
    share = theirs.escalated.get(category, 0) / theirs.handled(category)
    return max(0.0, mine.escalated.get(category, 0) - share * mine.handled(category))


def _less(mine: _Counts, theirs: _Counts, category: str) -> float:
    """Solved tickets short of the agent's part in what all solved, them included; 0 where the
    team solved too few, or half of that part was reached."""
    team, own = theirs.resolved.get(category, 0), mine.resolved.get(category, 0)
    if team < _LEAST:
        return 0.0
    worked, others = sum(mine.resolved.values()), sum(theirs.resolved.values())
    expected = (team + own) * worked / (worked + others)
    return expected - own if own <= expected / 2 else 0.0


def _with_articles(desk: Desk, lesson: Lesson) -> Lesson:
    slugs = desk.cache.ask(lambda db: learning.teaching(db, lesson.category, _ARTICLES))
    known = desk.cache.ask(lambda db: articles.glimpses(db, slugs))
    return replace(lesson, articles=tuple(known[each] for each in slugs if each in known))

"""Who wrote: the names and addresses that commits give, and the agents behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hdcli.model.finding import Finding

SETTINGS = "desk.yaml"


@dataclass(slots=True)
class Author:
    """A name with an address, as commits have it, for one agent (empty: for none).

    ``first`` and ``last`` are the first and last of their commits, ``since`` and ``until`` when
    these were made, in seconds since 1970, UTC.
    """

    agent: str
    name: str
    email: str
    commits: int = 0
    entries: int = 0
    signed: int = 0
    first: str = ""
    last: str = ""
    since: int = 0
    until: int = 0

    @property
    def identity(self) -> str:
        """As git writes it."""
        return f"{self.name} <{self.email}>"

    def add(self, commit: str, at: int, entries: int, *, signed: bool) -> None:
        """One more commit by them; commits come in the order of the history."""
        if not self.commits:
            self.first, self.since = commit, at
        self.last, self.until = commit, at
        self.commits += 1
        self.entries += entries
        self.signed += signed


@dataclass(slots=True)
class Authors:
    """Everybody who wrote, in the order in which they came."""

    known: dict[tuple[str, str, str], Author] = field(default_factory=dict)

    def of(self, agent: str, name: str, email: str) -> Author:
        """The author of that name and address (whose case does not matter)."""
        key = (agent, name, email.lower())
        if key not in self.known:
            self.known[key] = Author(agent, name, email)
        return self.known[key]

    def changes(self) -> Iterator[Finding]:
        """What somebody who reads names should know: who is called otherwise than before."""
        by_address: dict[str, list[Author]] = {}
        by_agent: dict[str, list[Author]] = {}
        for each in self.known.values():
            by_address.setdefault(each.email.lower(), []).append(each)
            if each.agent:
                by_agent.setdefault(each.agent, []).append(each)
        for found in by_address.values():
            yield from _names(found)
            yield from _owners(found)
        for agent, found in by_agent.items():
            yield from _addresses(agent, found)


def _names(found: Sequence[Author]) -> Iterator[Finding]:
    """One address, several names."""
    names = list(dict.fromkeys(each.name for each in found))
    for name in names[1:]:
        first = next(each for each in found if each.name == name)
        message = f"{first.email} is called {name} from here on, {names[0]} before"
        yield Finding("note", "", 0, message, commit=first.first)


def _owners(found: Sequence[Author]) -> Iterator[Finding]:
    """One address, several agents."""
    agents = list(dict.fromkeys(each.agent for each in found if each.agent))
    for agent in agents[1:]:
        first = next(each for each in found if each.agent == agent)
        message = f"{first.email} is agent {agent} from here on, {agents[0]} before"
        remedy = f"git log -p -- {SETTINGS} says who changed that"
        yield Finding("warning", SETTINGS, 0, message, remedy, commit=first.first)


def _addresses(agent: str, found: Sequence[Author]) -> Iterator[Finding]:
    """One agent, several addresses."""
    first = {each.email.lower(): each for each in reversed(found)}
    emails = list(dict.fromkeys(each.email.lower() for each in found))
    for email in emails[1:]:
        message = f"agent {agent} writes as {first[email].identity} too, first as {emails[0]}"
        yield Finding("note", "", 0, message, commit=first[email].first)


def document(author: Author, since: str, until: str) -> dict[str, Any]:
    """As JSON has it; the times as they are stored."""
    return {
        "agent": author.agent or None,
        "author": author.identity,
        "commits": author.commits,
        "entries": author.entries,
        "signed": author.signed,
        "first": author.first,
        "since": since,
        "last": author.last,
        "until": until,
    }

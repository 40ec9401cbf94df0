"""Mentions: who is called in a note or a reply is kept with it, and who is nobody is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hdcli.model import mention, suggest
from hdcli.model.mention import Called
from hdcli.model.settings import Settings
from hdcli.services.actions import Draft


def called(settings: Settings, text: str) -> Called:
    """Whom a text calls on a desk."""
    return mention.called(text, (*settings.agents, *settings.teams))


def mentioning(settings: Settings, draft: Draft) -> Draft:
    """The draft with those whom its text calls."""
    names = called(settings, draft.body).known
    return replace(draft, extra={**draft.extra, mention.KEY: list(names)}) if names else draft


def unreached(settings: Settings, text: str) -> Iterator[str]:
    """What is to be said of those whom a text calls and who won't read it."""
    found = called(settings, text)
    for name in found.unknown:
        near = suggest.nearest(name, (*settings.agents, *settings.teams))
        hint = f", did you mean @{near}?" if near else ""
        yield f"@{name} is no agent or team of this desk{hint}"
    for name in found.known:
        agent = settings.agents.get(name)
        if agent and not agent.active:
            yield f"@{name} is not active and won't read it"
        elif agent is None and not members(settings, name):
            yield f"@{name} has no active agent"


def members(settings: Settings, team: str) -> list[str]:
    """The handles of a team's active agents."""
    return [each.handle for each in settings.agents.values() if each.active and team in each.teams]

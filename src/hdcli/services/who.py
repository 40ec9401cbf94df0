"""Who acts: an agent of the desk, and the git identity behind the keyboard or the script."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hdcli.errors import NoIdentity, Refused
from hdcli.model.settings import Agent, Settings
from hdcli.store.fastimport import Signature
from hdcli.store.identity import git_identity


@dataclass(frozen=True, slots=True)
class Who:
    """The acting agent's handle; author and committer of what is written, as (name, address).

    The handle is empty for somebody who is about to join.
    """

    handle: str
    author: tuple[str, str]
    committer: tuple[str, str]

    def signed(self, at: int) -> Signature:
        """The author at an instant (seconds since 1970, UTC)."""
        return Signature(*self.author, at)

    def committing(self, at: int) -> Signature:
        """The committer at an instant."""
        return Signature(*self.committer, at)


def identify(settings: Settings, folder: Path, handle: str | None) -> Who:
    """The acting agent: ``handle`` (``--as``, ``HD_AGENT``), else whom git's identity belongs to.

    Raises NoIdentity, NotOnDesk, Refused.
    """
    if handle:
        agent = settings.agent(handle)
        own = (agent.name, agent.emails[0])
        try:
            committer = git_identity(folder)
        except NoIdentity:
            committer = own  # a cron job has no git identity, and needs none
        author = committer if settings.agent_by_email(committer[1]) == agent else own
    else:
        author = committer = _at_the_keyboard(folder)
        found = settings.agent_by_email(author[1])
        if found is None:
            raise _stranger(settings, author)
        agent = found
    _require_active(agent)
    return Who(agent.handle, author, committer)


def _at_the_keyboard(folder: Path) -> tuple[str, str]:
    """Name and address that git knows. Raises NoIdentity, with the way of a script."""
    try:
        return git_identity(folder)
    except NoIdentity as error:
        remedy = f"{error.remedy}; a script says --as AGENT, or HD_AGENT=AGENT in its environment"
        raise NoIdentity(error.message, remedy) from None


def joining(settings: Settings, folder: Path, handle: str | None) -> Who:
    """The same; but somebody whom the desk does not know yet is let in, to add themselves.

    Raises NoIdentity, NotOnDesk, Refused.
    """
    if not handle:
        person = git_identity(folder)
        if settings.agent_by_email(person[1]) is None:
            return Who("", person, person)
    return identify(settings, folder, handle)


def _stranger(settings: Settings, person: tuple[str, str]) -> NoIdentity:
    from hdcli.services.setup import handle_for

    handle = handle_for(person, (*settings.agents, *settings.teams))
    return NoIdentity(
        f"{person[0]} <{person[1]}> is not an agent of this desk",
        f"hd agent add {handle} makes you one, --as AGENT or HD_AGENT names another",
    )


def _require_active(agent: Agent) -> None:
    if not agent.active:
        raise Refused(
            f"agent '{agent.handle}' is not active",
            f"another agent can change that: hd agent edit {agent.handle} --active",
        )

"""Joining the desk of a team: a clone of it, ready to work in, and who one is there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from hdcli.errors import HdError, NoIdentity
from hdcli.model.rights import Rights
from hdcli.model.settings import Settings
from hdcli.services import indexing, library, reading, setup
from hdcli.services.session import utc
from hdcli.services.who import identify, joining
from hdcli.store import cloning, maintenance, partial
from hdcli.store.cloning import Source, Tell
from hdcli.store.desk import Desk

Building = Callable[[str, int, int], None]
"""Told what is built, of how many, how far."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A desk that was cloned. ``handle`` is the agent's; empty, with ``advice``, for a stranger.

    ``warnings`` are git's; ``since`` is when the history of a shallow clone begins, UTC.
    """

    folder: Path
    desk: str
    tickets: int
    articles: int
    handle: str
    advice: tuple[str, ...]
    warnings: tuple[str, ...]
    since: str | None
    partial: bool


def source(url: str, *, depth: int | None, only: str | None, bare: bool) -> Source:
    """What to clone: ``depth`` commits of it, ``only`` the objects that git's filter lets pass."""
    return Source(url, depth, only or "", bare)


def clone(
    source: Source,
    folder: Path | None,
    named: str | None,
    tell: Tell | None,
    building: Building,
    *,
    prompt: bool,
) -> Joined:
    """Clones a desk and makes it ready; ``named`` is an agent to act as, as with ``--as``.

    Raises BadUsage, Refused, NotADesk, RemoteFailed; then nothing was made. What is raised later
    (BadData) leaves the clone.
    """
    folder = folder or Path(source.folder())
    warnings = cloning.clone(source, folder, tell, prompt=prompt)
    with closing(Desk.open(folder, lambda *far: building("files", *far))) as desk:
        settings, repository = desk.settings, desk.place.repository
        tickets, articles = reading.tickets_in_all(desk), library.articles_in_all(desk)
        indexing.opened_index(desk, lambda *far: building("texts", *far)).close()
        maintenance.start(repository)
        begin = partial.begins(repository)
        handle, advice = _who(settings, folder, named)
        return Joined(
            folder,
            settings.name,
            tickets,
            articles,
            handle,
            advice,
            tuple(warnings),
            utc(begin) if begin is not None else None,
            partial.is_partial(repository),
        )


def _who(settings: Settings, folder: Path, named: str | None) -> tuple[str, tuple[str, ...]]:
    """The agent's handle; else what somebody does who is none yet, line by line."""
    try:
        return identify(settings, folder, named).handle, ()
    except HdError as error:
        if not isinstance(error, NoIdentity):
            return "", (str(error),)
        why = error
    try:
        person = joining(settings, folder, named).author
    except NoIdentity:
        return "", (str(why),)
    handle = setup.handle_for(person, (*settings.agents, *settings.teams))
    add = f"hd agent add {handle}"
    who = f"{person[0]} <{person[1]}>"
    if Rights(settings).has_lead:
        return "", (f"{why.message}: a lead adds you with {add} {quote(who)}",)
    return "", (f"{why.message}: {add} adds you, or a colleague does with {add} {quote(who)}",)

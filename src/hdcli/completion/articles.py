"""Articles of the knowledge base by slug."""

from __future__ import annotations

from hdcli.completion import ids
from hdcli.completion.candidate import Candidate, plain
from hdcli.completion.line import Line
from hdcli.completion.names import several
from hdcli.store.peek import Peek

_IN_USE = ("draft", "published")
_ALL = ("published", "draft", "archived")
# The states of articles that a command has something to do with.
_STATES = {
    "kb publish": ("draft", "archived"),
    "kb show": _ALL,
    "log": _ALL,
    "undo": _ALL,
    "resolve": ("published",),
}


def slugs(desk: Peek, line: Line) -> list[Candidate]:
    """The articles that the command can take, with their titles; several with commas."""
    found = desk.articles(_STATES.get(line.path, _IN_USE))
    return several(line, [Candidate(s, title) for s, title in found if s not in line.arguments])


def tickets_and_articles(desk: Peek, line: Line) -> list[Candidate]:
    """What a command takes that takes both."""
    return [*ids.tickets(desk, line), *slugs(desk, line)]


def solved_tickets(desk: Peek, line: Line) -> list[Candidate]:
    """The tickets that an article can be drafted from."""
    return ids.tickets_in(desk, line, ("resolved", "closed"))


def audiences(desk: Peek, line: Line) -> list[Candidate]:
    """Whom articles are for."""
    return plain(("public", "agents"))

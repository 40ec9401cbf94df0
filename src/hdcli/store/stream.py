"""The stream of commits from one state of a desk to another, as what they say of tickets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hdcli.model.ids import ID_PATTERN, ticket_path
from hdcli.store.git import Objects, Repository

_FORM = (
    "%H%x00%P%x00%(trailers:key=Ticket,valueonly,unfold,separator=%x20)"
    "%x00%(trailers:key=Action,valueonly,unfold,separator=%x20)"
)


class Told(NamedTuple):
    """A commit on tickets: its id, its first parent (empty for the first of a history), the ids of
    the tickets that its trailers name, and its action."""

    commit: str
    parent: str
    tickets: tuple[str, ...]
    action: str


def between(repository: Repository, old: str, new: str, since: int | None = None) -> Iterator[Told]:
    """The commits that lead to ``new`` and not to ``old`` (empty: all), the oldest first.

    Those that join two lines of work, that name no ticket, or were committed before ``since``
    (seconds since 1970) are left out. Raises GitFailed.
    """
    options = ["--no-merges", "--topo-order", "--reverse", new]
    options += [f"^{old}"] if old else []
    options += [] if since is None else [f"--since-as-filter=@{max(0, since)} +0000"]
    return _told(repository, options)


def one(repository: Repository, name: str) -> Told | None:
    """The commit that a name means; None where it means none, or one that names no ticket."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    found = repository.attempt(*asked).stdout.decode("ascii", "replace").strip()
    return next(_told(repository, ["--max-count=1", found]), None) if found else None


def _told(repository: Repository, options: list[str]) -> Iterator[Told]:
    for line in repository.lines("log", f"--format={_FORM}", *options):
        commit, parents, tickets, action = line.decode("utf-8", "replace").rstrip("\n").split("\0")
        named = tuple(each for each in dict.fromkeys(tickets.split()) if ID_PATTERN.fullmatch(each))
        if named:
            yield Told(commit, parents.partition(" ")[0], named, action.strip())


def versions(objects: Objects, told: Told, ticket: str) -> tuple[bytes | None, bytes | None]:
    """A ticket's file before and after a commit; None where there was none."""
    path = ticket_path(ticket)
    names = [f"{told.parent}:{path}"] if told.parent else []
    *before, after = objects.many([*names, f"{told.commit}:{path}"])
    return (before[0] if before else None), after

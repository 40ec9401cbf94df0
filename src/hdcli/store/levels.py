"""The level branches compared with the tickets, and brought to where they belong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hdcli.errors import HdError
from hdcli.model import ids
from hdcli.store import partial, recover, refs
from hdcli.store.ancestry import contains
from hdcli.store.desk import Desk
from hdcli.store.git import Place
from hdcli.store.lock import lock
from hdcli.store.reached import reached


class Amiss(NamedTuple):
    """A level branch that is not what its ticket says."""

    ticket_id: str
    branch: str
    message: str


def amiss(
    place: Place,
    wanted: Mapping[str, str | None],
    blobs: Mapping[str, str],
    merged: Callable[[Place, Iterable[str]], Collection[str]],
) -> Iterator[Amiss]:
    """The level branches that are missing, left over or at a wrong commit.

    A shallow clone has those alone that moved in it, and misses none.

    ``wanted`` is each ticket's branch (None: none), of the tickets that are looked at; ``blobs``
    are the tickets' committed blobs by path. ``merged`` gives those of some commits that the desk's
    branch has in its history.
    """
    commits = refs.level_commits(place.repository)
    there = _by_ticket(commits)
    known = merged(place, commits.values())
    at = _blobs_at(
        place, {b: f"refs/heads/{b}" for i, found in there.items() if i in wanted for b in found}
    )
    for ticket_id, branch in wanted.items():
        found = there.get(ticket_id, [])
        for each in found:
            if each != branch:
                says = f"belongs on {branch}" if branch else "belongs on no level branch"
                yield Amiss(ticket_id, each, f"left over: {ticket_id} {says}")
        if branch is None:
            continue
        if branch not in found:
            if not partial.is_shallow(place.repository):
                yield Amiss(ticket_id, branch, "missing")
        elif commits[branch] not in known:
            yield Amiss(ticket_id, branch, f"at a commit that '{place.branch}' does not have")
        elif at.get(branch) != blobs.get(ids.ticket_path(ticket_id)):
            yield Amiss(ticket_id, branch, "at an older commit than the ticket's last")


def strays(place: Place, known: Iterable[str]) -> list[tuple[str, str]]:
    """The level branches of tickets that there are not: id and branch."""
    tickets = frozenset(known)
    there = refs.all_levels(place.repository)
    return [(i, branch) for i, found in there.items() if i not in tickets for branch in found]


def walked(place: Place, commits: Iterable[str]) -> Collection[str]:
    """Those of the commits that the desk's branch has in its history, with nothing remembered."""
    asked = list(commits)
    return contains(place.repository, place.head, asked) if asked else ()


def _by_ticket(branches: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in branches:
        found.setdefault(refs.ticket_on(each) or "", []).append(each)
    return found


def _blobs_at(place: Place, revisions: Mapping[str, str]) -> dict[str, str]:
    """The blob that each level branch's ticket has at the revision given for it."""
    lines = "".join(
        f"{at}:{ids.ticket_path(each.partition('/')[2])}\n" for each, at in revisions.items()
    )
    out = place.repository.run("cat-file", "--batch-check", stdin=lines.encode()).decode()
    return {
        branch: line.partition(" ")[0]
        for branch, line in zip(revisions, out.splitlines(), strict=True)
        if not line.endswith(" missing")
    }


def adopt(place: Place, keep: Sequence[int]) -> None:
    """Makes the level branches that a clone has of its remote alone, where the tickets agree.

    A ticket that was changed here since is as its last commit says. Under the desk's lock, whose
    descriptor is ``keep``. Raises GitFailed, Busy, Conflict.
    """
    repository = place.repository
    named = repository.attempt("config", f"branch.{place.branch}.remote").stdout
    remote = named.decode("utf-8", "replace").strip() or "origin"
    commits = refs.level_commits(repository, f"refs/remotes/{remote}/")
    merged = reached(place, commits.values())
    taken = refs.all_levels(repository)
    new = {
        branch: commit
        for branch, commit in commits.items()
        if commit in merged and refs.ticket_on(branch) not in taken
    }
    # One that has the ticket as the desk's branch has it is where it was changed last.
    there, here = _blobs_at(place, new), _blobs_at(place, dict.fromkeys(new, place.head))
    moves = {branch: new[branch] for branch, blob in here.items() if there.get(branch) == blob}
    if moves:
        refs.move_levels(repository, moves, keep)


def mend_wrong(desk: Desk, ticket_ids: Iterable[str], known: Mapping[str, str | None]) -> bool:
    """Mends those of the tickets' level branches that are amiss; whether there were any.

    ``known`` are blobs of the desk by path, those of some of the tickets among them.
    """
    paths = {each: ids.ticket_path(each) for each in ticket_ids}
    if not paths:
        return False
    blobs = {path: known[path] or "" for path in paths.values() if path in known}
    others = [path for path in paths.values() if path not in known]
    lines = "".join(f"{desk.place.head}:{path}\n" for path in others)
    out = desk.place.repository.run("cat-file", "--batch-check", stdin=lines.encode()).decode()
    found = (line.partition(" ")[0] for line in out.splitlines())
    blobs.update(zip(others, found, strict=True))
    names = [blobs[path] or desk.place.repository.no_object for path in paths.values()]
    contents = zip(paths.items(), desk.objects.many(names), strict=True)
    wanted = {each: _wanted(data, path) for (each, path), data in contents}
    wrong = {each.ticket_id for each in amiss(desk.place, wanted, blobs, reached)}
    if wrong:
        mend(desk, wrong)
    return bool(wrong)


def mend(desk: Desk, ticket_ids: Iterable[str]) -> None:
    """Brings the level branches of tickets to where they belong. Raises Busy, Conflict."""
    with lock(desk.place.repository.local) as descriptor:
        recover.run(desk.place.repository, (descriptor,))
        desk.renew()
        place = desk.place
        there = refs.all_levels(place.repository)
        moves: dict[str, str | None] = {}
        for ticket_id in ticket_ids:
            path = ids.ticket_path(ticket_id)
            wanted = _wanted(desk.file(path), path)
            moves.update({each: None for each in there.get(ticket_id, ()) if each != wanted})
            if wanted:
                found = place.repository.text("log", "-1", "--format=%H", place.head, "--", path)
                moves[wanted] = found
        if moves:
            refs.move_levels(place.repository, moves, (descriptor,))


def _wanted(data: bytes | None, path: str) -> str | None:
    try:
        return refs.branch_of_file(data, path) if data else None
    except HdError:
        return None

"""A push judged before it is taken: the commits of main, and the branches that go with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hdcli.errors import BadData, NotADesk
from hdcli.model import ids
from hdcli.model.finding import Finding
from hdcli.model.ticket import Ticket
from hdcli.services.sealing import judged
from hdcli.services.vetting import DESK, Vetting
from hdcli.store import hub, refs
from hdcli.store.ancestry import contains, is_ancestor
from hdcli.store.discover import BRANCHES, repository_at
from hdcli.store.git import Repository
from hdcli.store.hub import Update
from hdcli.store.passage import passages

_REFS = ("refs/heads/", "refs/tags/", "refs/notes/")
_LEVELS = re.compile(r"l[0-9]+(?:/.*)?")
_TOGETHER = "hd sync pushes main and level branches together"
_OUTRUN = Finding("error", "refs/heads", 0, hub.OUTRUN, "hd sync, or git pull and push again")


def install(folder: Path) -> Path:
    """Makes a bare repository a hub: pushes to it are judged. Gives the hook's place.

    Raises NotADesk, Conflict.
    """
    repository = repository_at(folder)
    branch, tip = hub.desk_branch(repository, ())
    if tip and repository.attempt("cat-file", "-e", f"{tip}:{DESK}").returncode:
        raise NotADesk(f"{folder}: its branch '{branch}' has no {DESK}, so it is no desk")
    return hub.install(repository)


def hook(folder: Path) -> Path | None:
    """The hook that judges pushes to the repository in a folder; None without it.

    Raises NotADesk.
    """
    return hub.installed(repository_at(folder))


def receive(repository: Repository, updates: Sequence[Update]) -> Iterator[Finding]:
    """What is wrong with a push; nothing where it is to be taken. Raises GitFailed.

    git asks before it locks anything: what another push moves meanwhile would look like a fault of
    this one, which git then refuses by itself, and which is to be tried again.
    """
    before = hub.tips(repository)
    if any(each.branch and before.get(each.branch, "") != each.old for each in updates):
        yield _OUTRUN
        return
    found = list(_judged(repository, updates))
    if found and hub.tips(repository) != before:
        found = [_OUTRUN]
    yield from found


def _judged(repository: Repository, updates: Sequence[Update]) -> Iterator[Finding]:
    branch, old = hub.desk_branch(repository, updates)
    wrong = False
    for update in updates:
        for each in _of_ref(repository, update, branch):
            wrong = True
            yield each
    if wrong:
        return
    new = next((each.new for each in updates if each.branch == branch), old)
    if not new:
        return
    with Vetting(repository, old) as vetting:
        commits = passages(repository, old, new) if new != old else ()
        for each in judged(vetting, commits, fresh=True):
            wrong = True
            yield each
        if not wrong:
            yield from _levels(repository, vetting, new, updates)


def _of_ref(repository: Repository, update: Update, branch: str) -> Iterator[Finding]:
    """What is wrong with moving a ref so, whatever the commits are like."""
    said = remedy = ""
    if not update.ref.startswith(_REFS):
        said = "a desk takes branches, tags and notes, and no other refs"
    elif update.branch == branch and not update.new:
        said, remedy = "the desk's branch is never removed", "it is all there is of the desk"
    elif update.branch == branch and update.old:
        if not is_ancestor(repository, update.old, update.new):
            said, remedy = (
                "a forced push: it would drop commits of the desk",
                "hd sync, or git pull",
            )
    elif update.branch in BRANCHES and update.branch != branch and update.new:
        if branch != BRANCHES[0]:
            said = f"the desk's branch is '{branch}', which this would take the place of"
    elif _LEVELS.fullmatch(update.branch) and update.new and not refs.ticket_on(update.branch):
        said, remedy = "such names are for level branches: l2/HD-7K3QF", "call the branch otherwise"
    if said:
        name = f"branch {update.branch}" if update.branch else update.ref
        yield Finding("error", name, 0, said, remedy, commit=update.new or update.old)


def _levels(
    repository: Repository, vetting: Vetting, tip: str, updates: Sequence[Update]
) -> Iterator[Finding]:
    """What is wrong with the level branches, as they would be after the push."""
    tickets = dict.fromkeys(i for path in vetting.tickets if (i := ids.id_of_path(path)))
    tickets.update((i, None) for each in updates if (i := refs.ticket_on(each.branch)))
    there = hub.tips(repository) | {each.branch: each.new for each in updates if each.branch}
    present: dict[str, list[str]] = {}
    for name, commit in there.items():
        if commit and (ticket_id := refs.ticket_on(name)) in tickets:
            present.setdefault(ticket_id, []).append(name)
    asked = [there[name] for names in present.values() for name in names]
    merged = contains(repository, tip, asked) if asked else set()
    for ticket_id in tickets:
        for name, said in _amiss(
            vetting, tip, ticket_id, present.get(ticket_id, ()), there, merged
        ):
            at = there.get(name) or tip
            path = f"branch {name}"
            yield Finding("error", path, 0, said, _TOGETHER, ticket=ticket_id, commit=at)


def _amiss(
    vetting: Vetting,
    tip: str,
    ticket_id: str,
    names: Sequence[str],
    there: Mapping[str, str],
    merged: set[str],
) -> Iterator[tuple[str, str]]:
    """The level branches of a ticket that don't match it, each with what is wrong."""
    path = ids.ticket_path(ticket_id)
    blob = vetting.versions.blob(tip, path)
    try:
        wanted = refs.branch_of(vetting.versions.record(Ticket, blob, path)) if blob else None
    except BadData:
        return  # broken before there was a guard
    for name in names:
        if name != wanted:
            says = f"belongs on {wanted}" if wanted else "belongs on no level branch"
            yield name, f"{ticket_id} {says}" if blob else f"there is no ticket {ticket_id}"
    if wanted is None:
        return
    if wanted not in names:
        yield wanted, f"missing: {ticket_id} is escalated, and its branch was not pushed"
    elif there[wanted] not in merged:
        yield wanted, "at a commit that the desk's branch does not have"
    elif vetting.versions.blob(there[wanted], path) != blob:
        yield wanted, f"at a commit with another state of {ticket_id} than the desk has"

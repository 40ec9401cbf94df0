"""Moving branches: main and the level branches, in one ref transaction, compare-and-swap."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from hdcli.errors import Busy, Conflict, HdError, Refused
from hdcli.model import ids
from hdcli.model.fields import OPEN_STATUSES
from hdcli.model.ticket import Ticket
from hdcli.store.fastimport import FSYNC
from hdcli.store.git import GitFailed, Objects, Repository, said
from hdcli.store.yamlread import scalars

# A ref is locked for milliseconds; a lock that outlives this is a dead process's.
_STALE_SECONDS = 2.0
_LOCKED = re.compile(r"Unable to create '(.+)': File exists")
_LEVEL = re.compile(r"l[1-9][0-9]*")

_NO_ROOM = re.compile("(couldn't|[Uu]nable to) write|[Nn]o space")


class Outrun(Conflict):
    """The branch moved while a write was being made upon it."""


def level_branch(level: int, ticket_id: str) -> str:
    """The branch of a ticket on a level above the first: ``l2/HD-7K3QF``."""
    return f"l{level}/{ticket_id}"


def branch_of(ticket: Ticket) -> str | None:
    """The level branch that a ticket belongs on: above level 1, while it is worked on."""
    if ticket.level > 1 and ticket.status in OPEN_STATUSES:
        return level_branch(ticket.level, ticket.id)
    return None


def branch_of_file(data: bytes, path: str) -> str | None:
    """The same from a ticket's file, which is read no further than that takes. Raises BadData."""
    found = scalars(data, path, ("id", "status", "level"))
    level, name = found.get("level"), str(found.get("id"))
    if not isinstance(level, int) or level < 2 or found.get("status") not in OPEN_STATUSES:
        return None
    return level_branch(level, name) if ids.ID_PATTERN.fullmatch(name) else None


def present(objects: Objects, ticket_id: str, levels: int) -> list[str]:
    """The level branches that a ticket has."""
    names = [level_branch(level, ticket_id) for level in range(2, levels + 1)]
    return [name for name in names if objects.read(f"refs/heads/{name}", limit=0)]


def all_levels(repository: Repository) -> dict[str, list[str]]:
    """Every level branch of the desk, by ticket id."""
    found: dict[str, list[str]] = {}
    for name in repository.text("for-each-ref", "--format=%(refname)", "refs/heads/").split("\n"):
        branch = name.removeprefix("refs/heads/")
        if ticket_id := ticket_on(branch):
            found.setdefault(ticket_id, []).append(branch)
    return found


def level_commits(repository: Repository, start: str = "refs/heads/") -> dict[str, str]:
    """The commit of each level branch below ``start``."""
    form = "--format=%(objectname) %(refname)"
    found = {}
    for line in repository.text("for-each-ref", form, f"{start}l*/*").splitlines():
        commit, _, name = line.partition(" ")
        if ticket_on(branch := name.removeprefix(start)):
            found[branch] = commit
    return found


def ticket_on(branch: str) -> str | None:
    """The ticket that a level branch is of; None for any other branch."""
    level, _, ticket_id = branch.partition("/")
    is_one = _LEVEL.fullmatch(level) and ids.ID_PATTERN.fullmatch(ticket_id)
    return ticket_id if is_one else None


def move(
    repository: Repository,
    branch: str,
    old: str,
    new: str,
    levels: Mapping[str, str | None],
    keep: Sequence[int] = (),
) -> None:
    """Moves ``branch`` from ``old`` to ``new`` and the level branches to theirs (None: removed).

    All or none (git-update-ref(1)). Raises Outrun when the branch is no longer at ``old``, Refused
    when a hook of the repository says no, Busy when another git is at it, Conflict.
    """
    done = _update(repository, [f"update refs/heads/{branch} {new} {old}"], levels, keep)
    if done.returncode == 0:
        return
    now = repository.text("rev-parse", "--revs-only", f"refs/heads/{branch}")
    if now == new:
        return move_levels(repository, levels, keep)  # git was killed after the first
    if now != old:
        raise Outrun(f"'{branch}' moved meanwhile", "try again")
    raise _failed(done.stderr)


def move_levels(
    repository: Repository, levels: Mapping[str, str | None], keep: Sequence[int] = ()
) -> None:
    """Moves level branches alone. Raises Refused, Busy, Conflict."""
    done = _update(repository, [], levels, keep)
    if done.returncode:
        raise _failed(done.stderr)


def _update(
    repository: Repository, first: list[str], levels: Mapping[str, str | None], keep: Sequence[int]
) -> subprocess.CompletedProcess[bytes]:
    lines = ["start", *first]
    for name, commit in levels.items():
        ref = f"refs/heads/{name}"
        lines.append(f"update {ref} {commit}" if commit else f"delete {ref}")
    lines += ["prepare", "commit", ""]
    text = "\n".join(lines).encode()
    return repository.attempt(*FSYNC, "update-ref", "-m", "hd", "--stdin", stdin=text, keep=keep)


def _failed(stderr: bytes) -> HdError:
    reason = said(stderr)
    if "aborted by hook" in reason:
        first = stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        words = "" if first.startswith("fatal: ") else f": {first}"
        return Refused(f"a hook of this repository (reference-transaction) refused{words}")
    if locked := _LOCKED.search(reason):
        remedy = "if no git is running, remove that file"
        return Busy(f"another git is at work in this desk: {locked[1]} exists", remedy)
    if _NO_ROOM.search(reason):
        return GitFailed(f"git can't move the branches: {reason}")
    return Conflict(f"git can't move the branches: {reason}")


def create(repository: Repository, branch: str, commit: str, keep: Sequence[int] = ()) -> None:
    """Makes a branch that does not exist yet. Raises GitFailed."""
    lines = f"create refs/heads/{branch} {commit}\n"
    line = (*FSYNC, "update-ref", "-m", "hd init", "--stdin")
    repository.run(*line, stdin=lines.encode(), keep=keep)


def clear_stale_locks(repository: Repository) -> None:
    """Removes the lock files on refs that a killed git left: those that do not go by themselves.

    For the one who holds the desk's lock after a crash: no other hd moves refs then, and a person's
    git keeps such a lock for milliseconds.
    """
    folder = repository.common_dir
    found = [repository.git_dir / "HEAD.lock", *_ref_locks(folder / "refs")]
    found += [folder / "packed-refs.lock", folder / "packed-refs.new"]
    found = [each for each in found if each.exists()]
    deadline = time.monotonic() + _STALE_SECONDS
    while found and time.monotonic() < deadline:
        time.sleep(0.05)
        found = [each for each in found if each.exists()]
    for each in found:
        with contextlib.suppress(OSError):
            if time.time() - each.stat().st_mtime > _STALE_SECONDS:
                each.unlink()


def _ref_locks(refs: Path) -> list[Path]:
    return [*refs.glob("heads/*.lock"), *refs.glob("heads/l[0-9]*/*.lock"), *refs.glob("hd/*.lock")]

"""The clone: what git needs to work in it, and what stopped programs left."""

from __future__ import annotations

from collections.abc import Iterator

from hdcli.model.checkup import FIXED_BY, Check
from hdcli.services.doctor.disk import size
from hdcli.store import (
    clone,
    gitlocks,
    heldfile,
    journal,
    objectfiles,
    outofstep,
    scraps,
    skeleton,
)
from hdcli.store.anchors import Anchor
from hdcli.store.git import Repository
from hdcli.store.skeleton import Skeleton
from hdcli.store.underway import under_way

_REPAIR = "hd fsck --repair"


def shape(found: Skeleton) -> Check:
    """Whether git takes the folder for a repository."""
    repository = found.repository
    where = str(repository.work_tree or repository.git_dir)
    if found.refusal is None:
        kind = "" if repository.work_tree else ", bare"
        return Check("repository", "ok", f"{where}{kind}")
    if "objects" in found.lacks:
        message = f"{repository.common_dir} has lost its objects, all that was committed"
        return Check("repository", "problem", message, "hd clone URL NEW-FOLDER gets them again")
    if found.lacks:
        message = f"{repository.common_dir} lacks {' and '.join(found.lacks)}"
        return Check("repository", "problem", message, f"{FIXED_BY} makes it", "skeleton")
    return Check("repository", "problem", found.refusal.message, found.refusal.remedy)


def branch(repository: Repository, found: Anchor) -> Iterator[Check]:
    """What HEAD and the desk's branch are at."""
    name, known = f"branch '{found.branch}'", f"{found.source} has it at {found.commit[:10]}"
    if found.state in ("damaged", "missing"):
        what = "can't be read" if found.state == "damaged" else "is missing"
        if found.commit:
            yield _problem(f"{name} {what}; {known}", f"{FIXED_BY} puts it there", "branch")
        else:
            yield _problem(f"{name} {what}, and nothing says where it was", "git reflog; git fsck")
        return
    if found.state == "unborn":
        remotes = repository.text("remote").split()
        fetch = f"git fetch {remotes[0]}, then {FIXED_BY}" if remotes else "hd init makes a desk"
        yield _problem(f"there is no commit on {name} yet", fetch)
        return
    if found.state == "unreadable":
        yield _problem(f"{name}: its last commit can't be read whole", f"{_REPAIR} says more")
        return
    if found.state == "no desk":
        yield _problem(f"{name} has no desk.yaml: this is no desk", "git log --all -- desk.yaml")
        return
    yield _shown(repository, found)


def _problem(message: str, remedy: str, fix: str = "") -> Check:
    return Check("branch", "problem", message, remedy, "branch" if fix else "")


def _shown(repository: Repository, found: Anchor) -> Check:
    if repository.work_tree is None or found.shown == found.branch:
        return Check("branch", "ok", f"{found.branch} at {found.commit[:10]}")
    where = f"branch '{found.shown}'" if found.shown else "a detached HEAD"
    message = f"the files are those of {where}: hd reads '{found.branch}', and can't write"
    return Check("branch", "warning", message, f"git switch {found.branch}")


def waiting(repository: Repository) -> Iterator[Check]:
    """What git left half done."""
    for each in under_way(repository):
        yield Check(each.name, "warning", each.message, each.remedy)


def locks(repository: Repository) -> Iterator[Check]:
    """Locks of git's and of hd's, and the journal."""
    found = gitlocks.locks(repository)
    for each in found:
        name = each.place.relative_to(repository.common_dir.parent).as_posix()
        if each.doubt:
            remedy = "let it end; if nothing is at work, remove the file"
            message = f"{name} is there: {each.doubt}"
            yield Check("locks", "warning", message, remedy, path=name)
        else:
            message = f"{name} was left by a process that is dead"
            yield Check("locks", "warning", message, f"{FIXED_BY} removes it", "locks", name)
    held = repository.local / "lock.held"
    if holder := heldfile.holder(held):
        remedy = "the next command takes it over" if heldfile.is_left_over(held) else "let it end"
        yield Check("locks", "warning", f"the desk is locked by {holder}", remedy)
    if journal.path(repository.local).exists():
        message = "a write was stopped on its way"
        yield Check("journal", "warning", message, f"{FIXED_BY} finishes it", "journal")
    if not found and not holder:
        yield Check("locks", "ok", "none was left")


def index(repository: Repository) -> Iterator[Check]:
    """git's index."""
    if repository.work_tree is None:
        return
    found = outofstep.index(repository)
    if found.state in ("missing", "damaged"):
        message = f"git's index is {found.state}"
        yield Check("index", "problem", message, f"{FIXED_BY} makes it from HEAD", "index")
    elif found.state == "behind":
        count = len(found.behind)
        message = f"it is out of step with HEAD for {count} files that are as committed"
        yield Check("index", "warning", message, f"{FIXED_BY} puts it right", "index")
    else:
        staged = f", {found.staged} files staged" if found.staged else ""
        yield Check("index", "ok", f"in step with HEAD{staged}")


def objects(repository: Repository) -> Iterator[Check]:
    """The loose objects, where damage strikes most; ``hd fsck`` looks at all."""
    bad = objectfiles.bad_loose(repository)
    graphs = objectfiles.bad_indexes(repository)
    if bad:
        some = ", ".join(oid[:10] for oid in list(bad)[:3]) + (", …" if len(bad) > 3 else "")
        message = f"{len(bad)} damaged: {some}"
        yield Check("objects", "problem", message, f"{_REPAIR} fetches them back where it can")
    for place in graphs:
        message = f"{place.name} is damaged: git reads without it, slowly or not at all"
        yield Check("objects", "warning", message, f"{FIXED_BY} makes it anew", "graph")
    left = scraps.scraps(repository)
    if left.places:
        message = f"a git that was stopped left {len(left.places)} files, {size(left.size)}"
        yield Check("objects", "warning", message, f"{FIXED_BY} removes them", "scraps")
    if not bad and not graphs:
        yield Check("objects", "ok", "the loose ones are whole; hd fsck reads all")
    kept = skeleton.kept(repository)
    if kept.is_dir():
        message = f"what was damaged is kept in {kept}"
        yield Check("objects", "ok", f"{message}; remove it once all is well")


def setup(repository: Repository) -> Iterator[Check]:
    """The local configuration, with the merge driver."""
    lacks = clone.lacks(repository)
    if lacks:
        message = f"this clone lacks {', '.join(lacks)}"
        yield Check("config", "warning", message, f"{FIXED_BY} sets it up", "setup")
    else:
        yield Check("config", "ok", "git merges tickets by hd's rule here")

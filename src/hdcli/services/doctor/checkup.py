"""The check-up as a whole, and what ``--fix`` does: what is safe, and nothing that is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hdcli.errors import BadData, HdError, NotADesk
from hdcli.model.checkup import Check, Fix
from hdcli.model.settings import Settings
from hdcli.services.doctor import clone, disk, machine, projections, remotes
from hdcli.services.doctor.disk import size
from hdcli.store import (
    anchors,
    codec,
    gitlocks,
    objectfiles,
    objectrescue,
    outofstep,
    recover,
    scraps,
    skeleton,
)
from hdcli.store import clone as setup
from hdcli.store.anchors import Anchor
from hdcli.store.discover import discover
from hdcli.store.git import Repository
from hdcli.store.lock import lock
from hdcli.store.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class Patient:
    """Who is looked at: the folder, the moment (seconds since 1970, UTC), the agent named.

    ``ask_remotes`` lets the network be used.
    """

    start: Path
    now: int
    named: str | None = None
    ask_remotes: bool = False


@dataclass(slots=True)
class Cure:
    """What was fixed, and what could not be: a line each."""

    done: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def add(self, other: Cure) -> None:
        """Adds what was done besides."""
        self.done += other.done
        self.failed += other.failed


def examine(patient: Patient) -> list[Check]:
    """All checks, in the order in which one rests on another. Raises nothing: it says what is."""
    found = list(machine.checks(patient.now))
    if any(each.name == "git" and each.state == "problem" for each in found):
        return found
    return found + list(_clone(patient))


def _clone(patient: Patient) -> Iterator[Check]:
    try:
        found = skeleton.found(patient.start)
    except NotADesk as error:
        yield Check("repository", "problem", error.message, error.remedy)
        return
    yield clone.shape(found)
    if found.refusal is not None:
        return
    repository = found.repository
    anchor = anchors.anchor(repository)
    yield from _told(lambda: clone.branch(repository, anchor))
    if anchor.state in ("unborn", "no desk"):
        yield from _told(lambda: remotes.checks(repository, anchor.branch, ask=patient.ask_remotes))
        return  # nothing of it is hd's to judge, or to change
    yield from of_clone(repository, anchor)
    for group in (
        lambda: clone.objects(repository),
        lambda: disk.checks(_folder(repository)),
        lambda: _people(repository, anchor, patient),
        lambda: remotes.checks(repository, anchor.branch, ask=patient.ask_remotes),
    ):
        yield from _told(group)


def of_clone(repository: Repository, anchor: Anchor) -> Iterator[Check]:
    """What stopped programs left in a clone, and what of it can be made anew."""
    for group in (
        lambda: clone.waiting(repository),
        lambda: clone.locks(repository),
        lambda: clone.index(repository),
        lambda: clone.setup(repository) if anchor.state == "sound" else iter(()),
        lambda: projections.checks(repository, anchor.commit),
    ):
        yield from _told(group)


def _told(group: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """The checks of a group; one that breaks off says why and keeps no other from being made."""
    try:
        yield from group()
    except HdError as error:
        yield Check("check", "problem", error.message, error.remedy)
    except OSError as error:
        yield Check("check", "problem", f"{error.strerror or error}: {error.filename or ''}")


def _folder(repository: Repository) -> Path:
    return repository.local if repository.local.is_dir() else repository.common_dir


def _people(repository: Repository, anchor: Anchor, patient: Patient) -> Iterator[Check]:
    settings: Settings | None = None
    if anchor.state == "sound":
        text = repository.text("log", "-1", "--format=%ct", anchor.commit)
        late = machine.last_commit(patient.now, int(text) if text.isdecimal() else 0)
        if late is not None:
            yield late
        try:
            data = repository.run("cat-file", "blob", f"{anchor.commit}:desk.yaml")
            settings = codec.read_settings(data)
        except BadData as error:
            yield Check("settings", "problem", str(error.message), "mend desk.yaml; git commit it")
    top = repository.work_tree or repository.git_dir
    yield from machine.people(settings, top, patient.named)


_ORDER: tuple[Fix, ...] = (
    *("skeleton", "locks", "branch", "journal", "index", "graph", "projections", "setup", "scraps"),
)


def fix(patient: Patient) -> Cure:
    """Does what is safe about what ``examine`` finds; one thing may bring another to light.

    No commit is made, none is lost; no hand edit is touched.
    """
    cure, tried = Cure(), set[Fix]()
    while True:
        wanted = {each.fix for each in _clone(patient)} - tried
        kind = next((each for each in _ORDER if each in wanted), None)
        if kind is None:
            return cure
        tried.add(kind)
        try:
            cure.done += _FIXES[kind](skeleton.found(patient.start))
        except HdError as error:
            cure.failed.append(str(error))
        except OSError as error:
            cure.failed.append(f"{error.strerror or error}: {error.filename or ''}")


def _locks(found: Skeleton) -> list[str]:
    removed = gitlocks.clear(found.repository)
    return [f"{place.name} is removed" for place in removed]


def _branch(found: Skeleton) -> list[str]:
    with lock(found.repository.local) as descriptor:
        anchor = anchors.anchor(found.repository)
        return [anchors.restore(found.repository, anchor, (descriptor,))]


def _journal(found: Skeleton) -> list[str]:
    with lock(found.repository.local) as descriptor:
        recover.run(found.repository, (descriptor,))
    return ["the write that was stopped is finished"]


def _index(found: Skeleton) -> list[str]:
    with lock(found.repository.local) as descriptor:
        state = outofstep.index(found.repository)
        return [outofstep.mend(found.repository, state, (descriptor,))]


def _graph(found: Skeleton) -> list[str]:
    damaged = objectfiles.bad_indexes(found.repository)
    return objectrescue.discard(found.repository, damaged)


def _setup(found: Skeleton) -> list[str]:
    setup.set_up(discover(found.repository.work_tree or found.repository.git_dir))
    if setup.lacks(found.repository):  # it was, and somebody took some of it away since
        setup.configure(found.repository)
    return ["the clone is set up"]


def _scraps(found: Skeleton) -> list[str]:
    return [f"{size(scraps.clear(found.repository))} of a stopped git are freed"]


_FIXES: dict[Fix, Callable[[Skeleton], list[str]]] = {
    "skeleton": skeleton.mend,
    "locks": _locks,
    "branch": _branch,
    "journal": _journal,
    "index": _index,
    "graph": _graph,
    "projections": lambda found: projections.remove(found.repository),
    "setup": _setup,
    "scraps": _scraps,
}

"""What ``hd fsck`` says about the repository itself, and does about it.

It rests on git alone, so that a desk that can't be opened is checked and mended all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hdcli.errors import HdError, NotADesk
from hdcli.model import ids
from hdcli.model.checkup import FIXED_BY, Check
from hdcli.model.finding import Finding, Severity
from hdcli.services.doctor import checkup, clone
from hdcli.services.doctor.checkup import Cure, Patient
from hdcli.store import anchors, objectdamage, objectrescue, skeleton
from hdcli.store.discover import repository_at
from hdcli.store.git import Repository
from hdcli.store.skeleton import Skeleton

if TYPE_CHECKING:
    from hdcli.store.objectdamage import Damage, Lost

_ERROR: Severity = "error"
_WARNING: Severity = "warning"
_GIT = ".git"
REPAIR = "hd fsck --repair"
_NO_COPY = (
    "files, index and remotes have no copy of what is still lost; "
    "git remote add NAME URL names another clone"
)
_BRINGS_BACK = f"{REPAIR} brings it back where a copy is left"
_MAKES_ANEW = f"{REPAIR} makes it anew"


def findings(patient: Patient) -> list[Finding]:
    """What is wrong with a repository and its objects, where no desk can be opened or read.

    Raises NotADesk where there is none to mend.
    """
    found = skeleton.found(patient.start)
    said = list(of_clone(found))
    return said + list(of_objects(found.repository) if found.refusal is None else ())


def of_clone(found: Skeleton) -> Iterator[Finding]:
    """What stopped programs left in a clone, and what of it can be made anew. Raises NotADesk."""
    if found.refusal is not None:
        if not found.lacks:
            raise found.refusal
        yield _finding(clone.shape(found))
        return
    anchor = anchors.anchor(found.repository)
    checks = list(clone.branch(found.repository, anchor))
    if anchor.state in ("unborn", "no desk"):
        raise NotADesk(checks[0].message, checks[0].remedy)
    for each in (*checks, *checkup.of_clone(found.repository, anchor)):
        if each.state != "ok":
            yield _finding(each)


def _finding(check: Check) -> Finding:
    """What only a person can settle is no fault of the desk's: a merge under way, a git at work."""
    severity: Severity = "error" if check.state == "problem" else "warning"
    if check.state == "warning" and not check.fix:
        severity = "note"
    remedy = check.remedy.replace(FIXED_BY, REPAIR)
    path = check.path or _GIT
    message = check.message.removeprefix(f"{check.path} ")
    return Finding(severity, path, 0, message, remedy, "clone" if check.fix else "")


def of_objects(repository: Repository) -> Iterator[Finding]:
    """Damaged and missing objects, told by what of the desk is in them."""
    found = objectdamage.damage(repository)
    for bad in found.packs:
        path, message = f"{_GIT}/objects/pack/{bad.pack.name}", "the pack is damaged"
        if bad.pack_is_sound:
            message = "its index is damaged or missing"
        yield Finding("error", path, 0, message, f"{REPAIR} saves what is left", "objects")
    for place in found.indexes:
        message = f"{place.name} is damaged: git reads without it, slowly or not at all"
        yield Finding("warning", _GIT, 0, message, _MAKES_ANEW, "objects")
    yield from _lost(found)
    for line in found.said:
        yield Finding("error", _GIT, 0, f"git fsck: {line}", "fetch it from another clone")


def _lost(found: Damage) -> Iterator[Finding]:
    """One finding for each file of the desk, however many states of it are lost."""
    by_path: dict[str, list[tuple[str, Lost]]] = {}
    for oid, each in found.lost.items():
        by_path.setdefault(each.path or oid, []).append((oid, each))
    for (oid, first), *more in by_path.values():
        said = f"{first.said(oid)} is {'missing' if first.file is None else 'damaged'}"
        if oid[:10] not in said:
            said += f" ({first.kind} {oid[:10]})"
        if more:
            said += f", and {len(more)} more state{'s' * (len(more) > 1)} of it"
        severity, remedy = _ERROR, _BRINGS_BACK
        if found.needs_nothing:
            severity, remedy = _WARNING, f"nothing needs it; {REPAIR} puts it aside"
        ticket = ids.id_of_path(first.path) or ""
        yield Finding(severity, first.path or _GIT, 0, said, remedy, "objects", ticket)


def mend(patient: Patient, found: Sequence[Finding]) -> Cure:
    """Mends what findings of this module name. No commit is made, none is lost."""
    kinds = {each.repair for each in found}
    cure = checkup.fix(patient) if "clone" in kinds else Cure()
    if "objects" in kinds:
        rescued = _rescue(patient)
        cure.add(rescued)
        if rescued.done:  # what can be read again shows more of the clone
            cure.add(checkup.fix(patient))
    return cure


def _rescue(patient: Patient) -> Cure:
    try:
        repository = repository_at(patient.start)
        rescue = objectrescue.rescue(repository, objectdamage.damage(repository))
    except HdError as error:
        return Cure(failed=[str(error)])
    except OSError as error:
        return Cure(failed=[f"{error.strerror or error}: {error.filename or ''}"])
    return Cure(rescue.done, [*rescue.refused, *([_NO_COPY] if rescue.left.lost else [])])

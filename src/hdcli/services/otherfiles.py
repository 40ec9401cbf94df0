"""Files of a desk that are no tickets and no articles, merged for a sync: nobody is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hdcli.errors import BadData, Conflict
from hdcli.store import codec, threeway, yamlread
from hdcli.store.desk import Desk
from hdcli.store.git import Repository
from hdcli.store.threeway import Sides


@dataclass(frozen=True, slots=True)
class Other:
    """A file of both sides; the keys where one side's value was outdone; what to tell people."""

    data: bytes
    lost: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def require_settings(desk: Desk, theirs: str, name: str) -> None:
    """Raises Conflict where ``theirs``, a commit of ``name``, has no settings that can be read: who
    took them in could do nothing more, not even sync."""
    found = desk.objects.read(f"{theirs}:desk.yaml")
    try:
        if not found or found[1] != "blob":
            raise BadData("there is none", "desk.yaml")
        codec.read_settings(found[2])
    except BadData as error:
        remedy = "whoever changed it mends it and pushes that; then hd sync"
        raise Conflict(f"{name}: nothing was taken in: {error}", remedy) from None


def merged(repository: Repository, sides: Sides, ours: str, theirs: str) -> Other:
    """YAML by key, any other file by lines. ``ours`` and ``theirs`` are the commits of the sides.

    Where both changed one thing in two ways, YAML has the value of who changed the file later,
    any other file stays as ours is. That is told.
    """
    if sides.path.endswith(".yaml"):
        return _document(repository, sides, ours, theirs)
    data = threeway.text(repository, sides)
    if data is not None:
        return Other(data)
    where = f"git show {theirs[:10]}:{sides.path}"
    remark = f"{sides.path}: both changed the same lines: kept yours; {where} is theirs"
    return Other(sides.ours, remarks=(remark,))


def _document(repository: Repository, sides: Sides, ours: str, theirs: str) -> Other:
    path = sides.path
    swapped = _changed_at(repository, theirs, path) > _changed_at(repository, ours, path)
    if _is_sound(sides.ours) != _is_sound(sides.theirs):
        swapped = not _is_sound(sides.ours)
    kept = "theirs" if swapped else "yours"
    if swapped:
        sides = replace(sides, ours=sides.theirs, theirs=sides.ours)
    try:
        data, clashes = threeway.document(repository, sides)
        if path == "desk.yaml":
            codec.read_settings(data)
    except BadData as error:
        remark = f"{path}: the two don't fit together ({error.reason}): kept {kept}"
        return Other(sides.ours, remarks=(remark,))
    names = tuple(".".join(each) for each in clashes)
    told = (f"{path}: both changed {name}: kept {kept}, which is the later" for name in names)
    return Other(data, names, tuple(told))


def _is_sound(data: bytes) -> bool:
    try:
        yamlread.load(data, "")
    except BadData:
        return False
    return True


def _changed_at(repository: Repository, commit: str, path: str) -> int:
    """When a file was changed last, in seconds since 1970, UTC."""
    text = repository.text("log", "-1", "--format=%ct", commit, "--", path)
    return int(text) if text.isdecimal() else 0

"""A repository found without git's help, for when git says that there is none.

git wants three things before it calls a folder a repository: HEAD, objects and refs. A power cut or
a program that copies no empty folders takes one away, and all the rest is there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hdcli.errors import HdError, NotADesk
from hdcli.store.discover import BRANCHES, repository_at
from hdcli.store.git import Repository

_HEAD = re.compile(rb"ref: refs/\S+\n?|[0-9a-f]{40}(?:[0-9a-f]{24})?\n?")
# Folders that empty ones are dropped of on the way through a zip file or a file share.
_WANTED = ("refs", "refs/heads", "refs/tags", "objects/info", "objects/pack")


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A repository as its folder shows it; ``refusal`` is what git says of it, None when it works.

    ``lacks`` names what keeps git from calling it one: ``HEAD``, ``refs``, ``objects``.
    """

    repository: Repository
    refusal: HdError | None = None
    lacks: tuple[str, ...] = ()


def found(start: Path) -> Skeleton:
    """The repository around a folder, whole or not. Raises NotADesk where there is no trace."""
    try:
        return Skeleton(repository_at(start))
    except NotADesk as error:
        refusal = error
    repository = _around(start)
    if repository is None:
        raise refusal
    return Skeleton(repository, refusal, tuple(_lacking(repository)))


def mend(skeleton: Skeleton) -> list[str]:
    """Makes what git needs to see and nothing but a branch's name is lost with. Raises OSError."""
    done = []
    common = skeleton.repository.common_dir
    if "refs" in skeleton.lacks:
        for name in _WANTED:
            (common / name).mkdir(exist_ok=True)
        done.append("refs: the empty folder is there again")
    if "HEAD" in skeleton.lacks:
        head = skeleton.repository.git_dir / "HEAD"
        branch = next((each for each in BRANCHES if _is_branch(common, each)), BRANCHES[0])
        with aside(skeleton.repository, [head]):
            head.write_text(f"ref: refs/heads/{branch}\n")
        done.append(f"HEAD: it names '{branch}' again")
    return done


@contextmanager
def aside(repository: Repository, places: Iterable[Path]) -> Iterator[None]:
    """Moves damaged files to ``.git/hd/damaged``, where nothing looks and nothing is lost.

    They come back when what the block does in their stead fails.
    """
    moved: list[tuple[Path, Path]] = []
    try:
        for place in places:
            if os.path.lexists(place):
                target = _free_name(repository, place)
                place.rename(target)
                moved.append((place, target))
        yield
    except BaseException:
        for place, target in moved:
            target.rename(place)
        raise


def _free_name(repository: Repository, place: Path) -> Path:
    folder = kept(repository)
    folder.mkdir(parents=True, exist_ok=True)
    tops = (repository.git_dir, repository.common_dir)
    top = next(each for each in tops if place.is_relative_to(each))
    name = "-".join(place.relative_to(top).parts)
    target, number = folder / name, 1
    while os.path.lexists(target):
        number += 1
        target = folder / f"{name}.{number}"
    return target


def kept(repository: Repository) -> Path:
    """Where damaged files are kept."""
    return repository.local / "damaged"


def _around(start: Path) -> Repository | None:
    here = Path(os.path.abspath(start))
    for folder in (here, *here.parents):
        dot = folder / ".git"
        if dot.is_dir():
            return Repository(dot, dot, folder)
        if folder.name == ".git" and (folder / "objects").is_dir():
            return Repository(folder, folder, folder.parent)
        if (folder / "objects").is_dir() and (folder / "config").is_file():
            return Repository(folder, folder, None)
    return None


def _lacking(repository: Repository) -> list[str]:
    common = repository.common_dir
    lacks = [name for name in ("objects", "refs") if not (common / name).is_dir()]
    try:
        head = (repository.git_dir / "HEAD").read_bytes()
    except OSError:
        head = b""
    return lacks if _HEAD.fullmatch(head) else [*lacks, "HEAD"]


def _is_branch(common: Path, name: str) -> bool:
    if (common / "refs" / "heads" / name).exists():
        return True
    try:
        packed = (common / "packed-refs").read_bytes()
    except OSError:
        return False
    return f" refs/heads/{name}\n".encode() in packed

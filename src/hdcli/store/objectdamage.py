"""Which objects of a repository are damaged or missing, and what of the desk is in them."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hdcli.model import ids
from hdcli.model.dates import format_utc
from hdcli.model.slug import slug_of_path
from hdcli.store import objectfiles
from hdcli.store.git import Repository
from hdcli.store.objectfiles import BadPack

_MISSING = re.compile(r"missing (blob|tree|commit|tag) ([0-9a-f]{40,64})(?: \((.*)\))?")
_NO_TIP = re.compile(r"error: (refs/\S+|HEAD): invalid sha1 pointer ([0-9a-f]{40,64})")
_BAD = re.compile(r"error: cannot unpack ([0-9a-f]{40,64}) from .*")
_NAMED = re.compile(r"\s*(?:broken link from|to)\s+(\w+) ([0-9a-f]{40,64}) \((.*)\)")
# The kind of an object that can't be read, and that nothing readable leads to.
UNKNOWN = "object"
_MOMENT = re.compile(r"@\{(\d+)\}")
_REST = re.compile(
    r"notice:|missing |broken link|\s+to\s|error: refs/\S+: invalid|error: HEAD: invalid"
    r"|error: bad ref for|error: Could not read|error: inflate: |error: invalid HEAD|dangling "
    r"|failed to parse commit "
)


@dataclass(slots=True)
class Lost:
    """An object that can't be read. ``where`` is what leads to it, as git names it:
    ``:tickets/7k/HD-7K3QF.yaml`` or ``refs/heads/main~3``; empty where nothing is known to."""

    kind: str
    where: str = ""
    file: Path | None = None

    def said(self, oid: str) -> str:
        """What it is to a person: ``HD-7K3QF as of main~3``, else its kind and id."""
        revision, _, path = self.where.partition(":")
        revision = _MOMENT.sub(_moment, revision.removeprefix("refs/heads/"))
        what = ids.id_of_path(path) or (f"article {slug}" if (slug := slug_of_path(path)) else path)
        if self.kind == "commit":
            what = f"commit {oid[:10]}"
        elif self.kind == "tree":
            what = f"the folder {path}" if path else "the list of all files"
        what = what or f"{self.kind} {oid[:10]}"
        return f"{what} as of {revision}" if revision else what

    @property
    def path(self) -> str:
        """The file of the desk that it is, or belongs to; empty where that is not known."""
        return self.where.partition(":")[2]


def _moment(found: re.Match[str]) -> str:
    """A place in a reflog, which git counts in seconds, with a time as people read it."""
    return f"@{{{format_utc(datetime.fromtimestamp(int(found[1]), UTC))}}}"


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with the objects; ``files`` are the damaged files themselves.

    ``tips`` are branches and the commits that they should be at; ``said`` what git complained of
    besides. ``indexes`` can be made anew from the objects.
    """

    lost: Mapping[str, Lost] = field(default_factory=dict)
    packs: tuple[BadPack, ...] = ()
    indexes: tuple[Path, ...] = ()
    tips: tuple[tuple[str, str], ...] = ()
    said: tuple[str, ...] = ()

    @property
    def needs_nothing(self) -> bool:
        """Whether nothing that git keeps leads to what is lost."""
        known = any(each.kind != UNKNOWN for each in self.lost.values())
        return not (known or self.packs or self.said)

    def __bool__(self) -> bool:
        return bool(self.lost or self.packs or self.indexes or self.said)


def damage(repository: Repository) -> Damage:
    """Reads every object once, with git and without. Writes nothing into the repository."""
    loose = objectfiles.bad_loose(repository)
    packs = tuple(objectfiles.bad_packs(repository))
    indexes = tuple(objectfiles.bad_indexes(repository))
    with tempfile.TemporaryDirectory(prefix="hd-index-") as folder:
        # The index is another matter, and a damaged one would end git's check.
        index = Path(folder) / "index"
        with _without(repository, loose, indexes) as view:
            lines = _fsck(view, index)
            if any(_MISSING.fullmatch(line) for line in lines):
                # Names take memory for every object: they are asked for when one is wanted.
                lines = _fsck(view, index, "--name-objects")
    lost, tips, said = _read(lines)
    for oid, place in loose.items():
        known = lost.setdefault(oid, Lost(UNKNOWN))
        known.file = place
    known_of = {each.pack.stem for each in packs}
    more = [line for line in dict.fromkeys(said) if not any(each in line for each in known_of)]
    return Damage(lost, packs, indexes, tuple(tips), tuple(more))


def _fsck(repository: Repository, index: Path, *more: str) -> list[str]:
    done = subprocess.run(
        repository.git("fsck", "--no-dangling", "--no-progress", *more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=repository.environment(GIT_INDEX_FILE=str(index)),
        cwd=repository.git_dir,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace").splitlines()


def _read(lines: list[str]) -> tuple[dict[str, Lost], list[tuple[str, str]], list[str]]:
    lost: dict[str, Lost] = {}
    tips: list[tuple[str, str]] = []
    said: list[str] = []
    named: dict[str, str] = {}
    for line in lines:
        if found := _MISSING.fullmatch(line):
            lost[found[2]] = Lost(found[1], found[3] or "")
        elif found := _NO_TIP.fullmatch(line):
            if found[1] != "HEAD" and set(found[2]) != {"0"}:
                tips.append((found[1], found[2]))
        elif found := _NAMED.fullmatch(line):
            named[found[2]] = found[3]
        elif found := _BAD.fullmatch(line):
            lost.setdefault(found[1], Lost(UNKNOWN))
        elif line.strip() and not _REST.match(line):
            said.append(line)
    for ref, oid in tips:
        lost.setdefault(oid, Lost("commit", ref))
    for oid, each in lost.items():
        each.where = each.where or named.get(oid, "")
    return lost, tips, said


@contextmanager
def _without(
    repository: Repository, loose: Mapping[str, Path], indexes: tuple[Path, ...]
) -> Iterator[Repository]:
    """The repository as if damaged files were not there: git goes on where else it would stop."""
    if not loose and not indexes:
        yield repository
        return
    from dataclasses import replace

    objects = repository.common_dir / "objects"
    with tempfile.TemporaryDirectory(prefix="hd-objects-") as folder:
        _linked(objects, Path(folder), {*loose.values(), *indexes})
        seen = ("GIT_OBJECT_DIRECTORY", folder)
        yield replace(repository, variables=(*repository.variables, seen))


def _linked(source: Path, target: Path, without: set[Path]) -> None:
    """Links to all that a folder holds, but for some files somewhere in it."""
    for name in os.listdir(source):
        place = source / name
        if any(each.is_relative_to(place) for each in without):
            if place not in without:
                (target / name).mkdir()
                _linked(place, target / name, without)
        elif name == "alternates":
            lines = place.read_text("utf-8", "surrogateescape").splitlines()
            text = "".join(
                f"{source.parent / line}\n" for line in lines if line[:1] not in ("#", "")
            )
            (target / name).write_text(text, "utf-8", "surrogateescape")
        else:
            (target / name).symlink_to(place)

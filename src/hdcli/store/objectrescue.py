"""Bringing damaged and missing objects back: from sound copies alone, each checked by its id.

Copies are looked for in the work tree, the index, the remotes. They are gathered in a repository of
their own first; then the damaged file goes aside, never away, and they are stored in its place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hdcli.store import maintenance, scratchrepo, skeleton
from hdcli.store.fastimport import blob_id
from hdcli.store.git import Repository
from hdcli.store.objectdamage import UNKNOWN, Damage, damage
from hdcli.store.objectfiles import BadPack
from hdcli.store.scratchrepo import lacking, objects_of, packed, readable, store

_FILES = ("desk.yaml", ".gitattributes")
_FOLDERS = ("tickets", "kb", "canned", "attachments")
Source = Callable[[Repository, Damage], str]


@dataclass(frozen=True, slots=True)
class Rescue:
    """What was done, which sources could not help and why, a line each; and what is left."""

    done: list[str]
    refused: list[str]
    left: Damage


def rescue(repository: Repository, found: Damage) -> Rescue:
    """Mends what sound copies are found for; what nothing needs goes aside.

    Raises GitFailed, OSError where nothing can be stored; what was damaged is never removed.
    """
    done = [_salvage(repository, each) for each in found.packs]
    done += discard(repository, found.indexes)
    refused: list[str] = []
    left = damage(repository) if done else found
    before = dict(left.lost)
    with scratchrepo.scratch(repository) as gathered:
        for name, source in _sources(repository):
            if not left.lost:
                break
            refusal = source(gathered, left)
            if refusal:
                refused.append(f"{name} could not help: {refusal}")
            elif _take_over(repository, gathered, left):
                left = damage(repository)
                back = [oid for oid in before if oid not in left.lost]
                done += [f"{before.pop(oid).said(oid)} is back, from {name}" for oid in back]
    if left.lost and left.needs_nothing:
        done += [
            f"{each.said(oid)} is put aside: nothing needs it" for oid, each in left.lost.items()
        ]
        with skeleton.aside(repository, [each.file for each in left.lost.values() if each.file]):
            left = damage(repository)
    return Rescue(done, refused, left)


def discard(repository: Repository, indexes: Sequence[Path]) -> list[str]:
    """Removes damaged files that only make git quick, and makes the commit-graph anew.

    Of a chain of graphs each builds on those before it, so that all go.
    """
    done = []
    for each in indexes:
        for part in each.parent.iterdir() if each.suffix == ".graph" else [each]:
            part.unlink(missing_ok=True)
        done.append(f"{each.name} is removed: git can make it anew")
    if any("graph" in each.name for each in indexes):
        repository.attempt(*maintenance.GRAPH)
    return done


def _sources(repository: Repository) -> Iterator[tuple[str, Source]]:
    if repository.work_tree is not None:
        yield "the work tree", partial(_from_files, repository.work_tree)
        yield "the index", partial(_from_index, repository)
    urls = [(name, _url(repository, name)) for name in repository.text("remote").split()]
    yield from ((name, partial(_by_id, url)) for name, url in urls)
    yield from ((name, partial(_all_of, url)) for name, url in urls)


def _url(repository: Repository, name: str) -> str:
    """Where a remote is; a relative path is one from the work tree, as git takes it."""
    url = repository.text("config", "--get", f"remote.{name}.url")
    local = (repository.work_tree or repository.git_dir) / url
    return str(local) if ":" not in url and local.exists() else url


def _by_id(url: str, gathered: Repository, left: Damage) -> str:
    scratchrepo.fetch_objects(gathered, url, left.lost)
    return ""


def _all_of(url: str, gathered: Repository, _: Damage) -> str:
    return scratchrepo.fetch_all(gathered, url)


def _from_files(top: Path, gathered: Repository, left: Damage) -> str:
    wanted = {oid for oid, each in left.lost.items() if each.kind in ("blob", UNKNOWN)}
    for place in _files(top) if wanted else ():
        with suppress(OSError):
            data = place.read_bytes()
            if blob_id(data, gathered.hash) in wanted:
                gathered.run("hash-object", "-w", "--no-filters", "--stdin", stdin=data)
    return ""


def _files(top: Path) -> Iterator[Path]:
    yield from (top / name for name in _FILES)
    for folder in _FOLDERS:
        for where, _, names in os.walk(top / folder):
            yield from (Path(where, name) for name in names)


def _from_index(repository: Repository, gathered: Repository, _: Damage) -> str:
    """The trees that git's index knows, written anew: those of the last commit are among them."""
    index = gathered.git_dir / "index"
    try:
        shutil.copyfile(repository.git_dir / "index", index)
    except OSError:
        return ""
    gathered.attempt("write-tree", "--missing-ok", env={"GIT_INDEX_FILE": str(index)})
    return ""


def _take_over(repository: Repository, gathered: Repository, left: Damage) -> bool:
    """Stores what was gathered and is not ours; whether there was anything that was lost."""
    there = objects_of(gathered)
    lost = [oid for oid in there if oid in left.lost]
    if not lost:
        return False
    wanted = {*lost, *lacking(repository, there)}
    moved = [place for oid in lost if (place := left.lost[oid].file) is not None]
    sound = [oid for oid in readable(gathered, wanted) if oid in wanted]
    pack = packed(gathered, sound, gathered)
    with skeleton.aside(repository, moved):
        store(repository, pack)
    return True


def _salvage(repository: Repository, bad: BadPack) -> str:
    """Takes what can be read out of a damaged pack, and the pack away; or makes its index anew."""
    index = bad.pack.with_suffix(".idx")
    (bad.pack.parent / "multi-pack-index").unlink(missing_ok=True)
    if bad.pack_is_sound:
        with skeleton.aside(repository, [index]):
            repository.run("index-pack", str(bad.pack))
        return f"{bad.pack.name}: its index is made anew"
    with scratchrepo.scratch(repository) as gathered:
        source, sound = repository, list(readable(repository, _known(repository, bad)))
        if not sound:
            source, sound = gathered, _unpacked(gathered, bad.pack)
        pack = packed(source, sound, gathered) if sound else None
        with skeleton.aside(repository, sorted(bad.pack.parent.glob(f"{bad.pack.stem}.*"))):
            if pack is not None:
                store(repository, pack)
    return f"{bad.pack.name} is damaged: {len(sound)} of its objects could be read and are kept"


def _known(repository: Repository, bad: BadPack) -> list[str]:
    """The objects that a pack has, as its index says; none where that is damaged too."""
    if not bad.index_is_sound:
        return []
    data = bad.pack.with_suffix(".idx").read_bytes()
    lines = repository.run("show-index", stdin=data).decode().splitlines()
    return [line.split()[1] for line in lines]


def _unpacked(gathered: Repository, pack: Path) -> list[str]:
    """What can be read from a pack's beginning on."""
    gathered.attempt("unpack-objects", "-q", "-r", stdin=pack.read_bytes())
    return objects_of(gathered)

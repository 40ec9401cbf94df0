"""Keeping the search index up with the commits: whoever reads it brings it up to date first."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from hdcli.errors import HdError
from hdcli.model.ids import id_of_path
from hdcli.model.slug import slug_of_path
from hdcli.search import guard
from hdcli.search.document import KINDS, Document, Kind
from hdcli.search.index import Index, drop, rebuild
from hdcli.store import cache, texts
from hdcli.store.desk import Desk

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told how many texts of how many are indexed."""

_FOLDER = "index"
# Read at once; in between the cache is free for others.
_PORTION = 400
_TRIES = 3
# Where more than this part of a desk changed, all of it is indexed anew.
_PART = 0.5


def opened_index(desk: Desk, progress: Progress | None = None) -> Index:
    """The index of a desk, at least as new as the commit that the desk was opened at.

    Where nothing can be written it is built in a temporary folder. Raises Busy.
    """
    folder = desk.place.repository.local / _FOLDER
    index = Index.open(folder)
    if index.commit == desk.cache.head and not index.worn:
        return index
    index.close()
    try:
        with guard.writing(folder):
            for _ in range(_TRIES):
                index = _caught_up(desk, folder, progress)
                if index.commit is not None:
                    return index
                drop(folder)  # somebody deleted some of it meanwhile
    except OSError:
        pass
    return _built_elsewhere(desk, progress)


def ask(desk: Desk, question: Callable[[Index], T], progress: Progress | None = None) -> T:
    """The answer to a question; an index that turns out to be damaged is built anew first."""
    index = opened_index(desk, progress)
    try:
        return question(index)
    except HdError:
        raise
    except Exception:
        # Whoosh has no one error for files that are not what it wrote.
        with guard.writing(index.folder):
            drop(index.folder)
    return question(opened_index(desk, progress))


def forget(desk: Desk) -> None:
    """Deletes the index with all that it knew of texts that are gone; the next search builds it.

    Raises Busy.
    """
    folder = desk.place.repository.local / _FOLDER
    if folder.exists():
        with guard.writing(folder):
            shutil.rmtree(folder, ignore_errors=True)


def at_hand(desk: Desk) -> bool:
    """Whether a question is answered with hardly anything to index before it."""
    index = Index.open(desk.place.repository.local / _FOLDER)
    commit, worn = index.commit, index.worn
    index.close()
    if worn or commit is None:
        return desk.cache.ask(texts.in_all) <= _PORTION
    if commit == desk.cache.head:
        return True
    changed = _changed(desk, commit, desk.cache.head)
    return changed is not None and len(changed) <= _PORTION


def _caught_up(desk: Desk, folder: Path, progress: Progress | None) -> Index:
    """The index, newer than it was; empty when its files were deleted while it was written."""
    index = Index.open(folder)  # another process may have done it meanwhile
    head = desk.cache.ask(lambda db: cache.meta(db, "head")) or desk.cache.head
    if index.commit == head and not index.worn:
        return index
    changed = None if index.worn else _changed(desk, index.commit or "", head)
    if changed is None or len(changed) > _PART * index.documents + _PORTION:
        index.close()
        return _rebuilt(desk, folder, head, progress)
    found: list[Document] = []
    for kind in KINDS:
        keys = [key for each, key in changed if each == kind]
        found += _read(desk, kind, keys)
    there = {each.key for each in found}
    try:
        return index.update(found, [key for _, key in changed if key not in there], head)
    except FileNotFoundError:
        return _rebuilt(desk, folder, head, progress)


def _changed(desk: Desk, old: str, new: str) -> list[tuple[Kind, str]] | None:
    """The tickets and articles that differ between two commits; None where one is gone."""
    how = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", old, new, "--", "tickets", "kb")
    done = desk.place.repository.attempt(*how)
    if done.returncode:
        return None
    found: list[tuple[Kind, str]] = []
    for path in done.stdout.decode("utf-8", "surrogateescape").split("\0"):
        if ticket := id_of_path(path):
            found.append(("ticket", ticket))
        elif slug := slug_of_path(path):
            found.append(("article", slug))
    return found


def _rebuilt(desk: Desk, folder: Path, head: str, progress: Progress | None) -> Index:
    total = desk.cache.ask(texts.in_all)
    told = (lambda done: progress(done, total)) if progress else None
    return rebuild(folder, _all(desk), head, told)


def _all(desk: Desk) -> Iterator[Document]:
    for kind in KINDS:
        keys = _keys(desk, kind)
        for start in range(0, len(keys), _PORTION):
            yield from _read(desk, kind, keys[start : start + _PORTION])


def _keys(desk: Desk, kind: Kind) -> list[str]:
    return desk.cache.ask(lambda db: texts.keys(db, kind))


def _read(desk: Desk, kind: Kind, keys: Sequence[str]) -> list[Document]:
    return desk.cache.ask(lambda db: list(texts.documents(db, kind, keys)))


def _built_elsewhere(desk: Desk, progress: Progress | None) -> Index:
    folder = Path(tempfile.mkdtemp(prefix="hd-index-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return _rebuilt(desk, folder, desk.cache.head, progress)

"""What is derived from the commits, and git's housekeeping: none of it is ever needed to answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from hdcli.errors import HdError
from hdcli.model.checkup import FIXED_BY, Check
from hdcli.search import manifest
from hdcli.search.index import Index, drop
from hdcli.store import cachestate, housekeeping, mirror
from hdcli.store.git import Repository

_FOLDER = "index"
_MANY_LOOSE, _MANY_PACKS = 20_000, 100


def checks(repository: Repository, head: str) -> Iterator[Check]:
    """The cache, the search index, git's objects; ``head`` is the commit of the desk's branch."""
    yield _cache(repository, head)
    yield _index(repository, head)
    yield from _housekeeping(repository)


def _cache(repository: Repository, head: str) -> Check:
    state, commit = cachestate.look(repository.local)
    if state == "damaged":
        message = "cache.sqlite3 can't be read"
        return Check("cache", "warning", message, f"{FIXED_BY} removes it", "projections")
    said = {
        "none": "there is none; the next command builds it",
        "other version": "of another version of hd; the next command builds it anew",
        "busy": "somebody is writing to it",
    }
    return Check("cache", "ok", said.get(state) or _age(commit, head))


def _age(commit: str, head: str) -> str:
    return "as of the last commit" if commit == head else "behind; whoever reads it catches up"


def _index(repository: Repository, head: str) -> Check:
    folder = repository.local / _FOLDER
    if not (folder / manifest.NAME).exists():
        return Check("search index", "ok", "there is none; the next search builds it")
    with closing(Index.open(folder)) as index:
        if index.commit is None:
            message = "it can't be read"
            return Check(
                "search index", "warning", message, f"{FIXED_BY} removes it", "projections"
            )
        return Check("search index", "ok", _age(index.commit, head))


def _housekeeping(repository: Repository) -> Iterator[Check]:
    found = housekeeping.state(repository)
    if found.complaint:
        message = f"git gc gave up: {found.complaint}"
        yield Check("maintenance", "warning", message, "git gc, which then says what is wrong")
    elif found.loose > _MANY_LOOSE or found.packs > _MANY_PACKS:
        message = f"{found.loose:,} loose objects and {found.packs} packs: git gets slow"
        yield Check("maintenance", "warning", message, "git gc")
    else:
        yield Check(
            "maintenance", "ok", f"about {found.loose:,} loose objects, {found.packs} packs"
        )
    if found.partial:
        yield Check("history", "ok", f"this clone is {found.partial}: it can't show everything")


def remove(repository: Repository) -> list[str]:
    """Removes a damaged cache and a damaged search index; says what it did."""
    done = []
    if cachestate.look(repository.local)[0] == "damaged":
        mirror.drop(repository.local)
        done.append("the cache is removed: the next command builds it")
    folder = repository.local / _FOLDER
    if (folder / manifest.NAME).exists():
        with closing(Index.open(folder)) as index:
            damaged = index.commit is None
        if damaged:
            try:
                drop(folder)
            except (OSError, HdError):
                return done
            done.append("the search index is removed: the next search builds it")
    return done

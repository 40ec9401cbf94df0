"""Clones that have not everything: of a shallow one the past is missing, of a partial one files.

git fetches what a partial clone lacks when it is read, object by object, each in a conversation of
its own. Whoever is about to read many has them fetched together first.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from hdcli.store import transport
from hdcli.store.git import Repository

# As git itself asks for objects that it lacks (promisor-remote.c).
_FETCH = ("-c", "fetch.negotiationAlgorithm=noop", "fetch")
_OPTIONS = (
    *("--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"),
    *("--recurse-submodules=no", "--filter=blob:none"),
)


def is_shallow(repository: Repository) -> bool:
    """Whether the history is cut off somewhere (``git clone --depth``)."""
    return (repository.common_dir / "shallow").exists()


def first_commits(repository: Repository) -> frozenset[str]:
    """The commits whose parents a shallow clone lacks; none of any other."""
    with suppress(OSError):
        text = (repository.common_dir / "shallow").read_text(encoding="ascii", errors="replace")
        return frozenset(text.split())
    return frozenset()


def begins(repository: Repository) -> int | None:
    """When the history of a shallow clone begins, in seconds since 1970, UTC; None of any other."""
    first = sorted(first_commits(repository))
    if not first:
        return None
    done = repository.attempt(
        "log", "--no-walk", "--format=%ct", "--stdin", stdin="\n".join(first).encode()
    )
    times = [int(each) for each in done.stdout.split() if each.isdigit()]
    return max(times, default=None)


def is_partial(repository: Repository) -> bool:
    """Whether the remote keeps objects for this clone (``git clone --filter``)."""
    with suppress(OSError):
        names = os.listdir(repository.common_dir / "objects" / "pack")
        return any(name.endswith(".promisor") for name in names)
    return False


def lacks_trees(repository: Repository) -> bool:
    """Whether the remote keeps folders too: to walk the history would fetch them one by one."""
    if not is_partial(repository):
        return False
    asked = ("config", "--get-regexp", r"^remote\..*\.partialclonefilter$", "tree:")
    return repository.attempt(*asked).returncode == 0


def complete(
    repository: Repository, tip: str, since: str | None = None, paths: Sequence[str] = ()
) -> None:
    """Fetches at once the files at and below ``paths`` that a partial clone lacks.

    Those of commit ``tip``; where there is a commit ``since``, those of all commits after it, with
    an empty one of all that lead there. Of any other clone it does nothing, nor of one that lacks
    folders: git fetches those as it walks. Raises RemoteFailed, GitFailed.
    """
    if not is_partial(repository) or lacks_trees(repository):
        return
    span = ["--no-walk", tip] if since is None else [tip]
    if since:
        has = repository.attempt("rev-parse", "-q", "--verify", f"{since}^{{tree}}")
        span = [tip, f"^{since}"] if has.returncode == 0 else ["--no-walk", tip]
    how = ("rev-list", "--objects", "--no-object-names", "--missing=print")
    found = repository.run(*how, *span, "--", *paths).split(b"\n")
    missing = [line[1:] for line in found if line.startswith(b"?")]
    if missing:
        fetch(repository, missing)


def fetch(repository: Repository, objects: list[bytes]) -> None:
    """Fetches objects from the remote that keeps them. Raises RemoteFailed."""
    remote = _keeper(repository)
    stdin = b"\n".join([*objects, b""])
    done = repository.attempt(*_FETCH, remote, *_OPTIONS, "--stdin", stdin=stdin)
    if done.returncode:
        files = f"{len(objects):,} {'file' if len(objects) == 1 else 'files'}"
        raise transport.failed(f"can't fetch {files} that this clone lacks", done.stderr)


def _keeper(repository: Repository) -> str:
    """The remote that promised to keep objects."""
    asked = repository.attempt("config", "--get-regexp", r"^remote\..*\.promisor$", "true")
    name = asked.stdout.decode("utf-8", "surrogateescape").partition("\n")[0]
    return name.partition(" ")[0].removeprefix("remote.").removesuffix(".promisor") or "origin"

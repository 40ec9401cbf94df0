"""What a commit has in its history, and where two histories parted."""

from __future__ import annotations

from collections.abc import Iterable

from hdcli.store.git import Repository


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Whether ``new`` is ``old`` or comes after it; false where either is not there."""
    return repository.attempt("merge-base", "--is-ancestor", old, new).returncode == 0


def contains(repository: Repository, commit: str, others: Iterable[str]) -> set[str]:
    """Those of some commits that ``commit`` is, or comes after. They must be there."""
    asked = set(others)
    lines = "".join(f"{each}\n" for each in (*asked, f"^{commit}")).encode()
    outside = repository.run("rev-list", "--stdin", stdin=lines).decode().split()
    # Where clocks differ git lists too much; what it says of one commit is right.
    found = asked.difference(outside)
    return found | {each for each in asked - found if is_ancestor(repository, each, commit)}


def between(repository: Repository, old: str, new: str) -> frozenset[str]:
    """The commits that ``new`` has in its history, and ``old`` has not."""
    return frozenset(repository.text("rev-list", new, f"^{old}").split())


def merge_base(repository: Repository, *commits: str) -> str:
    """Where histories parted; empty where they have nothing in common."""
    return repository.attempt("merge-base", *commits).stdout.decode().strip()

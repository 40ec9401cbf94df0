"""What git left half done: told by the marks that it keeps (gitrepository-layout(5))."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hdcli.model.underway import UnderWay
from hdcli.store.git import Repository

_MERGE = UnderWay("merge", "git merge --continue", "git merge --abort")
_PICK = UnderWay("cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort")
_REVERT = UnderWay("revert", "git revert --continue", "git revert --abort")
_REBASE = UnderWay("rebase", "git rebase --continue", "git rebase --abort")
_AM = UnderWay("am", "git am --continue", "git am --abort")
_BISECT = UnderWay("bisect", "", "git bisect reset", blocks=False)


def under_way(repository: Repository) -> list[UnderWay]:
    """What waits for a person here, the operation that holds the others first; mostly nothing."""
    return list(_found(repository.git_dir))


def _found(git_dir: Path) -> Iterator[UnderWay]:
    # A rebase picks and merges on its way: what those leave ends with it.
    if (git_dir / "rebase-merge").exists():
        yield _REBASE
    elif (git_dir / "rebase-apply").exists():
        yield _AM if (git_dir / "rebase-apply" / "applying").exists() else _REBASE
    elif (git_dir / "MERGE_HEAD").exists():
        yield _MERGE
    elif (git_dir / "CHERRY_PICK_HEAD").exists():
        yield _PICK
    elif (git_dir / "REVERT_HEAD").exists():
        yield _REVERT
    elif (rest := _sequence(git_dir)) is not None:
        yield rest
    if (git_dir / "BISECT_START").exists():
        yield _BISECT


def _sequence(git_dir: Path) -> UnderWay | None:
    """What is left to pick or to revert, between two commits."""
    try:
        todo = (git_dir / "sequencer" / "todo").read_bytes().split(None, 1)
    except OSError:
        return None
    return _REVERT if todo[:1] == [b"revert"] else _PICK

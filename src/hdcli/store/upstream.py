"""How a branch stands to the remote branch that it follows, as of the last fetch."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from hdcli.store.git import Repository

_FORMAT = "%(HEAD)%00%(upstream:short)%00%(upstream:track,nobracket)%00%(upstream)"
_MARK = "fetched"
_COUNT = re.compile(r"(ahead|behind) (\d+)")


@dataclass(frozen=True, slots=True)
class Following:
    """``shown`` when the work tree is on the branch; ``upstream`` is empty where it follows none.

    ``ahead`` and ``behind`` count commits that only the branch, or only the upstream, has, as of
    ``fetched``, in seconds since 1970, UTC; None where that can't be told.
    """

    shown: bool
    upstream: str = ""
    ahead: int = 0
    behind: int = 0
    gone: bool = False
    fetched: int | None = None


def following(repository: Repository, branch: str) -> Following:
    """What git knows about the branch. Raises GitFailed."""
    text = repository.text("for-each-ref", f"--format={_FORMAT}", f"refs/heads/{branch}")
    head, upstream, track, ref = (text.split("\0") + [""] * 3)[:4]
    counts = {word: int(number) for word, number in _COUNT.findall(track)}
    return Following(
        head == "*",
        upstream,
        counts.get("ahead", 0),
        counts.get("behind", 0),
        track == "gone",
        _fetched(repository, ref) if upstream else None,
    )


def _fetched(repository: Repository, ref: str) -> int | None:
    """When the upstream was last heard of: by hd, by git fetch, by a push, by the clone.

    A fetch that fails leaves git's own note of it empty.
    """
    notes = [
        repository.local / _MARK,
        repository.git_dir / "FETCH_HEAD",
        repository.common_dir / "logs" / ref,
        repository.common_dir / "logs" / ref.rpartition("/")[0] / "HEAD",
    ]
    times = []
    for each in notes:
        with suppress(OSError):
            found = each.stat()
            if found.st_size or each.name == _MARK:
                times.append(int(found.st_mtime))
    return max(times, default=None)


def mark_fetched(repository: Repository) -> None:
    """Remembers that the upstream was asked just now, whether there was anything new or not."""
    with suppress(OSError):
        repository.local.mkdir(exist_ok=True)
        (repository.local / _MARK).touch()

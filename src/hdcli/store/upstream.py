"""How a branch stands to the remote branch that it follows, as of the last fetch."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdcli.store.git import Repository

_FORMAT = "%(HEAD)%00%(upstream:short)%00%(upstream:track,nobracket)"
_COUNT = re.compile(r"(ahead|behind) (\d+)")


@dataclass(frozen=True, slots=True)
class Following:
    """``shown`` when the work tree is on the branch; ``upstream`` is empty where it follows none.

    ``ahead`` and ``behind`` count commits that only the branch, or only the upstream, has.
    """

    shown: bool
    upstream: str = ""
    ahead: int = 0
    behind: int = 0
    gone: bool = False


def following(repository: Repository, branch: str) -> Following:
    """What git knows about the branch. Raises GitFailed."""
    text = repository.text("for-each-ref", f"--format={_FORMAT}", f"refs/heads/{branch}")
    head, _, rest = text.partition("\0")
    upstream, _, track = rest.partition("\0")
    counts = {word: int(number) for word, number in _COUNT.findall(track)}
    return Following(
        head == "*", upstream, counts.get("ahead", 0), counts.get("behind", 0), track == "gone"
    )

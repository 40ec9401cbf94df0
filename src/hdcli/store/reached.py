"""Which commits the desk's branch has in its history, remembered: git walks all of that to tell.

What a commit has in its history those that follow it have, too. So only what is new since the last
time is looked at: what the branch got, and commits that nobody asked for yet.
"""

from __future__ import annotations

from collections.abc import Iterable

from hdcli.store import memory
from hdcli.store.ancestry import between, contains, is_ancestor
from hdcli.store.git import Place


def reached(place: Place, commits: Iterable[str]) -> frozenset[str]:
    """Those of the commits that the desk's branch has in its history. Raises GitFailed.

    It remembers what it was asked for last: ask for all that matter.
    """
    repository, head, asked = place.repository, place.head, frozenset(commits)
    then, known = memory.reached(repository.local)
    if then != head and known and is_ancestor(repository, then, head):
        known = known.union(between(repository, then, head))
    elif then != head:
        known = frozenset()
    unknown = asked - known
    found = asked - unknown
    if unknown:
        found = found.union(contains(repository, head, unknown))
    if unknown or then != head:
        memory.keep_reached(repository.local, head, found)
    return found

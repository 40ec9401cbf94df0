"""What two commits have that the other does not: the files each changed since they parted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hdcli.store.ancestry import merge_base
from hdcli.store.git import Repository
from hdcli.store.joining import File

_NO_FILE = "000000"


class Changed(NamedTuple):
    """A file before and after; None where there was none, or is none any more."""

    before: File | None
    after: File | None


PLAIN = "100644"
EXECUTABLE = "100755"


@dataclass(frozen=True, slots=True)
class Divergence:
    """``base`` is the commit where both sides parted (the best common ancestor).

    ``ours`` and ``theirs`` are the files that each changed since, by path.
    """

    base: str
    ours: Mapping[str, Changed]
    theirs: Mapping[str, Changed]

    @property
    def both(self) -> list[str]:
        """The files that both sides changed, otherwise than in the same way."""
        common = self.theirs.keys() & self.ours.keys()
        return sorted(p for p in common if self.ours[p].after != self.theirs[p].after)

    def whole(self, path: str) -> File | None:
        """What becomes of a file of both that is not merged: one side removed it, or has a link
        or a submodule there. The side that has it counts, else ours."""
        ours, theirs = self.ours[path].after, self.theirs[path].after
        if ours is None or theirs is None:
            return ours or theirs
        return None if {ours.mode, theirs.mode} <= {PLAIN, EXECUTABLE} else ours

    def is_executable(self, path: str) -> bool:
        """Whether a file of both is to be one that can be run: as the side has it that changed
        that."""
        before, ours, theirs = (
            (file.mode if file else PLAIN) == EXECUTABLE
            for file in (self.ours[path].before, self.ours[path].after, self.theirs[path].after)
        )
        return theirs if ours == before else ours

    @property
    def taken(self) -> dict[str, File | None]:
        """The files that they alone changed, as theirs are."""
        return {p: each.after for p, each in self.theirs.items() if p not in self.ours}


def divergence(repository: Repository, ours: str, theirs: str) -> Divergence | None:
    """How two commits differ; None where they have no history in common. Raises GitFailed.

    Of several best common ancestors one serves: logs are united by entry, whatever they grew from.
    """
    base = merge_base(repository, ours, theirs)
    if not base:
        return None
    return Divergence(base, changes(repository, base, ours), changes(repository, base, theirs))


def changes(repository: Repository, old: str, new: str) -> dict[str, Changed]:
    """The files that differ between two commits, by path."""
    if old == new:
        return {}
    raw = repository.run("diff-tree", "-r", "-z", "--raw", "--no-renames", old, new)
    return dict(_changes(raw.decode("utf-8", "surrogateescape").split("\0")))


def _changes(fields: list[str]) -> Iterator[tuple[str, Changed]]:
    for head, path in zip(fields[0::2], fields[1::2], strict=False):
        old_mode, mode, old_blob, blob, _ = head.removeprefix(":").split(" ")
        yield path, Changed(_file(old_mode, old_blob), _file(mode, blob))


def _file(mode: str, blob: str) -> File | None:
    return None if mode == _NO_FILE else File(mode, blob)


def in_each_others_way(ours: Iterable[str], theirs: Iterable[str]) -> str:
    """A path that one side has as a file and the other as a folder; empty without one."""
    mine, others = set(ours), set(theirs)
    for paths, files in ((mine, others), (others, mine)):
        for path in paths:
            parts = path.split("/")
            for count in range(1, len(parts)):
                if (above := "/".join(parts[:count])) in files:
                    return above
    return ""

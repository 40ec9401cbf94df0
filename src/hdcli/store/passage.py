"""The commits between two states of a branch, parents first, each with what it changed.

Streamed: one ``git log`` names the commits, one ``git diff-tree`` compares each with its parents.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import islice
from types import TracebackType
from typing import IO, NamedTuple, Self

from hdcli.store import partial
from hdcli.store.ancestry import merge_base
from hdcli.store.git import GitFailed, Repository

_FORMAT = "%H%x00%P%x00%at%x00%an%x00%ae%x00%cn%x00%ce"
_GROUP = 64
# git diff-tree gives back a line that names no object, once it has answered all before it.
_DONE = b".\n"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# A merge that takes so many files from one side is worth asking where the sides parted.
_MANY = 32


class Version(NamedTuple):
    """A file of a commit: git's mode of it, and its blob."""

    mode: str
    blob: str


class Change(NamedTuple):
    """What became of a file: its version before and after; None where there was or is none."""

    path: str
    before: Version | None
    after: Version | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A commit. ``at`` is its author's time in seconds since 1970, UTC.

    ``changes`` are those against each of its parents, by path; against nothing for one without
    parents. A merge leaves out what it took from one side and no commit of the other had changed.
    """

    id: str
    parents: tuple[str, ...]
    at: int
    name: str
    email: str
    committer: tuple[str, str]
    changes: tuple[dict[str, Change], ...] = ()

    @property
    def paths(self) -> list[str]:
        """Every path that it changed against some parent, in git's order."""
        return list(dict.fromkeys(path for each in self.changes for path in each))

    def versions(self, path: str) -> tuple[list[Version | None], Version | None]:
        """A path of ``paths``: as each parent has it (one None without parents), and as it is."""
        found = [each.get(path) for each in self.changes]
        after = next(change.after for change in found if change)
        return [change.before if change else after for change in found], after


def passages(
    repository: Repository, old: str, new: str, paths: Sequence[str] = ()
) -> Iterator[Passage]:
    """The commits that lead to ``new`` and not to ``old`` (empty: all), parents first.

    With ``paths`` only those that changed one of these. What git replaces (git-replace(1)) is read
    as it was committed. The first commits of a shallow clone are left out: what they changed can't
    be told. Raises GitFailed, RemoteFailed.
    """
    partial.complete(repository, new, old, paths)
    first = partial.first_commits(repository)
    real = replace(
        repository,
        variables=(
            *repository.variables,
            ("GIT_NO_REPLACE_OBJECTS", "1"),
            ("GIT_LITERAL_PATHSPECS", "1"),
        ),
    )
    with _Comparison(real, paths) as comparison, closing(_commits(real, old, new, paths)) as found:
        known = (each for each in found if each.id not in first)
        while group := list(islice(known, _GROUP)):
            yield from comparison.changed(group)


def _commits(
    repository: Repository, old: str, new: str, paths: Sequence[str]
) -> Generator[Passage, None, None]:
    span = [new, f"^{old}"] if old else [new]
    order = ("--topo-order", "--reverse", "--full-history", "--no-mailmap")
    lines = repository.lines("log", *order, f"--format={_FORMAT}", *span, "--", *paths)
    with closing(lines):
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip("\n")
            commit, parents, at, name, email, *committer = text.split("\0")
            yield Passage(
                commit,
                tuple(parents.split()),
                int(at) if at.isdecimal() else 0,
                name,
                email,
                (committer[0], committer[1]),
            )


class _Comparison:
    """``git diff-tree`` at work on pairs of commits."""

    def __init__(self, repository: Repository, paths: Sequence[str]) -> None:
        self._repository = repository
        options = ("-r", "-z", "--root", "--raw", "--no-abbrev", "--no-renames", "--always")
        self._process = subprocess.Popen(
            repository.git("diff-tree", "--stdin", *options, "--", *paths),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=repository.environment(),
            cwd=repository.work_tree or repository.git_dir,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                _pipe(pipe).close()
        self._process.wait()

    def changed(self, found: Sequence[Passage]) -> Iterator[Passage]:
        """The commits with what each changed against its parents."""
        pairs = [
            f"{each.id} {parent}".strip() for each in found for parent in each.parents or ("",)
        ]
        answers = iter(self._asked(pairs))
        for each in found:
            changes = tuple(next(answers) for _ in each.parents or ("",))
            yield replace(each, changes=self._told_apart(each.parents, changes))

    def _told_apart(
        self, parents: Sequence[str], changes: tuple[dict[str, Change], ...]
    ) -> tuple[dict[str, Change], ...]:
        if len(parents) != 2 or max(map(len, changes)) <= _MANY:
            return changes
        base = merge_base(self._repository, *parents)
        if not base:
            return changes
        own = self._asked([f"{parent} {base}" for parent in parents])
        kept = []
        for here, other, mine in zip(changes, reversed(changes), own, strict=True):
            kept.append({p: c for p, c in here.items() if p in mine or p in other})
        return tuple(kept)

    def _asked(self, pairs: Sequence[str]) -> list[dict[str, Change]]:
        try:
            pipe = _pipe(self._process.stdin)
            pipe.write("".join(f"{pair}\n" for pair in pairs).encode() + _DONE)
            pipe.flush()
        except BrokenPipeError:
            raise GitFailed("git diff-tree stopped", "git fsck may say why") from None
        output = _pipe(self._process.stdout)
        raw = bytearray()
        while True:
            chunk = os.read(output.fileno(), 1 << 20)
            if not chunk:
                raise GitFailed("git diff-tree stopped", "git fsck may say why")
            raw += chunk
            if raw.endswith(_DONE) and len(found := _parsed(raw)) == len(pairs):
                return found


def _parsed(raw: bytes | bytearray) -> list[dict[str, Change]]:
    """What git answered; nothing while some of it is still to come."""
    parts = raw.decode("utf-8", "surrogateescape").split("\0")
    found: list[dict[str, Change]] = []
    place, end = 0, len(parts) - 1
    while place < end:
        if _COMMIT.fullmatch(parts[place]):
            found.append({})
            place += 1
        elif place + 1 < end:
            path = parts[place + 1]
            found[-1][path] = _change(parts[place], path)
            place += 2
        else:
            return []
    return found if parts[end] == _DONE.decode() else []


def _change(raw: str, path: str) -> Change:
    old_mode, mode, old_blob, blob, _ = raw[1:].split(" ")
    before = None if old_mode == "000000" else Version(old_mode, old_blob)
    after = None if mode == "000000" else Version(mode, blob)
    return Change(path, before, after)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream

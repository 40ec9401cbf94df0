"""Commits judged for an audit, in their order: on all cores where each stands for itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple, Self

from hdcli.errors import BadData
from hdcli.model import vetting
from hdcli.model.entry import Entry
from hdcli.model.finding import Finding
from hdcli.model.record import Record
from hdcli.model.seal import Seal
from hdcli.services.naming import Named, of_path
from hdcli.services.sealing import rights_of, unsealed
from hdcli.services.vetting import Vetting
from hdcli.store.cores import in_order, workers
from hdcli.store.git import Repository
from hdcli.store.passage import Passage
from hdcli.store.signatures import Signatures

_GROUP = 128
# Fewer are judged before other processes are ready.
_MANY = 2000


class Entered(NamedTuple):
    """An entry that a commit added to a record."""

    record: Named
    id: str
    at: str
    by: str
    action: str
    of: str

    @property
    def mark(self) -> int:
        """What tells the entry from others: the same in a ticket that a merge gave a new id."""
        return hash((self.id, self.at, self.by, self.of and self.record.key))


class Seen(NamedTuple):
    """A record as a commit left it. ``blob`` is empty where it can't be read or is gone, ``olds``
    are the blobs of what it was before that can be read."""

    path: str
    blob: str
    olds: tuple[str, ...]
    sound: bool
    """Whether there was something before, and all of that could be read."""


@dataclass(frozen=True, slots=True)
class Step:
    """A commit, judged. ``agent`` is its author's handle, or empty; ``at`` in seconds since 1970,
    UTC; ``records`` are those that it changed, ``entries`` what it added to them."""

    id: str
    merge: bool
    at: int
    name: str
    email: str
    agent: str
    seal: Seal
    findings: tuple[Finding, ...]
    records: tuple[Seen, ...]
    entries: tuple[Entered, ...]

    @property
    def author(self) -> str:
        """As git writes it."""
        return f"{self.name} <{self.email}>"


def steps(
    repository: Repository, start: str, found: Iterable[Passage], many: int | None
) -> Iterator[Step]:
    """Judges commits, about ``many`` of them, that go on from ``start`` (empty: from nothing).

    Raises GitFailed.
    """
    coming = iter(found)
    groups = iter(lambda: list(islice(coming, _GROUP)), [])
    if start or (many or 0) < _MANY or (os.cpu_count() or 1) == 1:
        with Steps(repository, start) as judge:
            for group in groups:
                yield from judge.judged(group)
        return
    with workers() as pool:
        work = ((repository, group) for group in groups)
        yield from chain.from_iterable(in_order(pool, _judged, work))


def _judged(work: tuple[Repository, Sequence[Passage]]) -> list[Step]:
    repository, group = work
    with Steps(repository, "") as judge:
        return judge.judged(group)


class Steps:
    """Judges commits that come parents first; use it in a ``with``."""

    def __init__(self, repository: Repository, start: str) -> None:
        self._stack = ExitStack()
        self._vetting = self._stack.enter_context(Vetting(repository, start))
        self._signatures = self._stack.enter_context(Signatures(repository))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def judged(self, group: Sequence[Passage]) -> list[Step]:
        """Some commits, judged. Raises GitFailed."""
        seals = self._signatures.of([passage.id for passage in group])
        return [self._step(*each) for each in zip(group, seals, strict=True)]

    def _step(self, passage: Passage, seal: Seal) -> Step:
        rights = rights_of(self._vetting, passage)
        findings = self._vetting.judge(passage)
        agent = rights.agent(passage.email)
        seen: list[Seen] = []
        entries: list[Entered] = []
        for path in passage.paths:
            if record := of_path(path):
                now, new = self._seen(passage, path, record)
                seen.append(now)
                entries += [
                    Entered(record, each.id, each.at, each.by, each.action, each.of) for each in new
                ]
        return Step(
            passage.id,
            len(passage.parents) > 1,
            passage.at,
            passage.name,
            passage.email,
            agent.handle if agent else "",
            seal,
            (*findings, *unsealed(passage, seal, rights.settings)),
            tuple(seen),
            tuple(entries),
        )

    def _seen(self, passage: Passage, path: str, record: Named) -> tuple[Seen, list[Entry]]:
        """A record as the commit left it, and its new entries."""
        before, after = passage.versions(path)
        blobs = list(dict.fromkeys(each.blob for each in before if each))
        olds = {blob: old for blob in blobs if (old := self._read(record, blob, path))}
        new = self._read(record, after.blob, path) if after else None
        sound = bool(olds) and len(olds) == len(blobs)
        seen = Seen(path, after.blob if after and new else "", tuple(olds), sound)
        return seen, vetting.fresh(list(olds.values()), new) if new else []

    def _read(self, record: Named, blob: str, path: str) -> Record | None:
        try:
            return self._vetting.versions.record(record.kind, blob, path)
        except BadData:  # vetting says so
            return None

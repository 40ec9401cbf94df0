"""``hd audit``: the history of a desk or of some records, commit by commit, for a reviewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from hdcli.errors import BadData, NotFound, Refused
from hdcli.model import ids, vetting
from hdcli.model.authors import Authors
from hdcli.model.dates import format_utc
from hdcli.model.entry import Entry
from hdcli.model.finding import Finding
from hdcli.model.record import Record
from hdcli.model.rights import Rights
from hdcli.model.seal import Seal
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.naming import Named, of_path
from hdcli.services.sealing import GROUP, rights_of, unsealed
from hdcli.services.vetting import Vetting
from hdcli.store import listing
from hdcli.store.desk import Desk
from hdcli.store.partial import is_shallow
from hdcli.store.passage import Passage, contains, passages
from hdcli.store.signatures import Signatures

Progress = Callable[[int, int | None], None]
"""Told how many commits of how many are judged; of a few records nobody knows how many."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry and the commit that brought it; ``agent`` is that commit's author, or empty."""

    record: Named
    entry: Entry
    passage: Passage
    agent: str
    seal: Seal

    @property
    def author(self) -> str:
        """As git writes it."""
        return f"{self.passage.name} <{self.passage.email}>"

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            self.record.kind.kind.name: self.record.key,
            "entry": self.entry.id,
            "at": self.entry.at,
            "by": self.entry.by,
            "action": self.entry.action,
            "of": self.entry.of or None,
            "commit": self.passage.id,
            "committed": utc(self.passage.at),
            "agent": self.agent or None,
            "author": self.author,
            "signature": self.seal.document(),
        }


@dataclass(slots=True)
class Report:
    """What an audit found. ``head`` is the commit it vouches for, ``start`` the one that it goes on
    from (empty: it begins with the first)."""

    head: str
    start: str
    settings: Settings
    commits: int = 0
    merges: int = 0
    entries: int = 0
    records: Counter[type[Record]] = field(default_factory=Counter)
    first: Passage | None = None
    last: Passage | None = None
    seals: Counter[str] = field(default_factory=Counter)
    authors: Authors = field(default_factory=Authors)
    findings: list[Finding] = field(default_factory=list)

    @property
    def wrong(self) -> list[Finding]:
        """Without the notes."""
        return [each for each in self.findings if each.severity != "note"]


def utc(seconds: int) -> str:
    """Seconds since 1970 as the stored form of a time; of nonsense the nearest that is one."""
    return format_utc(datetime.fromtimestamp(min(max(seconds, 0), 253_402_300_799), UTC))


@dataclass(frozen=True, slots=True)
class _Step:
    """A commit, judged; ``entries`` are those that no commit before it had."""

    passage: Passage
    rights: Rights
    findings: list[Finding]
    entries: list[tuple[Named, Entry]]


class Audit:
    """Goes through the history once: ``rows`` gives the entries as they come, ``report`` is whole
    when these are read."""

    def __init__(self, desk: Desk, records: Sequence[Named] = (), span: str = "") -> None:
        """``span`` is ``A..B``: only the commits that lead to B and not to A.

        Raises Refused in a clone that has not the whole history, NotFound for an unknown commit.
        """
        repository = desk.place.repository
        start, head = _span(desk, span)
        if is_shallow(repository) and not start:
            raise Refused("the history of this clone is not whole", "git fetch --unshallow")
        self.report = Report(head, start, desk.settings)
        self._desk = desk
        self._records = frozenset(records)
        self._paths = sorted({path for each in records for path in _paths(desk, each)})
        self._seen: set[int] = set()
        self._records_seen: set[str] = set()

    def rows(self, progress: Progress) -> Iterator[Row]:
        """Every entry with the commit that brought it first, oldest first. Raises GitFailed."""
        repository, report = self._desk.place.repository, self.report
        report.findings += self._rewritten()
        total = None if self._paths else self._count()
        coming = passages(repository, report.start, report.head, self._paths)
        with Vetting(repository, report.start) as judge, Signatures(repository) as signatures:
            while group := [self._judged(judge, each) for each in islice(coming, GROUP)]:
                seals = signatures.of([step.passage.id for step in group])
                for step, seal in zip(group, seals, strict=True):
                    yield from self._told(step, seal)
                progress(report.commits, total)
        report.records.update(kind.kind for path in self._records_seen if (kind := of_path(path)))
        report.findings += report.authors.changes()

    def _count(self) -> int:
        start, head = self.report.start, self.report.head
        span = [head, f"^{start}"] if start else [head]
        return int(self._desk.place.repository.text("rev-list", "--count", *span))

    def _rewritten(self) -> Iterator[Finding]:
        """Whether the history no longer has the commit that was vouched for before."""
        start, head = self.report.start, self.report.head
        if start and start not in contains(self._desk.place.repository, head, [start]):
            message = f"{head[:10]} does not come after it: the history was rewritten"
            remedy = "hd audit without --range looks at all of it"
            yield Finding("error", "", 0, message, remedy, commit=start)

    def _judged(self, judge: Vetting, passage: Passage) -> _Step:
        rights = rights_of(judge, passage)
        findings = judge.judge(passage)
        return _Step(passage, rights, findings, list(self._brought(judge, passage)))

    def _brought(self, judge: Vetting, passage: Passage) -> Iterator[tuple[Named, Entry]]:
        """The entries that come with a commit for the first time."""
        for path in passage.paths:
            record = of_path(path)
            before, after = passage.versions(path)
            if record is None or after is None:
                continue
            self._records_seen.add(path)
            try:
                new = judge.versions.record(record.kind, after.blob, path)
                blobs = {each.blob for each in before if each}
                olds = [judge.versions.record(record.kind, blob, path) for blob in blobs]
            except BadData:  # vetting says so
                continue
            for entry in vetting.fresh(olds, new):
                # A ticket that a merge gave a new id has entries that were there before.
                mark = hash((entry.id, entry.at, entry.by, entry.of and path))
                if mark not in self._seen:
                    self._seen.add(mark)
                    yield record, entry

    def _told(self, step: _Step, seal: Seal) -> Iterator[Row]:
        report, passage = self.report, step.passage
        report.commits += 1
        report.merges += len(passage.parents) > 1
        report.first, report.last = report.first or passage, passage
        report.seals[seal.state] += 1
        report.findings += step.findings
        report.findings += unsealed(passage, seal, step.rights.settings)
        agent = step.rights.agent(passage.email)
        handle = agent.handle if agent else ""
        own = [entry for _, entry in step.entries if not entry.of]
        report.entries += len(own)
        author = report.authors.of(handle, passage.name, passage.email)
        author.add(passage.id, passage.at, len(own), signed=seal.state == "good")
        for record, entry in step.entries:
            yield Row(record, entry, passage, handle, seal)


def _span(desk: Desk, text: str) -> tuple[str, str]:
    """The commits that ``A..B`` names; without A from the first on, without B to the desk's."""
    start, dots, end = text.partition("..")
    if not dots:
        end = ""
    return _commit(desk, start) if start else "", _commit(desk, end) if end else desk.place.head


def _commit(desk: Desk, name: str) -> str:
    done = desk.place.repository.attempt(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
    )
    if done.returncode:
        raise NotFound(f"no commit '{name}' in this clone", "git log --oneline shows them")
    return done.stdout.decode().strip()


def _paths(desk: Desk, record: Named) -> list[str]:
    """Where a record lies and lay: a ticket that drew the id of another has a new one since."""
    if record.kind is not Ticket:
        return [record.kind.kind.place(record.key)]
    related = desk.cache.ask(lambda db: listing.namesakes(db, record.key))
    known = (each for each in (record.key, *related) if ids.ID_PATTERN.fullmatch(each))
    return [ids.ticket_path(each) for each in known]


def of_record(desk: Desk, record: Named, rows: Sequence[Row]) -> list[Row]:
    """The rows of one record, in the order of its log; all that came, where that can't be read."""
    try:
        now = desk.ticket(record.key) if record.kind is Ticket else desk.article(record.key)
    except BadData:
        return [row for row in rows if row.record == record]
    found = {row.entry.id: row for row in rows if row.record != record}
    found.update({row.entry.id: row for row in rows if row.record == record})
    present = (found.get(entry.id) for entry in now.log)
    return [replace(row, record=record) for row in present if row]

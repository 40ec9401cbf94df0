"""``hd audit``: the history of a desk or of some records, commit by commit, for a reviewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from hdcli.errors import BadData, Refused
from hdcli.model import ids
from hdcli.model.article import Article
from hdcli.model.authors import Authors, document
from hdcli.model.dates import format_utc
from hdcli.model.finding import Finding
from hdcli.model.record import Record
from hdcli.model.seal import STATES
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.auditgaps import Gaps
from hdcli.services.auditsteps import Entered, Step, steps
from hdcli.services.naming import Named, of_path
from hdcli.services.ranged import ends
from hdcli.store import listing
from hdcli.store.ancestry import is_ancestor
from hdcli.store.desk import Desk
from hdcli.store.partial import complete, is_shallow
from hdcli.store.passage import passages

Progress = Callable[[int, int | None], None]
"""Told how many commits of how many are judged; of a few records nobody knows how many."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry and the commit that brought it first."""

    record: Named
    entry: Entered
    step: Step

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            self.record.kind.kind.name: self.record.key,
            "entry": self.entry.id,
            "at": self.entry.at,
            "by": self.entry.by,
            "action": self.entry.action,
            "of": self.entry.of or None,
            "commit": self.step.id,
            "committed": utc(self.step.at),
            "agent": self.step.agent or None,
            "author": self.step.author,
            "signature": self.step.seal.document(),
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
    first: Step | None = None
    last: Step | None = None
    seals: Counter[str] = field(default_factory=Counter)
    authors: Authors = field(default_factory=Authors)
    findings: list[Finding] = field(default_factory=list)

    @property
    def wrong(self) -> list[Finding]:
        """Without the notes."""
        return [each for each in self.findings if each.severity != "note"]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "format": 1,
            "desk": self.settings.name,
            "head": self.head,
            "start": self.start or None,
            "counts": {
                "commits": self.commits,
                "merges": self.merges,
                "entries": self.entries,
                "tickets": self.records[Ticket],
                "articles": self.records[Article],
            },
            "first": _brief(self.first),
            "last": _brief(self.last),
            "signatures": {
                "required": self.settings.signatures == "required",
                **{state: self.seals[state] for state in STATES.values()},
            },
            "authors": [
                document(each, utc(each.since), utc(each.until))
                for each in self.authors.known.values()
            ],
            "findings": [each.document() for each in self.findings],
        }


def _brief(step: Step | None) -> dict[str, Any] | None:
    return {"commit": step.id, "at": utc(step.at), "author": step.author} if step else None


def utc(seconds: int) -> str:
    """Seconds since 1970 as the stored form of a time; of nonsense the nearest that is one."""
    return format_utc(datetime.fromtimestamp(min(max(seconds, 0), 253_402_300_799), UTC))


class Audit:
    """Goes through the history once: ``rows`` gives the entries as they come, ``report`` is whole
    when these are read."""

    def __init__(self, desk: Desk, records: Sequence[Named] = (), span: str = "") -> None:
        """``span`` is ``A..B``: only the commits that lead to B and not to A.

        Raises Refused in a clone that has not the whole history, BadUsage for an unknown commit.
        """
        head = desk.place.head
        start, head = ends(desk.place.repository, span, head) if span else ("", head)
        if is_shallow(desk.place.repository) and not start:
            raise Refused("the history of this clone is not whole", "git fetch --unshallow")
        self.report = Report(head, start, desk.settings)
        self._repository = desk.place.repository
        self._paths = sorted({path for each in records for path in _paths(desk, each)})
        self._entries: set[int] = set()
        self._records: set[str] = set()

    def rows(self, progress: Progress) -> Iterator[Row]:
        """Every entry with the commit that brought it first, oldest first. Raises GitFailed."""
        report = self.report
        report.findings += self._rewritten()
        total = None if self._paths else self._count()
        complete(self._repository, report.head, report.start, self._paths)
        coming = passages(self._repository, report.start, report.head, self._paths)
        with Gaps(self._repository) as gaps:
            for step in steps(self._repository, report.start, coming, total):
                self._add(step)
                report.findings += gaps.bridged(step)
                yield from self._told(step)
                progress(report.commits, total)
        report.records.update(kind.kind for path in self._records if (kind := of_path(path)))
        report.findings += report.authors.changes()

    def _count(self) -> int:
        start, head = self.report.start, self.report.head
        span = [head, f"^{start}"] if start else [head]
        return int(self._repository.text("rev-list", "--count", *span))

    def _rewritten(self) -> Iterator[Finding]:
        """Whether the history no longer has the commit that was vouched for before."""
        start, head = self.report.start, self.report.head
        if start and not is_ancestor(self._repository, start, head):
            message = f"{head[:10]} does not come after it: the history was rewritten"
            remedy = "hd audit without --range looks at all of it"
            yield Finding("error", "", 0, message, remedy, commit=start)

    def _add(self, step: Step) -> None:
        report = self.report
        report.commits += 1
        report.merges += step.merge
        report.first, report.last = report.first or step, step
        report.seals[step.seal.state] += 1
        report.findings += step.findings
        self._records.update(each.path for each in step.records)

    def _told(self, step: Step) -> Iterator[Row]:
        """The entries that no commit before had."""
        rows = []
        for entry in step.entries:
            if entry.mark not in self._entries:
                self._entries.add(entry.mark)
                rows.append(Row(entry.record, entry, step))
        own = sum(not row.entry.of for row in rows)
        self.report.entries += own
        author = self.report.authors.of(step.agent, step.name, step.email)
        author.add(step.id, step.at, own, signed=step.seal.state == "good")
        yield from rows


def _paths(desk: Desk, record: Named) -> list[str]:
    """Where a record lies and lay: a ticket that drew the id of another has a new one since."""
    if record.kind is not Ticket:
        return [record.kind.kind.place(record.key)]
    related = desk.cache.ask(lambda db: listing.namesakes(db, record.key))
    known = (each for each in (record.key, *related) if ids.ID_PATTERN.fullmatch(each))
    return [ids.ticket_path(each) for each in known]


def of_record(desk: Desk, record: Named, rows: Sequence[Row]) -> list[Row]:
    """The rows of one record, in the order of its log; all that came, where that can't be read."""
    now = _now(desk, record)
    if now is None:
        return [row for row in rows if row.record == record]
    found = {row.entry.id: row for row in rows if row.record != record}
    found.update({row.entry.id: row for row in rows if row.record == record})
    present = (found.get(entry.id) for entry in now.log)
    return [replace(row, record=record) for row in present if row]


def title(desk: Desk, record: Named) -> str:
    """What a record is called now."""
    now = _now(desk, record)
    return now.title if now else "(can't be read)"


def _now(desk: Desk, record: Named) -> Record | None:
    try:
        return desk.ticket(record.key) if record.kind is Ticket else desk.article(record.key)
    except BadData:
        return None

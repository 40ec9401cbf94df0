"""What an audit found, for a reviewer: at a terminal, or in a file as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hdcli.model.article import Article
from hdcli.model.finding import ORDER
from hdcli.model.ticket import Ticket
from hdcli.render.table import Cell, Column, table
from hdcli.render.text import pad, safe

if TYPE_CHECKING:
    from hdcli.model.finding import Finding
    from hdcli.model.seal import Seal
    from hdcli.render.look import Look
    from hdcli.services.auditing import Report, Row
    from hdcli.services.auditsteps import Step
    from hdcli.services.naming import Named

_SHORT = 10
_LABEL = 12
_AUTHORS = (
    Column("agent", drop=1),
    Column("author", weight=4, least=20),
    Column("commits", "right"),
    Column("entries", "right"),
    Column("signed", "right", drop=4),
    Column("first", drop=3),
    Column("last", drop=2),
)
_ENTRIES = (
    Column("entry"),
    Column("at (UTC)", drop=1),
    Column("by", weight=1),
    Column("action"),
    Column("commit"),
    Column("author", weight=4, least=16, drop=3),
    Column("signature", weight=3, least=8, drop=2),
)


def desk_report(report: Report, name: str, look: Look) -> Iterator[str]:
    """The lines about a desk: what was looked at, and who wrote it."""
    yield look.palette.heading(f"Audit of {safe(name)}")
    yield from _facts(report)
    yield ""
    yield look.palette.heading("Who wrote")
    authors = report.authors.known.values()
    rows: list[list[Cell]] = [
        [
            (each.agent, look.palette.id) if each.agent else "-",
            each.identity,
            f"{each.commits:,}",
            f"{each.entries:,}",
            f"{each.signed:,}",
            _day(each.since),
            _day(each.until),
        ]
        for each in authors
    ]
    yield table(rows, _AUTHORS, look.columns, look.palette.heading)


def record_report(record: Named, title: str, rows: Sequence[Row], look: Look) -> Iterator[str]:
    """The lines about one ticket or article: its entries, each with its commit."""
    yield f"{look.palette.id(safe(record.key))}  {look.palette.heading(safe(title))}"
    cells: list[list[Cell]] = [
        [
            row.entry.id,
            (row.entry.at.removesuffix("Z").replace("T", " "), look.palette.dim),
            f"{row.entry.by} (of {row.entry.of})" if row.entry.of else row.entry.by,
            row.entry.action,
            (row.step.id[:_SHORT], look.palette.dim),
            row.step.author,
            _sealed(row.step.seal),
        ]
        for row in rows
    ]
    yield table(cells, _ENTRIES, look.columns, look.palette.heading)


def findings(found: Sequence[Finding], look: Look) -> Iterator[str]:
    """A line each, the worst first; what is said of many commits alike is said once."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for each in sorted(found, key=lambda each: ORDER.index(each.severity)):
        alike.setdefault((each.severity, each.message, each.remedy), []).append(each)
    for (severity, _, _), same in alike.items():
        head, _, rest = safe(str(same[0])).partition(" ")
        mark = look.palette.overdue(head) if severity == "error" else head
        more = f" (and {_counted(len(same) - 1, 'more commit')})" if len(same) > 1 else ""
        yield f"{mark} {rest}{more}"


def verdict(report: Report) -> str:
    """The last line, where nothing is wrong."""
    return (
        f"nothing is wrong up to {report.head[:_SHORT]}:"
        f" {_counted(report.entries, 'entry', 'entries')} in"
        f" {_counted(report.commits, 'commit')}, each added once, by its author, and not altered"
    )


def _facts(report: Report) -> Iterator[str]:
    records, seals = report.records, report.seals
    rule = "required" if report.settings.signatures == "required" else "not required"
    facts = [
        ("looked at" if report.wrong else "vouches for", report.head),
        ("goes on from" if report.start else "", report.start),
        ("first commit", _commit(report.first)),
        ("last commit", _commit(report.last)),
        ("commits", f"{report.commits:,}, {report.merges:,} of them merges"),
        ("entries", f"{report.entries:,}"),
        ("in", f"{_counted(records[Ticket], 'ticket')}, {_counted(records[Article], 'article')}"),
        ("signatures", f"{', '.join(f'{n:,} {state}' for state, n in seals.items())}; {rule}"),
    ]
    for label, fact in facts:
        if label:
            yield f"{pad(label, _LABEL)}  {fact}"


def _commit(step: Step | None) -> str:
    if step is None:
        return "none"
    return f"{step.id[:_SHORT]}  {_day(step.at)}  {safe(step.name)}"


def _day(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return "no date"


def _sealed(seal: Seal) -> str:
    whose = seal.signer or seal.key
    return f"{seal.state}, {seal.kind}, {whose}" if whose else seal.state


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"

"""hd audit."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadData
from hdcli.params import json_options, pass_app, records

if TYPE_CHECKING:
    from hdcli.services.auditing import Audit, Report, Row
    from hdcli.services.naming import Named


@click.command()
@click.argument("names", nargs=-1, metavar="[ID|SLUG]...")
@click.option(
    "--range", "span", default="", metavar="A..[B]", help="Go on from commit A, to B or the newest."
)
@json_options
@click.option("-q", "--quiet", is_flag=True, help="Print errors and warnings only.")
@pass_app
def audit(app: App, names: tuple[str, ...], span: str, form: str | None, quiet: bool) -> None:
    """Vouch for the history, commit by commit.

    Every commit is judged as a hub would judge it: each entry was added once, by the commit's
    author, who was an agent, and none was altered; signatures are checked as git checks them. With
    tickets or articles, the report has their entries, each with its commit. --jsonl prints the
    entries, one a line. Exits with 4 when something is wrong.

    \b
      hd audit
      hd audit 7k3
      hd audit --range 3f2c9ab..
    """
    from hdcli.render.json import emit, lines
    from hdcli.services.auditing import Audit

    asked = records(app, names) if names else []
    audited = Audit(app.desk, asked, span)
    if form == "jsonl":
        emit(sys.stdout, lines(row.document() for row in _rows(audited)))
    else:
        rows = list(_rows(audited)) if asked else _read(audited)
        if form:
            _print_json(app, audited.report, asked, rows)
        else:
            _print(app, audited.report, asked, rows, quiet=quiet)
    if audited.report.wrong:
        raise BadData(_counted(audited.report))


def _rows(audited: Audit) -> Iterator[Row]:
    """The entries as they come, while a bar says how far the audit is."""
    from hdcli.render.progress import Progress

    bar = Progress(sys.stderr, "commits")
    try:
        yield from audited.rows(lambda done, total: bar.show(done, done / total if total else None))
    finally:
        bar.end()


def _read(audited: Audit) -> Sequence[Row]:
    """Goes through the history, and keeps none of it."""
    for _ in _rows(audited):
        pass
    return ()


def _print_json(app: App, report: Report, asked: Sequence[Named], rows: Sequence[Row]) -> None:
    from hdcli.render.json import dumps, emit
    from hdcli.services.auditing import of_record

    data = report.document()
    if asked:
        chosen = (row for each in asked for row in of_record(app.desk, each, rows))
        data["entries"] = [row.document() for row in chosen]
    emit(sys.stdout, [dumps(data, indent=2)])


def _print(
    app: App, report: Report, asked: Sequence[Named], rows: Sequence[Row], *, quiet: bool
) -> None:
    from hdcli.render import audited as render
    from hdcli.render.pager import page

    lines: list[str] = []
    if not quiet:
        lines = list(_pages(app, report, asked, rows))
    lines += render.findings(report.wrong if quiet else report.findings, app.look)
    if not report.wrong and not quiet:
        lines.append(render.verdict(report))
    page("".join(f"{line}\n" for line in lines), enabled=True)


def _pages(app: App, report: Report, asked: Sequence[Named], rows: Sequence[Row]) -> Iterator[str]:
    from hdcli.render import audited as render
    from hdcli.services.auditing import of_record, title

    for each in asked:
        yield from render.record_report(
            each, title(app.desk, each), of_record(app.desk, each, rows), app.look
        )
        yield ""
    if not asked:
        yield from render.desk_report(report, app.settings.name, app.look)
        yield ""


def _counted(report: Report) -> str:
    counts = Counter(each.severity for each in report.wrong)
    return ", ".join(f"{n} {name}{'s' * (n > 1)}" for name, n in counts.items())

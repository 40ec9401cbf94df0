"""hd audit."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
    if form == "jsonl" and not asked:
        emit(sys.stdout, lines(row.document() for row in _rows(audited)))
    else:
        found = _by_record(app, asked, _rows(audited))
        if form == "jsonl":
            emit(sys.stdout, lines(row.document() for rows in found.values() for row in rows))
        elif form:
            _print_json(audited.report, found)
        else:
            _print(app, audited.report, found, quiet=quiet)
    if audited.report.wrong:
        raise BadData(_counted(audited.report), remedy="hd audit -q names them" if form else "")


def _rows(audited: Audit) -> Iterator[Row]:
    """The entries as they come, while a bar says how far the audit is."""
    from hdcli.render.progress import Progress

    bar = Progress(sys.stderr, "commits")
    try:
        yield from audited.rows(lambda done, total: bar.show(done, done / total if total else None))
    finally:
        bar.end()


def _by_record(app: App, asked: Sequence[Named], coming: Iterator[Row]) -> dict[Named, list[Row]]:
    """The entries of each record that was asked for; of a whole desk none is kept."""
    from hdcli.services.auditing import of_record

    rows = [row for row in coming if asked]
    return {each: of_record(app.desk, each, rows) for each in asked}


def _print_json(report: Report, found: Mapping[Named, Sequence[Row]]) -> None:
    from hdcli.render.json import dumps, emit

    data = report.document()
    if found:
        data["entries"] = [row.document() for rows in found.values() for row in rows]
    emit(sys.stdout, [dumps(data, indent=2)])


def _print(app: App, report: Report, found: Mapping[Named, list[Row]], *, quiet: bool) -> None:
    from hdcli.render import audited as render
    from hdcli.render.pager import page

    lines = [] if quiet else list(_pages(app, report, found))
    lines += render.findings(report.wrong if quiet else report.findings, app.look)
    if not report.wrong and not quiet:
        lines.append(render.verdict(report))
    page("".join(f"{line}\n" for line in lines), enabled=True)


def _pages(app: App, report: Report, found: Mapping[Named, list[Row]]) -> Iterator[str]:
    from hdcli.render import audited as render
    from hdcli.services.auditing import title

    for each, rows in found.items():
        yield from render.record_report(each, title(app.desk, each), rows, app.look)
        yield ""
    if not found:
        yield from render.desk_report(report, app.settings.name, app.look)
        yield ""


def _counted(report: Report) -> str:
    counts = Counter(each.severity for each in report.wrong)
    return ", ".join(f"{n} {name}{'s' * (n > 1)}" for name, n in counts.items())

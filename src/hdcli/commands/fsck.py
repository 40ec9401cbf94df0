"""hd fsck."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadData
from hdcli.params import pass_app, resolved, set_agent

if TYPE_CHECKING:
    from hdcli.model.finding import Finding
    from hdcli.services.fsck import Report


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--repair", is_flag=True, help="Mend what can be mended without guessing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors and warnings only.")
@click.option(
    "--as",
    metavar="AGENT",
    expose_value=False,
    callback=set_agent,
    help="Repair as this agent (else HD_AGENT, else your git identity).",
)
@pass_app
def fsck(app: App, ids: tuple[str, ...], repair: bool, as_json: bool, quiet: bool) -> None:
    """Check the desk, or some tickets: files, logs, links, attachments, branches, cache.

    Each finding names file, line and remedy. Exits with 4 when there are errors or warnings; notes,
    such as hand edits that wait, are only said. --repair mends level branches, the cache and what
    stopped programs left, takes hand edits that git has committed into their logs, and says so.

    \b
      hd fsck
      hd fsck 7k3 --repair
    """
    from hdcli.services.repair import repair as mended

    tickets = resolved(app, ids) if ids else []
    report, done = _checked(app, tickets), []
    if repair and any(each.repair for each in report.findings):
        done = mended(app.desk, report.findings, lambda: app.session)
        report = _checked(app, tickets)
    if as_json:
        _print_json(report, done)
    else:
        _print(app, report, done, quiet=quiet)
    if report.wrong:
        raise BadData(_counted(report.wrong))


def _checked(app: App, tickets: Sequence[str]) -> Report:
    from hdcli.render.progress import Progress
    from hdcli.services.fsck import check

    bar = Progress(sys.stderr, "files")
    try:
        return check(
            app.desk, app.now, tickets, lambda done, total: bar.show(done, done / max(1, total))
        )
    finally:
        bar.end()


def _print_json(report: Report, done: Sequence[str]) -> None:
    from hdcli.render.json import dumps, emit

    findings = [each.document() for each in report.findings]
    data = {"format": 1, "files": report.files, "findings": findings, "repaired": list(done)}
    emit(sys.stdout, [dumps(data)])


def _print(app: App, report: Report, done: Sequence[str], *, quiet: bool) -> None:
    from hdcli.render.text import safe

    for line in done:
        click.echo(f"repaired: {safe(line)}")
    for each in report.wrong if quiet else report.findings:
        head, _, rest = safe(str(each)).partition(" ")
        mark = app.palette.overdue(head) if each.severity == "error" else head
        click.echo(f"{mark} {rest}", color=app.palette.enabled)
    if not report.wrong and not quiet:
        files = "file" if report.files == 1 else "files"
        click.echo(f"{report.files:,} {files} checked: nothing is wrong")


def _counted(findings: Sequence[Finding]) -> str:
    counts = Counter(each.severity for each in findings)
    words = [f"{n} {name}{'s' * (n > 1)}" for name, n in counts.items()]
    mendable = sum(1 for each in findings if each.repair)
    hint = f"; hd fsck --repair mends {mendable} of them" if mendable else ""
    return f"{', '.join(words)}{hint}"

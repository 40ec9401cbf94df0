"""hd fsck."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadData, BadUsage
from hdcli.params import pass_app, resolved, set_agent

if TYPE_CHECKING:
    from hdcli.model.finding import Finding
    from hdcli.services.doctor.checkup import Cure, Patient
    from hdcli.services.fsck import Report


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--repair", is_flag=True, help="Mend what can be mended without guessing.")
@click.option("--range", "span", metavar="A..B", help="Judge the commits since A, as a hub does.")
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
def fsck(
    app: App, ids: tuple[str, ...], repair: bool, span: str | None, as_json: bool, quiet: bool
) -> None:
    """Check the desk, or some tickets: files, logs, links, attachments, branches, cache.

    Each finding names file, line and remedy. Exits with 4 when there are errors or warnings; notes,
    such as hand edits that wait, are only said. --repair mends level branches, the cache and what
    stopped programs left, takes hand edits that git has committed into their logs, and says so.
    Damaged and missing objects it brings back from files, index and remotes, where a copy is left.

    With --range the commits that lead to B (else HEAD) and not to A are judged, one by one: who
    made them, what that person may do, and that nothing was lost. A hub does the same to a push.

    \b
      hd fsck
      hd fsck 7k3 --repair
      hd fsck --range origin/main..main
    """
    if span is not None:
        if ids or repair:
            raise BadUsage("--range judges commits alone", "leave out the IDs and --repair")
        _end(app, _judged(app, span), None, as_json=as_json, quiet=quiet)
        return
    tickets = resolved(app, ids) if ids else []
    report, cure = _repaired(app, tickets) if repair else (_checked(app, tickets), None)
    _end(app, report, cure, as_json=as_json, quiet=quiet)


def _repaired(app: App, tickets: Sequence[str]) -> tuple[Report, Cure]:
    from hdcli.services.repair import repaired

    return repaired(
        lambda: _checked(app, tickets), _patient(app), lambda: app.desk, lambda: app.session
    )


def _patient(app: App) -> Patient:
    from hdcli.services.doctor.checkup import Patient

    return Patient(app.start, app.now, app.named)


def _judged(app: App, span: str) -> Report:
    from hdcli.services.ranged import check_range

    return check_range(app.start, span)


def _end(app: App, report: Report, cure: Cure | None, *, as_json: bool, quiet: bool) -> None:
    """``cure`` is None where nothing was to be repaired."""
    if as_json:
        _print_json(report, cure)
    else:
        _print(app, report, cure, quiet=quiet)
    if report.wrong:
        raise BadData(_counted(report.wrong, repaired=cure is not None))


def _checked(app: App, tickets: Sequence[str]) -> Report:
    from hdcli.render.progress import Progress
    from hdcli.services.fsck import check

    bar = Progress(sys.stderr, "files")
    try:
        return check(
            lambda: app.desk,
            _patient(app),
            tickets,
            lambda done, total: bar.show(done, done / max(1, total)),
        )
    finally:
        bar.end()


def _print_json(report: Report, cure: Cure | None) -> None:
    from hdcli.render.json import dumps, emit

    findings = [each.document() for each in report.findings]
    counts = {"files": report.files} if report.commits is None else {"commits": report.commits}
    done, failed = (cure.done, cure.failed) if cure else ([], [])
    data = {**counts, "findings": findings, "repaired": done, "not_repaired": failed}
    emit(sys.stdout, [dumps({"format": 1, **data})])


def _print(app: App, report: Report, cure: Cure | None, *, quiet: bool) -> None:
    from hdcli.render.text import safe

    for line in cure.done if cure else ():
        click.echo(f"repaired: {safe(line)}")
    for line in cure.failed if cure else ():
        click.echo(f"not repaired: {safe(line)}", err=True)
    for each in report.wrong if quiet else report.findings:
        head, _, rest = safe(str(each)).partition(" ")
        mark = app.palette.overdue(head) if each.severity == "error" else head
        click.echo(f"{mark} {rest}", color=app.palette.enabled)
    if not report.wrong and not quiet:
        judged = report.commits
        count, what = (report.files, "file") if judged is None else (judged, "commit")
        click.echo(f"{count:,} {what}{'s' * (count != 1)} checked: nothing is wrong")


def _counted(findings: Sequence[Finding], *, repaired: bool) -> str:
    counts = Counter(each.severity for each in findings)
    words = [f"{n} {name}{'s' * (n > 1)}" for name, n in counts.items()]
    mendable = 0 if repaired else sum(1 for each in findings if each.repair)
    hint = f"; hd fsck --repair mends {mendable} of them" if mendable else ""
    return f"{', '.join(words)}{hint}"

"""hd triage test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.inputs import opened
from hdcli.params import as_option, pass_app

if TYPE_CHECKING:
    from hdcli.services.rules import Applied


@click.command(short_help="Say what each rule makes of a ticket or a message.")
@click.argument("what", metavar="FILE|ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@as_option
@pass_app
def test(app: App, /, what: str, as_json: bool) -> None:
    """Say which rule matches and what it does, of a ticket as it came in, or of a file.

    A file (or - for standard input) is a mail, or a request as a JSON object. Nothing is written.

    \b
      hd triage test 7k3
      hd triage test complaint.eml
      echo '{"title": "VPN down", "requester": "ana@example.org"}' | hd triage test -
    """
    from hdcli.services import trying

    if what == "-" or Path(what).is_file() or any(mark in what for mark in "./"):
        with opened(what) as stream:
            tried = trying.of_text(app.session, stream.read(), app.zone)
    else:
        tried = trying.of_ticket(app.session, app.desk.resolve(what))
    _print_tried(app, tried, as_json=as_json)


def _print_tried(app: App, tried: Applied, *, as_json: bool) -> None:
    from hdcli.render import triage as shown
    from hdcli.render.text import safe

    if as_json:
        from hdcli.model.schema import document
        from hdcli.render.json import FORMAT, dumps, emit

        values = document(tried.ticket)
        for name in ("log", "id", "created", "updated"):
            values.pop(name, None)
        rules = [shown.verdict_document(each) for each in tried.verdicts]
        told = {"rules": rules, "ticket": values, "troubles": tried.troubles}
        emit(sys.stdout, [dumps({"format": FORMAT, **told})])
        return
    if not tried.verdicts:
        click.echo("hd: this desk has no rules; docs/rules.md shows some", err=True)
    for line in shown.verdict_lines(tried.verdicts, app.look):
        click.echo(line, color=app.palette.enabled)
    click.echo("")
    for line in shown.outcome(tried.ticket.values, app.look):
        click.echo(line, color=app.palette.enabled)
    for trouble in tried.troubles:
        click.echo(f"hd: {safe(trouble)}", err=True)

"""hd pend."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.model.fields import PENDING_ON
from hdcli.params import ids_argument, pass_app, report, resolved, text_of, text_options, writes

WAITS = {"requester": "the requester", "vendor": "the vendor", "change": "a change"}


@click.command()
@ids_argument
@click.option("--on", type=click.Choice(PENDING_ON), required=True, help="Whom or what for.")
@click.option("--until", default="", metavar="WHEN", help="As in friday, +3d or 2026-12-01.")
@text_options("reason")
@writes
@pass_app
def pend(
    app: App,
    ids: tuple[str, ...],
    on: str,
    until: str,
    message: str | None,
    file: str | None,
    quiet: bool,
) -> None:
    """Wait for the requester, a vendor or a change; hd reopen goes on.

    \b
      hd pend 7k3 --on vendor --until friday -m "Part ordered, number 4711"
    """
    from hdcli.model.dates import format_utc, parse_deadline
    from hdcli.services import actions

    when = format_utc(parse_deadline(until, app.moment, app.zone)) if until else None
    reason = text_of(message, file, "reason", required=False)
    done = app.session.act(resolved(app, ids), lambda _: actions.pend(on, when, reason))
    report([e.id for e in done], [f"{e.id} waits for {WAITS[on]}" for e in done], quiet=quiet)

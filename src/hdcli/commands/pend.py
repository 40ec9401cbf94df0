"""hd pend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.model.fields import PENDING_ON, WAITS_FOR
from hdcli.params import Text, ids_argument, pass_app, resolved, tell, text_options, writes

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket

WAITS = {"requester": "the requester", "vendor": "the vendor", "change": "a change"}


@click.command()
@ids_argument
@click.option(
    "--on",
    type=click.Choice(PENDING_ON),
    default=WAITS_FOR,
    show_default=True,
    help="Whom or what for.",
)
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

    Where it waits for the requester they are told, with the reason, if the desk sends mail.

    \b
      hd pend 7k3 --on vendor --until friday -m "Part ordered, number 4711"
    """
    from hdcli.services import actions

    when = app.deadline(until, ahead=True) if until else None
    reason = Text(message, file, "reason").given()

    def phrase(_: Ticket) -> str:
        return f"waits for {WAITS[on]}" + (f" until {app.local(when)}" if when else "")

    done = app.session.act(resolved(app, ids), lambda _: actions.pend(on, when, reason))
    tell(done, phrase, quiet=quiet)

"""hd assign, hd take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.params import Text, ids_argument, pass_app, resolved, tell, text_options, writes

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket


@click.command()
@ids_argument
@click.argument("target", metavar="AGENT|me|TEAM|none")
@text_options("reason")
@writes
@pass_app
def assign(
    app: App, ids: tuple[str, ...], target: str, message: str | None, file: str | None, quiet: bool
) -> None:
    """Give tickets to an agent, to yourself (me), to a team, or to nobody (none).

    A new ticket that an agent gets is open. A team gets tickets of its own level; hd escalate and
    hd deescalate move one there.

    \b
      hd assign 7k3 bob
      hd list -q tag:vpn | hd assign - network
    """
    from hdcli.services import actions

    reason = Text(message, file, "reason").given()
    settings, me = app.settings, app.who.handle
    done = app.session.act(
        resolved(app, ids), lambda ticket: actions.assign(settings, ticket, target, me, reason)
    )
    tell(done, _with_whom, quiet=quiet)


def _with_whom(ticket: Ticket) -> str:
    if ticket.text("assignee"):
        return f"is with {ticket.text('assignee')}"
    return f"is with team {ticket.text('team')}" if ticket.text("team") else "is with nobody"


@click.command()
@ids_argument
@writes
@pass_app
def take(app: App, ids: tuple[str, ...], quiet: bool) -> None:
    """Make tickets yours and start on them.

    \b
      hd take 7k3
    """
    from hdcli.services import actions

    settings, me = app.settings, app.who.handle
    done = app.session.act(resolved(app, ids), lambda ticket: actions.take(settings, ticket, me))
    tell(done, lambda _: "is yours", quiet=quiet)

"""hd escalate, hd deescalate."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from hdcli.app import App
from hdcli.params import ids_argument, pass_app, report, resolved, text_of, text_options, writes

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket

TEMPLATE = """\

# Why can't level {level} solve {ids}? What was tried?
# Lines that begin with # are left out; an empty text stops.
"""


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    level = click.option("--to", type=int, metavar="LEVEL", help="The level; else the next.")
    team = click.option("--team", metavar="TEAM", help="The team; else the one for the category.")
    agent = click.option("-a", "--assignee", metavar="AGENT", help="The agent who gets it.")
    return level(team(agent(command)))


@click.command()
@ids_argument
@_options
@text_options("reason")
@writes
@pass_app
def escalate(
    app: App,
    ids: tuple[str, ...],
    to: int | None,
    team: str | None,
    assignee: str | None,
    message: str | None,
    file: str | None,
    quiet: bool,
) -> None:
    """Hand tickets to a higher support level, with the reason.

    The ticket gets the branch l2/ID (or l3/ID …), which moves with it.

    \b
      hd escalate 7k3 -m "Restarted twice, still no address: looks like the VLAN"
    """
    from hdcli.services import actions

    whole = resolved(app, ids)
    template = TEMPLATE.format(level=(to or 2) - 1, ids=" ".join(whole))
    reason = text_of(message, file, "reason", template)
    settings = app.settings
    done = app.session.act(
        whole, lambda t: actions.escalate(settings, t, reason, to, team, assignee)
    )
    report(
        [e.id for e in done], [_placed(e.id, e.level, e.text("team")) for e in done], quiet=quiet
    )


@click.command()
@ids_argument
@_options
@text_options("reason")
@writes
@pass_app
def deescalate(
    app: App,
    ids: tuple[str, ...],
    to: int | None,
    team: str | None,
    assignee: str | None,
    message: str | None,
    file: str | None,
    quiet: bool,
) -> None:
    """Hand tickets back to a lower support level."""
    from hdcli.services import actions

    reason = text_of(message, file, "reason", required=False)
    settings = app.settings
    done = app.session.act(
        resolved(app, ids),
        lambda t: actions.deescalate(settings, t, reason, to, team, assignee),
    )
    report(
        [e.id for e in done], [_placed(e.id, e.level, e.text("team")) for e in done], quiet=quiet
    )


def _placed(ticket: Ticket) -> str:
    team = ticket.text("team")
    return f"{ticket.id} is at level {ticket.level}" + (f", with {team}" if team else "")

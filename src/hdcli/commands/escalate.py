"""hd escalate, hd deescalate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from hdcli.app import App
from hdcli.params import (
    Text,
    act_with,
    ids_argument,
    pass_app,
    resolved,
    tell,
    text_options,
    writes,
)

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket

TEMPLATE = """\

# Why does {ids} need another level? What was tried?
# Lines that begin with # are left out; an empty text stops.
"""


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    level = click.option("--to", type=int, metavar="LEVEL", help="The level; else the nearest.")
    team = click.option("--team", metavar="TEAM", help="The team; else the one for the category.")
    agent = click.option("-a", "--assignee", metavar="AGENT", help="The agent who gets it, or me.")
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

    The ticket gets the branch l2/ID (or l3/ID …), which moves with it. It leaves its assignee; a
    waiting one waits no more.

    \b
      hd escalate 7k3 -m "Restarted twice, still no address: looks like the VLAN"
      hd escalate 7k3 --team vendor -m "The firmware is faulty, they know of it"
    """
    from hdcli.services import actions

    whole = resolved(app, ids)
    settings, agent = app.settings, app.agent_named(assignee)
    text = Text(message, file, "reason", TEMPLATE.format(ids=", ".join(whole)))
    done = act_with(
        app, whole, text, lambda t, reason: actions.escalate(settings, t, reason, to, team, agent)
    )
    tell(done, _placed, quiet=quiet)
    _warn_of_nobody([each.ticket for each in done])


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
    """Hand tickets back to a lower support level: the one below, or --to another.

    \b
      hd deescalate 7k3 -a me -m "Only the password was expired"
    """
    from hdcli.services import actions

    settings, agent = app.settings, app.agent_named(assignee)
    reason = Text(message, file, "reason").given()
    done = app.session.act(
        resolved(app, ids), lambda t: actions.deescalate(settings, t, reason, to, team, agent)
    )
    tell(done, _placed, quiet=quiet)


def _placed(ticket: Ticket) -> str:
    people = [each for each in (ticket.text("team"), ticket.text("assignee")) if each]
    return f"is at level {ticket.level}" + (f", with {' and '.join(people)}" if people else "")


def _warn_of_nobody(done: Sequence[Ticket]) -> None:
    """Says which tickets have no team now, so that no agent hears of them."""
    alone = [each.id for each in done if not (each.text("team") or each.text("assignee"))]
    if alone:
        said = f"nobody is told of {', '.join(alone)}: no team of that level is for the category"
        click.echo(f"note: {said}; hd assign {alone[0]} TEAM", err=True)

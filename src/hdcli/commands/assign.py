"""hd assign, hd take."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import ids_argument, pass_app, report, resolved, text_of, text_options, writes


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

    \b
      hd assign 7k3 bob
      hd list -q tag:vpn | hd assign - network
    """
    from hdcli.services import actions

    reason = text_of(message, file, "reason", required=False)
    settings, me = app.settings, app.who.handle
    done = app.session.act(
        resolved(app, ids), lambda ticket: actions.assign(settings, ticket, target, me, reason)
    )
    lines = [
        f"{each.id} is with {each.text('assignee') or each.text('team') or 'nobody'}"
        for each in done
    ]
    report([each.id for each in done], lines, quiet=quiet)


@click.command()
@ids_argument
@writes
@pass_app
def take(app: App, ids: tuple[str, ...], quiet: bool) -> None:
    """Make tickets yours and start on them."""
    from hdcli.services import actions

    settings, me = app.settings, app.who.handle
    done = app.session.act(resolved(app, ids), lambda ticket: actions.take(settings, ticket, me))
    report([e.id for e in done], [f"{e.id} is yours: {e.title}" for e in done], quiet=quiet)

"""hd inbox, hd inbox done."""

from __future__ import annotations

from contextlib import suppress

import click

from hdcli.app import App
from hdcli.errors import NotADesk
from hdcli.params import (
    Family,
    as_option,
    json_options,
    pass_app,
    report,
    resolved,
    show_json,
    show_table,
    writes,
)
from hdcli.render import streams


@click.group(cls=Family)
def inbox() -> None:
    """See what concerns you of all that others did; say that you are done with it.

    Notes and replies that call you or a team of yours, tickets given to you, escalations to your
    teams, answers by mail on your tickets, and all that is done on tickets that you follow.
    Without a command: list it. How far you are is kept in this clone.
    """


@inbox.command("list", short_help="List what concerns you since you were last done.")
@click.option("--all", "every", is_flag=True, help="From the beginning, what is done too.")
@json_options
@as_option
@pass_app
def list_inbox(app: App, every: bool, form: str | None) -> None:
    """List what concerns you since you were last done, the newest first.

    \b
      hd inbox
      hd inbox --jsonl
    """
    from hdcli.services import inbox as service

    found = service.look(app.desk, app.who.handle, app.now, every=every)
    if form:
        show_json("inbox", [each.document() for each in found.items], form)
        return
    if found.items:
        from hdcli.render.inbox import COLUMNS, rows

        show_table(app, rows(found.items, app.look), COLUMNS)
        if not every:
            click.echo("hd inbox done, once you are", err=True)
    else:
        click.echo(streams.remark("nothing new that concerns you"), err=True)
    if found.begins and not every:
        days = f"the last {service.FIRST_DAYS} days"
        click.echo(f"note: you never looked in this clone before: these are {days}", err=True)
    with suppress(NotADesk):  # a desk that can't be written to can be read
        service.shown(app.desk, app.who.handle, app.now, found.head)


@inbox.command(short_help="Be done with it, or with what is on some tickets.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@writes
@pass_app
def done(app: App, ids: tuple[str, ...], quiet: bool) -> None:
    """Be done with all that hd inbox showed you last, or with what is on some tickets.

    What came since you looked stays. If nothing was shown since you were last done, it is all that
    there is, and is told here.

    \b
      hd inbox done
      hd inbox done 7k3
    """
    from hdcli.render.inbox import line
    from hdcli.services import inbox as service

    wanted = resolved(app, ids) if ids else []
    if ids and not wanted:
        return
    found = service.done(app.desk, app.who.handle, app.now, wanted)
    tickets = list(dict.fromkeys(each.event.place for each in found))
    report(tickets, [line(each) for each in found], quiet=quiet)
    if not found:
        click.echo(streams.remark("there was nothing to be done with"), err=True)

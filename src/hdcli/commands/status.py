"""hd status, and hd alone."""

from __future__ import annotations

import sys

import click

from hdcli.app import App
from hdcli.errors import NotADesk
from hdcli.params import pass_app


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object (docs/json.md).")
@pass_app
def status(app: App, /, as_json: bool = False) -> None:
    """See where things stand: your work, nobody's, what is overdue, each level; what git lacks.

    Hand edits that are not committed and commits that are not pushed are told too.
    """
    from hdcli.model.dates import format_utc
    from hdcli.render import problems
    from hdcli.services.standing import standing

    try:
        desk = app.desk
    except NotADesk as error:
        raise _start_here(error) from None
    found = standing(desk, app.me or "", format_utc(app.moment))
    problems.warn(found.unreadable)
    if as_json:
        from hdcli.render.json import FORMAT, dumps, emit

        emit(sys.stdout, [dumps({"format": FORMAT, **found.document()})])
    else:
        from hdcli.render.board import board
        from hdcli.render.json import emit

        emit(sys.stdout, [board(found, app.look)])


def _start_here(error: NotADesk) -> NotADesk:
    """For somebody who typed hd alone, outside a desk: how to begin."""
    parent = click.get_current_context().parent
    alone = parent is not None and parent.invoked_subcommand is None
    if not alone or error.message != "no desk here":
        return error
    return NotADesk(
        error.message,
        "hd init makes one, hd demo DIR makes one to look at, hd --help lists all commands",
    )

"""hd show."""

from __future__ import annotations

import sys

import click

from hdcli.app import App
from hdcli.params import ids_argument, json_options, pass_app, resolved


@click.command()
@ids_argument
@json_options
@pass_app
def show(app: App, /, ids: tuple[str, ...], form: str | None) -> None:
    """Read tickets: where they stand, what was said, what belongs to them.

    Replies are what the requester saw; notes, behind a bar, are for agents only.

    \b
      hd show 7k3
      hd show @                 the ticket that you touched last
      hd list -q tag:vpn | hd show -
    """
    from hdcli.render import problems
    from hdcli.services.sheet import sheet

    sheets = (sheet(app.desk, each) for each in resolved(app, ids))
    if form:
        from hdcli.render.json import dumps, emit, listed, raw_lines

        texts = (dumps(each.document()).rstrip("\n") for each in sheets)
        # One object is whole or not there; lines are for many, and come as they are read.
        emit(sys.stdout, raw_lines(texts) if form == "jsonl" else listed("tickets", list(texts)))
    else:
        from hdcli.render.pager import page
        from hdcli.render.ticket import ticket_page

        root = app.desk.place.repository.work_tree
        pages = [ticket_page(each, app.settings, app.look, root) for each in sheets]
        page("\n\n".join(pages), enabled=True)
    problems.warn(app.desk.cache.problems())

"""hd show."""

from __future__ import annotations

import sys

import click

from hdcli.app import App
from hdcli.params import ids_argument, pass_app, resolved


@click.command()
@ids_argument
@click.option("--json", "as_json", is_flag=True, help="One JSON object, the log with it.")
@click.option("--jsonl", is_flag=True, help="A JSON object a line, the log with it.")
@pass_app
def show(app: App, /, ids: tuple[str, ...], as_json: bool, jsonl: bool) -> None:
    """Read tickets: where they stand, what was said, what belongs to them.

    Replies are what the requester saw; notes, behind a bar, are for agents only.

    \b
      hd show 7k3
      hd show @                 the ticket that you touched last
      hd list -q tag:vpn | hd show -
    """
    from hdcli.errors import BadUsage
    from hdcli.render import problems
    from hdcli.services.sheet import sheet

    if as_json and jsonl:
        raise BadUsage("--json and --jsonl are two forms", "give one")
    whole = resolved(app, ids)
    sheets = (sheet(app.desk, each) for each in whole)
    if as_json or jsonl:
        from hdcli.render.json import dumps, emit, listed, raw_lines

        texts = (dumps(each.document()).rstrip("\n") for each in sheets)
        emit(sys.stdout, raw_lines(texts) if jsonl else listed("tickets", texts))
    else:
        from hdcli.render.pager import page
        from hdcli.render.ticket import ticket_page

        root = app.desk.place.repository.work_tree
        pages = [ticket_page(each, app.settings, app.look, root) for each in sheets]
        page("\n\n".join(pages), enabled=True)
    problems.warn(app.desk.cache.problems())

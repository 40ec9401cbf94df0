"""hd edit."""

from __future__ import annotations

import os
from functools import partial

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import at_terminal, ids_argument, pass_app, report, resolved, writes

HINTS = (
    "{id} as it is: change the values, save, and close the editor.",
    "Comments of your own stay; these two lines go.",
)


@click.command()
@ids_argument
@click.option("-m", "--message", default="", metavar="TEXT", help="The reason, kept in the log.")
@writes
@pass_app
def edit(app: App, ids: tuple[str, ...], message: str, quiet: bool) -> None:
    """Edit tickets' values in your editor, one ticket after the other.

    What you change is checked and committed as an entry of the log. While something is wrong the
    editor opens again with the message on top; leave the text as it is to stop: what you wrote is
    then kept in a file. Others may go on meanwhile; only fields that you both changed are refused.

    \b
      hd edit 7k3
      EDITOR="sed -i s/^priority:.*/priority:\\ high/" hd edit 7k3 9fq
    """
    from hdcli.editor import revised
    from hdcli.services import editing

    if not at_terminal() and not any(os.environ.get(e) for e in ("GIT_EDITOR", "VISUAL", "EDITOR")):
        raise BadUsage("no terminal to edit at", "hd set ID FIELD=VALUE, or name an EDITOR")
    session = app.session
    for each in resolved(app, ids):
        opened = editing.opened(app.desk, each)
        hints = [line.format(id=each) for line in HINTS]
        finish = partial(editing.save, session, opened, note=message)
        done = revised(app, opened.text, each, finish, hints)
        report([each] if done else [], [done or f"{each} stays as it is"], quiet=quiet)

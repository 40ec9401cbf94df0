"""hd undo."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import pass_app, report, resolved, writes


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID...]")
@writes
@pass_app
def undo(app: App, ids: tuple[str, ...], quiet: bool) -> None:
    """Take back your last action, or the last one on each ID.

    It is a new commit and a new entry; the log keeps both. Once more takes back the action before.
    What others built upon is not undone. A new ticket is closed, not lost.

    \b
      hd undo
      hd undo 7k3
    """
    from hdcli.services.undo import undo_last, undo_on

    done = undo_on(app.session, resolved(app, ids)) if ids else undo_last(app.session)
    report([e.id for e in done], [f"taken back: {e.subject}" for e in done], quiet=quiet)

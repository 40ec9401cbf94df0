"""hd undo."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import pass_app, records, report, writes


@click.command()
@click.argument("names", nargs=-1, metavar="[ID|SLUG]...")
@writes
@pass_app
def undo(app: App, names: tuple[str, ...], quiet: bool) -> None:
    """Take back your last action, or the last one on each ticket and article named.

    It is a new commit and a new entry; the log keeps both. Once more takes back the action before.
    What others built upon is not undone. A new ticket is closed, a new article archived, not lost.
    kb/SLUG is always the article.

    \b
      hd undo
      hd undo 7k3
      hd undo reset-password
    """
    from hdcli.services.undo import undo_last, undo_on

    done = undo_on(app.session, records(app, names)) if names else undo_last(app.session)
    report([e.id for e in done], [f"taken back: {e.subject}" for e in done], quiet=quiet)

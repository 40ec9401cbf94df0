"""hd undo."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import pass_app, writes


@click.command()
@writes
@pass_app
def undo(app: App, quiet: bool) -> None:
    """Take back your last action, by a new commit; the log keeps both.

    Once more takes back the one before. What others built upon is not undone.
    """
    from hdcli.render.text import safe
    from hdcli.services.undo import undo_last

    done = undo_last(app.session)
    click.echo(done.id if quiet else f"taken back: {safe(done.subject)}")

"""hd intake prune."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import pass_app, report, tell, writes


@click.command()
@click.option("--dry-run", "dry", is_flag=True, help="Say what would go; write nothing.")
@writes
@pass_app
def prune(app: App, dry: bool, quiet: bool) -> None:
    """Take whole messages out of tickets that are kept longer than mail.keep_days.

    What was typed and the files stay; git's history has the messages all the same. Messages that
    this clone keeps since they were too large for the desk are deleted.
    """
    from hdcli.services.intake import pruning

    done = pruning.prune(app.session, dry=dry)
    tell(done, lambda _: "has lost its old messages", quiet=quiet)
    large = pruning.prune_large(app.session, dry=dry)
    report([], [f"{each} is deleted" for each in large], quiet=quiet)

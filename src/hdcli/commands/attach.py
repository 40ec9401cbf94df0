"""hd attach."""

from __future__ import annotations

from pathlib import Path

import click

from hdcli.app import App
from hdcli.params import pass_app, report, resolved, writes


@click.command()
@click.argument("ticket", metavar="ID")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option("-m", "--message", default="", metavar="TEXT", help="What they are.")
@writes
@pass_app
def attach(app: App, ticket: str, files: tuple[Path, ...], message: str, quiet: bool) -> None:
    """Put files on a ticket."""
    from hdcli.services import actions, attachments

    contents = attachments.read_files(list(files))
    done = app.session.act(
        resolved(app, [ticket]),
        lambda t: actions.attach(attachments.stored(t.id, contents), message.strip()),
    )
    names = ", ".join(path.name for path in files)
    report([e.id for e in done], [f"{e.id} has {names}" for e in done], quiet=quiet)

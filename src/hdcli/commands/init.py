"""hd init."""

from __future__ import annotations

from pathlib import Path

import click

from hdcli.app import App
from hdcli.params import pass_app


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--name", default="", help="The desk's name (else the folder's).")
@click.option("--prefix", default="", help="What ids begin with (else HD).")
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option("--bare", is_flag=True, help="A hub without a work tree, to push to.")
@pass_app
def init(app: App, folder: Path, name: str, prefix: str, language: str, bare: bool) -> None:
    """Make a desk in DIR (else here): a git repository with a commented desk.yaml.

    You become its first agent. Running it again changes nothing.
    """
    from hdcli.services.setup import open_desk

    opened = open_desk(folder, app.now, name, prefix, language, bare=bare)
    if opened.existed:
        click.echo(f"{folder} is a desk already; nothing was changed")
        return
    click.echo(f"desk opened in {opened.folder}, you are agent '{opened.handle}'")
    click.echo('next: edit desk.yaml, or hd new "what is wrong"')

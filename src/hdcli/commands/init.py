"""hd init."""

from __future__ import annotations

from pathlib import Path

import click

from hdcli.app import App
from hdcli.params import pass_app


@click.command()
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(readable=False, path_type=Path)
)
@click.option("--name", default="", help="The desk's name (else the folder's).")
@click.option("--prefix", default="", help="What ids begin with (else HD).")
@click.option(
    "--language",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="Of the settings' names and comments.",
)
@click.option("--bare", is_flag=True, help="A hub without a work tree; pushes to it are judged.")
@pass_app
def init(app: App, folder: Path | None, name: str, prefix: str, language: str, bare: bool) -> None:
    """Make a desk in DIR (else here): a git repository with a commented desk.yaml.

    You become its first agent. Running it again changes nothing.

    \b
      hd init support --name "IT support"
      hd init --bare /srv/git/support.git
    """
    from hdcli.render.text import safe
    from hdcli.services.setup import Wanted, open_desk

    folder = folder or Path(app.folder or ".")
    opened = open_desk(folder, app.now, Wanted(name, prefix, language, bare))
    place = safe(str(opened.folder))
    if opened.existed:
        click.echo(f"{place} is a desk already; nothing was changed")
        return
    click.echo(f"desk opened in {place}, you are agent '{opened.handle}'")
    if opened.inside:
        outer = safe(str(opened.inside))
        click.echo(f"note: it lies inside the repository {outer}; let that ignore it", err=True)
    if bare:
        click.echo(f"next: hd clone {place}")
    else:
        click.echo('next: edit desk.yaml, or hd new "what is wrong"')

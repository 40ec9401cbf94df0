"""hd open."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import at_terminal, ids_argument, pass_app, resolved


@click.command()
@ids_argument
@click.option("--print", "only_print", is_flag=True, help="Print the path instead.")
@pass_app
def open_file(app: App, /, ids: tuple[str, ...], only_print: bool) -> None:
    """Open tickets' files in the editor that git would open; hd commit then takes up the change.

    Without a terminal the paths are printed. hd edit does both steps, and checks what you wrote.

    \b
      hd open 7k3
      grep -n vlan $(hd open --print 7k3)
    """
    from hdcli.services.files import edit, files_of

    paths = files_of(app.desk, resolved(app, ids))
    if only_print or not at_terminal():
        for path in paths:
            click.echo(path)
        return
    for path in edit(app.editor, paths):
        click.echo(f"{path.stem} was edited; hd commit takes it up")

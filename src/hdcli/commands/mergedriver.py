"""hd merge-driver."""

from __future__ import annotations

from pathlib import Path

import click

from hdcli.app import App
from hdcli.errors import BadData
from hdcli.params import pass_app

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("merge-driver")
@click.argument("base", metavar="%O", type=_FILE)
@click.argument("ours", metavar="%A", type=_FILE)
@click.argument("theirs", metavar="%B", type=_FILE)
@click.argument("path", metavar="%P")
@pass_app
def merge_driver(app: App, base: Path, ours: Path, theirs: Path, path: str) -> None:
    """Merge one file of a desk, for git.

    Every clone has it as the driver of its YAML (gitattributes(5)), so that git pull, merge,
    rebase, cherry-pick and stash merge tickets by their logs. git gives it three versions and the
    path; the result replaces %A. What only a person can settle leaves %A as it was, says why, and
    is a conflict to git.
    """
    from hdcli.render.text import safe
    from hdcli.services.driver import driven
    from hdcli.store.discover import discover
    from hdcli.store.threeway import Sides

    sides = Sides(path, base.read_bytes() or None, ours.read_bytes(), theirs.read_bytes())
    try:
        data, remarks = driven(discover(app.start).repository, sides, app.now)
    except BadData as error:
        error.remedy = error.remedy or "mend the file, git add it, then git merge --continue"
        raise
    ours.write_bytes(data)
    for each in remarks:
        click.echo(f"hd: {safe(each)}", err=True)

"""hd archive."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import pass_app, resolved

if TYPE_CHECKING:
    from hdcli.services.archiving import Arranged


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--before", metavar="DATE|AGE", help="What was closed, and not touched since then.")
@click.option("--restore", is_flag=True, help="Fetch tickets back, all where none is named.")
@click.option("-n", "--dry-run", is_flag=True, help="Say which tickets would leave.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but bare ids.")
@pass_app
def archive(
    app: App, ids: tuple[str, ...], before: str | None, restore: bool, dry_run: bool, quiet: bool
) -> None:
    """Let tickets that were closed long ago leave the work tree of this clone.

    They stay committed: hd list, search, show and reopen them as before, for others nothing
    changes, and git status has less to look at. With --before exactly those are away; a ticket
    that you write to comes back by itself. Without options: how many are away.

    \b
      hd archive --before 1y
      hd archive --restore 7k3
    """
    from hdcli.services import archiving

    if restore and (before or dry_run):
        raise BadUsage("--restore takes no other option than -q", "give one or the other")
    if (dry_run or ids) and not (before or restore):
        raise BadUsage("nothing is said to be done", "name --before DATE, or --restore")
    if ids and before:
        raise BadUsage("--before chooses the tickets", "leave the ids out")
    if restore:
        _say(archiving.restore(app.desk, resolved(app, ids) if ids else ()), quiet=quiet)
    elif before and dry_run:
        due = archiving.due(app.desk, app.past(before))
        click.echo("".join(f"{each}\n" for each in due), nl=False)
    elif before:
        _say(_archived(app, app.past(before)), quiet=quiet)
    else:
        there, away = archiving.archived(app.desk)
        click.echo(f"in the work tree: {there:,}, archived: {away:,}")


def _archived(app: App, before: str) -> Arranged:
    from hdcli.render.progress import Progress
    from hdcli.services import archiving

    bar = Progress(sys.stderr, "files")
    try:
        return archiving.archive(
            app.desk, before, lambda done, total: bar.show(done, done / max(1, total))
        )
    finally:
        bar.end()


def _say(done: Arranged, *, quiet: bool) -> None:
    for each in done.kept:
        click.echo(f"{each} stays: it has hand edits that are not committed (hd commit)", err=True)
    if quiet:
        click.echo("".join(f"{each}\n" for each in (*done.left, *done.back)), nl=False)
        return
    moved = f"left the work tree: {len(done.left):,}, came back: {len(done.back):,}"
    click.echo(f"{moved}; now there: {done.there:,}, archived: {done.away:,}")

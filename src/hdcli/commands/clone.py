"""hd clone."""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote

import click

from hdcli.app import App
from hdcli.params import pass_app


@click.command()
@click.argument("url")
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(readable=False, path_type=Path)
)
@click.option("--depth", type=click.IntRange(1), metavar="N", help="Only the newest N commits.")
@click.option("--filter", "only", metavar="SPEC", help="Leave to the host, as in blob:none.")
@click.option("--bare", is_flag=True, help="Without a work tree: a copy, or a hub.")
@pass_app
def clone(
    app: App, url: str, folder: Path | None, depth: int | None, only: str | None, bare: bool
) -> None:
    """Join a desk: clone it from URL into DIR, ready to work in, and say who you are on it.

    git clones: any URL that it takes, its credentials, its progress. DIR is the URL's last part
    where it is not named. What a plain git clone made, the first hd command in it makes ready.

    \b
      hd clone git@example.org:support.git
      hd clone --filter=blob:none https://example.org/support.git desk
    """
    from hdcli.render.progress import Progress
    from hdcli.render.text import safe
    from hdcli.services import joining

    bars: dict[str, Progress] = {}

    def building(what: str, done: int, total: int) -> None:
        bar = bars.setdefault(what, Progress(sys.stderr, f"{what} read"))
        bar.show(done, done / max(1, total))
        if done >= total:
            bar.end()

    where = folder or (Path(app.folder) if app.folder else None)
    joined = joining.clone(
        joining.source(url, depth=depth, only=only, bare=bare),
        where,
        app.named,
        _tell if sys.stderr.isatty() else None,
        building,
        prompt=sys.stdin.isatty(),
    )
    for line in joined.warnings:
        click.echo(f"git: {safe(line)}", err=True)
    place, name = safe(str(joined.folder)), safe(joined.desk)
    holds = f"{_count(joined.tickets, 'ticket')}, {_count(joined.articles, 'article')}"
    you = f"; you are agent '{joined.handle}'" if joined.handle else ""
    click.echo(f"{name} is in {place}: {holds}{you}")
    if joined.since is not None:
        begin = app.local(joined.since)
        click.echo(f"its history begins {begin}: git fetch --unshallow brings what was before")
    if joined.partial:
        click.echo("files of the past stay with the host: they are fetched when they are read")
    for line in joined.advice:
        click.echo(safe(line))
    click.echo(f"next: cd {safe(quote(str(joined.folder)))} && hd")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _tell(text: str, end: bool) -> None:
    """A line of git's progress, over the one before."""
    from hdcli.render.text import safe

    sys.stderr.write(f"\r{safe(text)}\x1b[K" + ("\n" if end else ""))
    sys.stderr.flush()

"""hd sync."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage, Busy, Conflict, RemoteFailed
from hdcli.params import pass_app, set_agent

if TYPE_CHECKING:
    from hdcli.services.sync import Synced

_SHORTEST = 5


@click.command()
@click.argument("remote", default="", metavar="[REMOTE]")
@click.option("--pull", is_flag=True, help="Only take in what others wrote.")
@click.option("--push", is_flag=True, help="Only hand out what was written here.")
@click.option(
    "--watch",
    type=click.IntRange(_SHORTEST),
    metavar="SECONDS",
    help="Again and again, saying what is new.",
)
@click.option(
    "--accept-rewrite", is_flag=True, help="Take over a rewritten history, your own work kept."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object (a line, if watching)."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of what came and went.")
@click.option(
    "--as",
    metavar="AGENT",
    expose_value=False,
    callback=set_agent,
    help="Merge as this agent (else HD_AGENT, else your git identity).",
)
@pass_app
def sync(
    app: App,
    remote: str,
    pull: bool,
    push: bool,
    watch: int | None,
    accept_rewrite: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Exchange work with a remote: fetch, merge, push, all or nothing.

    Nothing that anyone wrote is lost, whoever pushes first: tickets are merged by their logs, and
    the desk's branch and the level branches go out together. REMOTE is the one that the branch
    follows, else origin. Work goes on without a network; this is when it meets the others'.

    \b
      hd sync
      hd sync --watch 60
      hd sync --pull --json
    """
    if pull and push:
        raise BadUsage("--pull and --push are both what hd sync does without them")
    if accept_rewrite and (push or watch):
        raise BadUsage("--accept-rewrite goes with neither --push nor --watch")
    show = _shown(app, as_json=as_json, quiet=quiet, watching=watch is not None)
    while True:
        try:
            show(_once(app, remote, pull=not push, push=not pull, rewritten=accept_rewrite))
        except (RemoteFailed, Busy, Conflict) as error:  # what passes, or somebody settles
            if watch is None:
                raise
            from hdcli.render.text import safe

            click.echo(f"hd: {safe(str(error))}", err=True)
        if watch is None:
            return
        time.sleep(watch)


def _once(app: App, name: str, *, pull: bool, push: bool, rewritten: bool) -> Synced:
    from hdcli.services.session import Session
    from hdcli.services.sync import sync as exchange
    from hdcli.store.remote import chosen

    desk = app.desk
    remote = chosen(desk.place.repository, desk.place.branch, name)
    # Who hands nothing out need not be an agent: whoever may read the remote may follow it.
    who = app.who if push else app.joining.who
    session = Session(desk, who, int(time.time()))
    again = None
    if rewritten:
        from hdcli.services.rewriting import accept

        again = accept(session, remote)
    done = exchange(session, remote, pull=pull, push=push)
    done.again = again
    return done


def _shown(app: App, *, as_json: bool, quiet: bool, watching: bool) -> Shown:
    """What is printed of a sync: while watching, only when something happened."""

    def show(done: Synced) -> None:
        from hdcli.render import synced

        happened = bool(done.came.commits or done.went.commits or done.remarks)
        if watching and not happened:
            return
        if as_json:
            from hdcli.render.json import dumps

            click.echo(dumps({"format": 1, "sync": done.document()}), nl=False)
        elif not quiet:
            from hdcli.services.incoming import titles

            shown = done.came.touched[: synced.MOST]
            names = titles(app.desk, shown)
            click.echo("\n".join(synced.lines(done, names, app.look)))

    return show


if TYPE_CHECKING:
    from collections.abc import Callable

    Shown = Callable[[Synced], None]

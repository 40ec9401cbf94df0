"""hd watch."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import Busy, RemoteFailed
from hdcli.params import as_option, pass_app
from hdcli.render import streams

if TYPE_CHECKING:
    from hdcli.services.history import Event
    from hdcli.services.watching import Watch

_PAUSE = 0.5
_LINES = 10
_SHORTEST = 5


@click.command()
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help=f"Begin with the last N ({_LINES}; with --json 0).",
)
@click.option(
    "--sync",
    "seconds",
    type=click.IntRange(_SHORTEST),
    metavar="SECONDS",
    help="Sync every so often.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@as_option
@pass_app
def watch(
    app: App, words: tuple[str, ...], limit: int | None, seconds: int | None, as_json: bool
) -> None:
    """See what changes on the desk as it happens, a line each, until you stop it.

    With a query, what is done on tickets that match it afterwards.

    \b
      hd watch
      hd watch team:network --sync 30
      hd watch priority:urgent --json
    """
    from hdcli.services.watching import Watch

    text = " ".join(words)
    query, me = None, ""
    if text:
        from hdcli.model.query_parser import parse

        context = app.query_context(text)
        query, me = parse(text, context), context.me or ""
    first = (0 if as_json else _LINES) if limit is None else limit
    watching = Watch(app.desk, query, me)
    if first:
        _show(app, watching.past(first), as_json=as_json)
    _go_on(app, watching, seconds, as_json=as_json)


def _go_on(app: App, watching: Watch, seconds: int | None, *, as_json: bool) -> None:
    synced = float("-inf")
    while True:
        if seconds and time.monotonic() - synced >= seconds:
            _sync(app)
            synced = time.monotonic()
        _show(app, watching.news(), as_json=as_json)
        time.sleep(_PAUSE)


def _sync(app: App) -> None:
    """Exchanges work with the remote; a network that fails is told, and no end."""
    from hdcli.services.session import Session
    from hdcli.services.sync import sync
    from hdcli.store.remote import chosen

    place = app.desk.place
    try:
        remote = chosen(place.repository, place.branch, "")
        sync(Session(app.desk, app.who, int(time.time())), remote)
    except (RemoteFailed, Busy) as error:
        click.echo(streams.remark(str(error)), err=True)


def _show(app: App, events: Sequence[Event], *, as_json: bool) -> None:
    if not events:
        return
    if as_json:
        from hdcli.render.json import lines

        # Whose reader has gone ends here.
        sys.stdout.writelines(lines([each.document() for each in events]))
    else:
        from hdcli.render import ledger
        from hdcli.render.look import screen

        columns, rows = screen(sys.stdout)
        look = replace(app.look, now=datetime.now(UTC), columns=columns, lines=rows)
        for text in ledger.lines(events, look, app.settings.agents, whole=False):
            click.echo(text, nl=False, color=look.palette.enabled)
    sys.stdout.flush()

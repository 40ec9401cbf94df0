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
from hdcli.errors import HdError
from hdcli.params import as_option, pass_app
from hdcli.render import streams
from hdcli.render.text import safe

if TYPE_CHECKING:
    from hdcli.services.history import Event
    from hdcli.services.watching import Watch

_PAUSE = 500
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
    synced, trouble = float("-inf"), ""
    while True:
        if seconds and time.monotonic() - synced >= seconds:
            trouble = _sync(app, trouble)
            synced = time.monotonic()
        _show(app, watching.news(), as_json=as_json)
        _wait()


def _wait() -> None:
    """A moment, or until the reader of a pipe has left: raises BrokenPipeError."""
    from select import POLLERR, poll

    output = poll()
    output.register(sys.stdout, 0)
    if any(what & POLLERR for _, what in output.poll(_PAUSE)):
        raise BrokenPipeError


def _sync(app: App, before: str) -> str:
    """Exchanges work with the remote, and gives what went wrong: it is told, once, and no end."""
    from hdcli.services.session import Session
    from hdcli.services.sync import sync
    from hdcli.store.remote import chosen

    place = app.desk.place
    try:
        remote = chosen(place.repository, place.branch, "")
        sync(Session(app.desk, app.who, int(time.time())), remote)
    except HdError as error:
        said = safe(str(error))
        if said != before:
            click.echo(streams.remark(said), err=True)
        return said
    if before:
        click.echo(streams.remark("sync works again"), err=True)
    return ""


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

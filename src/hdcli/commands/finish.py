"""hd resolve, hd reopen, hd close."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import ids_argument, pass_app, report, resolved, text_of, text_options, writes

TEMPLATE = """\

# How was {ids} solved? The requester reads this, and the next agent finds it.
# Lines that begin with # are left out; an empty text stops.
"""


@click.command()
@ids_argument
@text_options("solution")
@writes
@pass_app
def resolve(
    app: App, ids: tuple[str, ...], message: str | None, file: str | None, quiet: bool
) -> None:
    """Say how tickets were solved.

    \b
      hd resolve 7k3 -m "The cable was loose; fixed it with a new clip"
    """
    from hdcli.services import actions

    whole = resolved(app, ids)
    text = text_of(message, file, "solution", TEMPLATE.format(ids=" ".join(whole)))
    done = app.session.act(whole, lambda _: actions.resolve(text))
    report([e.id for e in done], [f"{e.id} is resolved: {e.title}" for e in done], quiet=quiet)


@click.command()
@ids_argument
@text_options("reason")
@writes
@pass_app
def reopen(
    app: App, ids: tuple[str, ...], message: str | None, file: str | None, quiet: bool
) -> None:
    """Open solved, closed or waiting tickets again."""
    from hdcli.services import actions

    text = text_of(message, file, "reason", required=False)
    done = app.session.act(resolved(app, ids), lambda _: actions.reopen(text))
    report([e.id for e in done], [f"{e.id} is open again: {e.title}" for e in done], quiet=quiet)


@click.command()
@ids_argument
@text_options("reason")
@writes
@pass_app
def close(
    app: App, ids: tuple[str, ...], message: str | None, file: str | None, quiet: bool
) -> None:
    """Close tickets: solved and confirmed, or not to be worked on."""
    from hdcli.services import actions

    text = text_of(message, file, "reason", required=False)
    done = app.session.act(resolved(app, ids), lambda _: actions.close(text))
    report([e.id for e in done], [f"{e.id} is closed: {e.title}" for e in done], quiet=quiet)

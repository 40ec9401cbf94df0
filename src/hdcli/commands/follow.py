"""hd follow."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import ids_argument, pass_app, resolved, tell, writes


@click.command()
@ids_argument
@click.option("--stop", is_flag=True, help="Follow them no longer.")
@writes
@pass_app
def follow(app: App, ids: tuple[str, ...], stop: bool, quiet: bool) -> None:
    """Hear of all that is done on tickets: hd inbox shows it.

    \b
      hd follow 7k3
      hd list watcher:me
      hd follow 7k3 --stop
    """
    from hdcli.services import actions

    draft = actions.follow(app.who.handle, stop=stop)
    done = app.session.act(resolved(app, ids), lambda _: draft)
    said = "is not followed by you" if stop else "is followed by you"
    tell(done, lambda _: said, quiet=quiet)

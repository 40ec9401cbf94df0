"""hd hub status, install, receive."""

from __future__ import annotations

import os
import sys
from itertools import islice
from pathlib import Path

import click

from hdcli.app import App
from hdcli.errors import HdError, Refused
from hdcli.params import Family, pass_app

_SHOWN = 20
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(cls=Family)
def hub() -> None:
    """Judge what people push to a bare repository.

    Without a command: say whether that is so.
    """


@hub.command(short_help="Say whether pushes are judged.")
@click.argument("folder", metavar="[DIR]", required=False, type=_FOLDER)
@pass_app
def status(app: App, folder: Path | None) -> None:
    """Say whether pushes to the repository in DIR (else here) are judged, and by which hook."""
    from hdcli.render.text import safe
    from hdcli.services.hub import hook

    where = folder or app.start
    found = hook(where)
    if found is None:
        raise Refused(f"pushes to {where} are not judged", "hd hub install")
    click.echo(f"pushes are judged by {safe(str(found))}")


@hub.command(short_help="Have pushes to a bare repository judged.")
@click.argument("folder", metavar="[DIR]", required=False, type=_FOLDER)
@pass_app
def install(app: App, folder: Path | None) -> None:
    """Have every push to the bare repository in DIR (else here) judged, by a pre-receive hook.

    It refuses, with commit, file and reason, whatever would lose or forge something: entries that
    were altered, taken out or written in another's name, removed tickets, files that can't be read
    or lie out of place, authors who are no agents or may not do that, level branches that don't
    match, forced pushes. hd init --bare does this too. Again, it does no harm.

    \b
      hd hub install /srv/git/support.git
    """
    from hdcli.render.text import safe
    from hdcli.services.hub import install as installed

    place = installed(folder or app.start)
    click.echo(f"pushes are judged from now on, by {safe(str(place))}")


@hub.command(short_help="Judge a push; for git's hook.")
@pass_app
def receive(app: App) -> None:
    """Judge a push, as git's pre-receive hook (githooks(5)): old, new and ref on each line.

    Exits with 1 where the push is to be refused, and says why on standard error.
    """
    from hdcli.render.text import safe
    from hdcli.services.hub import receive as judged
    from hdcli.store.hub import in_hook, updates

    try:
        pushed = updates(sys.stdin)
        findings = list(islice(judged(in_hook(app.start, os.environ), pushed), _SHOWN + 1))
        for each in findings[:_SHOWN]:
            click.echo(safe(str(each)), err=True)
    except OSError as error:  # whoever pushes must not get past by going away
        raise HdError(f"the push can't be judged: {error.strerror or error}") from None
    if findings:
        more = " and more" if len(findings) > _SHOWN else ""
        count = len(findings[:_SHOWN])
        raise Refused(f"the push was refused: {count} error{'s' * (count > 1)}{more}")

"""hd demo."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from hdcli.app import App
from hdcli.params import pass_app

NEXT = """\
next: cd {place}
      hd status                     where things stand, your work first
      hd list is:overdue            what should be done by now
      hd show @                     the ticket touched last
      hd log                        what happened
      hd kb                         what was learnt, and whom it helped
      hd suggest mot de passe       what helps with what comes next, and why
      hd procedure show {following}    a checklist under way
      hd kb gaps                    what nobody has written down yet
      git branch --list 'l*/*'      what is at level 2 and 3, for git alone"""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(readable=False, path_type=Path))
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, other ids.")
@pass_app
def demo(app: App, folder: Path, seed: int) -> None:
    """Make a lively desk in DIR, to look at and to train with.

    Some 90 tickets with their histories over the last five weeks, by phone, mail and walk-in:
    solved at once, escalated, handed back, reopened, merged; and articles that came of them or
    helped. You are one of its agents. DIR must be empty or missing.

    \b
      hd demo try-hd && cd try-hd && hd status
    """
    from hdcli.render.text import safe
    from hdcli.services.demo import make

    made = make(folder, app.now, app.zone, seed)
    place = safe(str(folder))
    click.echo(
        f"demo desk in {place}: {made.tickets} tickets, {made.articles} articles,"
        f" {made.commits} commits; you are agent '{made.handle}'"
    )
    click.echo(NEXT.format(place=safe(quote(str(folder))), following=made.following))

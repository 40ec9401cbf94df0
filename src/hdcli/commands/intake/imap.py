"""hd intake imap: messages from a mailbox."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from hdcli.app import App
from hdcli.commands.intake.mail import options, take
from hdcli.errors import Busy, Conflict, RemoteFailed
from hdcli.params import pass_app
from hdcli.render import streams

if TYPE_CHECKING:
    from hdcli.services.intake.imapname import Box

_PATIENCE = (5, 15, 60, 300)


@click.command()
@click.argument("mailbox", metavar="IMAPS://USER@HOST/FOLDER")
@click.option("--move", "move_to", default="", metavar="FOLDER", help="Move what is done there.")
@click.option("--watch", is_flag=True, help="Stay, and take in what comes, until stopped.")
@click.option("--every", type=click.IntRange(5), default=60, help="Seconds between looks.")
@options
@pass_app
def imap(app: App, /, mailbox: str, move_to: str, watch: bool, every: int, **given: Any) -> None:
    """Take in the unseen messages of an IMAP mailbox, and mark them as seen when they are safe.

    The password is that of git's credential helper, or HD_IMAP_PASSWORD. With --watch the server
    tells what comes (IDLE), or is asked every minute; a line that breaks is opened again.

    \b
      hd --as post intake imap imaps://help@mail.example.org/INBOX
      hd --as post intake imap imaps://help@mail.example.org --move Done --watch
    """
    from hdcli.services.intake.imapname import box

    where = box(mailbox)
    if not watch:
        _look(app, where, move_to, given)
        return
    failures = 0
    while True:
        try:
            for _ in _looks(app, where, move_to, every, given):
                failures = 0
        except (Busy, Conflict, RemoteFailed) as error:
            click.echo(streams.remark(str(error)), err=True)
            time.sleep(_PATIENCE[min(failures, len(_PATIENCE) - 1)])
            failures += 1


def _look(app: App, where: Box, move_to: str, given: dict[str, Any]) -> None:
    from hdcli.services.intake.imapbox import Mailbox

    repository = app.desk.place.repository
    with closing(Mailbox(where, repository, move_to)) as found:
        take(app, found.portions(app.now), given, found.done)


def _looks(app: App, where: Box, move_to: str, every: int, given: dict[str, Any]) -> Iterator[None]:
    """Looks again and again over one line to the server."""
    from hdcli.services.intake.imapbox import Mailbox

    with closing(Mailbox(where, app.desk.place.repository, move_to)) as found:
        while True:
            app.now = int(time.time())
            app.__dict__.pop("session", None)
            take(app, found.portions(app.now), given, found.done)
            yield
            found.wait(every)

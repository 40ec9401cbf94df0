"""hd note, hd reply."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.params import (
    Text,
    act_with,
    ids_argument,
    pass_app,
    resolved,
    tell,
    text_options,
    writes,
)

if TYPE_CHECKING:
    from hdcli.model.settings import Settings
    from hdcli.services.session import Done

NOTE = """\

# A note on {ids}, for agents only.
# Lines that begin with # are left out; an empty text stops.
"""
REPLY = """\

# A reply on {ids}: the requester reads it.
# Lines that begin with # are left out; an empty text stops.
"""
attach_option = click.option(
    "--attach", multiple=True, type=click.Path(path_type=Path), help="A file to put on it."
)


@click.command()
@ids_argument
@text_options("note")
@attach_option
@writes
@pass_app
def note(
    app: App,
    ids: tuple[str, ...],
    message: str | None,
    file: str | None,
    attach: tuple[Path, ...],
    quiet: bool,
) -> None:
    """Add a note that only agents see; @bob and @network call an agent or a team.

    \b
      hd note 7k3 -m "Switch port 12 is dead, spare ordered"
      hd note 7k3 -m "@bob have you seen this before?"
    """
    from hdcli.services import actions, attachments
    from hdcli.services.mentioning import mentioning

    settings, whole = app.settings, resolved(app, ids)
    contents = attachments.read_files(attach, settings.max_file)
    text = Text(message, file, "note", NOTE.format(ids=", ".join(whole)))
    done = act_with(
        app,
        whole,
        text,
        lambda t, body: mentioning(settings, actions.note(body)).with_files(
            attachments.stored(t.id, contents)
        ),
    )
    _warn(settings, done)
    tell(done, lambda _: "has your note", quiet=quiet)


@click.command()
@ids_argument
@text_options("answer")
@attach_option
@writes
@pass_app
def reply(
    app: App,
    ids: tuple[str, ...],
    message: str | None,
    file: str | None,
    attach: tuple[Path, ...],
    quiet: bool,
) -> None:
    """Answer the requester; the ticket is open afterwards if it was new.

    \b
      hd reply 7k3 -m "Could you tell me the number on the sticker?"
    """
    from hdcli.services import actions, attachments
    from hdcli.services.mentioning import mentioning

    settings, whole = app.settings, resolved(app, ids)
    contents = attachments.read_files(attach, settings.max_file)
    text = Text(message, file, "reply", REPLY.format(ids=", ".join(whole)))
    done = act_with(
        app,
        whole,
        text,
        lambda t, body: mentioning(settings, actions.reply(t, body)).with_files(
            attachments.stored(t.id, contents)
        ),
    )
    _warn(settings, done)
    tell(done, lambda _: "has your reply", quiet=quiet)


def _warn(settings: Settings, done: Sequence[Done]) -> None:
    """Says on standard error whom the text calls in vain."""
    from hdcli.services.mentioning import unreached

    text = done[0].ticket.log[-1].body if done else ""
    for each in unreached(settings, text):
        click.echo(f"note: {each}", err=True)

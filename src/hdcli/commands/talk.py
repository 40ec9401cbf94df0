"""hd note, hd reply."""

from __future__ import annotations

from pathlib import Path

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
    """Add a note that only agents see.

    \b
      hd note 7k3 -m "Switch port 12 is dead, spare ordered"
    """
    from hdcli.services import actions, attachments

    whole, contents = resolved(app, ids), attachments.read_files(attach, app.settings.max_file)
    text = Text(message, file, "note", NOTE.format(ids=", ".join(whole)))
    done = act_with(
        app,
        whole,
        text,
        lambda t, body: actions.note(body).with_files(attachments.stored(t.id, contents)),
    )
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

    whole, contents = resolved(app, ids), attachments.read_files(attach, app.settings.max_file)
    text = Text(message, file, "reply", REPLY.format(ids=", ".join(whole)))
    done = act_with(
        app,
        whole,
        text,
        lambda t, body: actions.reply(t, body).with_files(attachments.stored(t.id, contents)),
    )
    tell(done, lambda _: "has your reply", quiet=quiet)

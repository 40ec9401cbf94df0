"""hd note, hd reply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import (
    Text,
    act_with,
    at_terminal,
    ids_argument,
    pass_app,
    resolved,
    tell,
    text_options,
    writes,
)

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket
    from hdcli.services.actions import Draft
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

    whole = resolved(app, ids)
    contents = attachments.read_files(attach, app.settings.max_file)
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
@click.option("--canned", metavar="NAME", help="Begin with a canned reply.")
@text_options("answer")
@attach_option
@writes
@pass_app
def reply(
    app: App,
    ids: tuple[str, ...],
    canned: str | None,
    message: str | None,
    file: str | None,
    attach: tuple[Path, ...],
    quiet: bool,
) -> None:
    """Answer the requester; the ticket is open afterwards if it was new.

    A canned reply, in the requester's language, is in your editor before it goes; where nobody is
    at a terminal, or for several tickets, it goes as it is. hd canned list shows them.

    \b
      hd reply 7k3 -m "Could you tell me the number on the sticker?"
      hd reply 7k3 --canned more-details
    """
    from hdcli.services import actions, attachments

    whole = resolved(app, ids)
    contents = attachments.read_files(attach, app.settings.max_file)
    text = Text(message, file, "reply", REPLY.format(ids=", ".join(whole)))

    def draft(ticket: Ticket, body: str) -> Draft:
        return actions.reply(ticket, body).with_files(attachments.stored(ticket.id, contents))

    if canned is None:
        done = act_with(app, whole, text, draft)
    else:
        done = _with_canned(app, whole, canned, text, draft)
    tell(done, lambda _: "has your reply", quiet=quiet)


def _with_canned(
    app: App, ids: list[str], name: str, text: Text, draft: Callable[[Ticket, str], Draft]
) -> list[Done]:
    """The reply on each ticket with a canned reply; edited first where it is one, and somebody is
    there."""
    from dataclasses import replace

    from hdcli.services.canned import prepared
    from hdcli.services.canning import text_for

    if not text.missing:
        raise BadUsage("--canned is a text already", "leave out -m and --file, or --canned")
    found, me = prepared(app.desk, name), app.session.who.handle
    if len(ids) == 1 and at_terminal():
        begun = text_for(app.desk, app.desk.ticket(ids[0]), found, me)
        return act_with(app, ids, replace(text, template=f"{begun}\n{text.template}"), draft)
    return app.session.act(ids, lambda t: draft(t, text_for(app.desk, t, found, me)))

"""hd note, hd reply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.params import ids_argument, pass_app, report, resolved, text_of, text_options, writes

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket
    from hdcli.services.actions import Draft

TEMPLATE = """\

# {what} on {ids}. Lines that begin with # are left out;
# an empty text stops.
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
    from hdcli.services import actions

    whole = resolved(app, ids)
    text = text_of(message, file, "note", TEMPLATE.format(what="A note", ids=" ".join(whole)))
    _say(app, whole, lambda _: actions.note(text), attach, "noted on", quiet=quiet)


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
    from hdcli.services import actions

    whole = resolved(app, ids)
    text = text_of(message, file, "answer", TEMPLATE.format(what="A reply", ids=" ".join(whole)))
    _say(app, whole, lambda t: actions.reply(t, text), attach, "replied on", quiet=quiet)


def _say(
    app: App,
    ids: Sequence[str],
    draft_for: Callable[[Ticket], Draft],
    attach: tuple[Path, ...],
    done: str,
    *,
    quiet: bool,
) -> None:
    from hdcli.services import attachments

    contents = attachments.read_files(list(attach))
    tickets = app.session.act(
        ids, lambda t: draft_for(t).with_files(attachments.stored(t.id, contents))
    )
    report([t.id for t in tickets], [f"{done} {t.id}: {t.title}" for t in tickets], quiet=quiet)

"""hd attach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.params import Text, pass_app, resolved, tell, text_options, writes

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket


@click.command()
@click.argument("ticket", metavar="ID")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@text_options("description")
@writes
@pass_app
def attach(
    app: App,
    ticket: str,
    files: tuple[Path, ...],
    message: str | None,
    file: str | None,
    quiet: bool,
) -> None:
    """Put files on a ticket, or on several (7k3,9fq).

    \b
      hd attach 7k3 photo.jpg -m "The burnt plug"
      hd attach 7k3 <(journalctl -n 200 -u sshd)
    """
    from hdcli.services import actions, attachments

    contents = attachments.read_files(files, app.settings.max_file)
    body = Text(message, file, "description").given()

    def phrase(_: Ticket) -> str:
        return f"has {', '.join(attachments.clean_name(name) for name, _ in contents)}"

    done = app.session.act(
        resolved(app, [ticket]),
        lambda t: actions.attach(attachments.stored(t.id, contents), body),
    )
    tell(done, phrase, quiet=quiet)

"""hd link, hd merge."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import Text, ids_argument, pass_app, resolved, tell, text_options, writes

WORDS = {
    "duplicates": "duplicates",
    "parent-of": "is the parent of",
    "caused-by": "is caused by",
    "relates-to": "relates to",
}


@click.command()
@click.argument("ticket", metavar="ID")
@click.argument("relation", metavar="duplicates|parent-of|caused-by|relates-to")
@click.argument("target", metavar="ID")
@click.option("--remove", is_flag=True, help="End the link instead.")
@writes
@pass_app
def link(app: App, ticket: str, relation: str, target: str, remove: bool, quiet: bool) -> None:
    """Relate a ticket, or several (7k3,9fq), to another.

    A link is kept on the first and shown on both. hd merge makes one ticket of duplicates.

    \b
      hd link 7k3 caused-by 9fq
    """
    from hdcli.services import relations, values

    word = WORDS[values.relation(relation)]
    other = resolved(app, [target])[0]
    done, found = relations.link(
        app.session, resolved(app, [ticket]), relation, other, remove=remove
    )
    said = f"is no longer {relation}" if remove else word
    tell(done, lambda _: f"{said} {found}", quiet=quiet)


@click.command()
@ids_argument
@click.argument("into", metavar="INTO")
@text_options("reason")
@writes
@pass_app
def merge(
    app: App, ids: tuple[str, ...], into: str, message: str | None, file: str | None, quiet: bool
) -> None:
    """Merge duplicates into one ticket, INTO.

    Their requesters, tags, files, links and story follow, and which articles helped; they are
    closed, and what is done to them from then on is done to INTO.

    \b
      hd merge 7k3 9fq tawe5
    """
    from hdcli.services import relations

    target = resolved(app, [into])[0]
    reason = Text(message, file, "reason").given()
    done = relations.merge(app.session, resolved(app, ids), target, reason)
    tell(done, lambda ticket: f"is merged into {ticket.text('merged_into')}", quiet=quiet)

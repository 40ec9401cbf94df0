"""hd link, hd merge."""

from __future__ import annotations

import click

from hdcli.app import App
from hdcli.params import ids_argument, pass_app, report, resolved, text_of, text_options, writes


@click.command()
@click.argument("ticket", metavar="ID")
@click.argument("relation", metavar="duplicates|parent-of|caused-by|relates-to")
@click.argument("target", metavar="ID")
@click.option("--remove", is_flag=True, help="End the link instead.")
@writes
@pass_app
def link(app: App, ticket: str, relation: str, target: str, remove: bool, quiet: bool) -> None:
    """Relate a ticket to another.

    \b
      hd link 7k3 caused-by 9fq
    """
    from hdcli.services import actions, tickets

    source, other = resolved(app, [ticket]) + resolved(app, [target])
    draft = actions.link(actions.require_relation(relation), other, remove=remove)
    done = tickets.link(app.session, source, draft, other)
    said = "no longer " if remove else ""
    report([done.id], [f"{done.id} {said}{relation} {other}"], quiet=quiet)


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

    Their requesters, tags, files and story follow; they are closed, and their ids lead to it.

    \b
      hd merge 7k3 9fq tawe5
    """
    from hdcli.services import tickets

    target = resolved(app, [into])[0]
    reason = text_of(message, file, "reason", required=False)
    done = tickets.merge(app.session, resolved(app, ids), target, reason)
    report([e.id for e in done], [f"{e.id} was merged into {target}" for e in done], quiet=quiet)

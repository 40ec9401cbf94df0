"""hd new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.model.fields import CHANNELS
from hdcli.params import Text, at_terminal, kept, pass_app, writes, written

if TYPE_CHECKING:
    from hdcli.services.tickets import Request

TEMPLATE = """\

# What is wrong, in one line above; then an empty line and the details.
# Requester: {requester}
# Lines that begin with # are left out; an empty text opens no ticket.
"""


@click.command()
@click.argument("title", nargs=-1)
@click.option("-r", "--requester", default="", metavar='"NAME <MAIL>"', help="Who asks.")
@click.option("-b", "--body", metavar="TEXT", help="The details; - reads standard input.")
@click.option("--file", "file", metavar="FILE", help="Read the details from a file, or - .")
@click.option("-c", "--category", default="", help="What it is about.")
@click.option("-p", "--priority", default="", help="Else impact × urgency decide.")
@click.option("--impact", default="", help="How many it touches.")
@click.option("--urgency", default="", help="How soon it hurts.")
@click.option("-t", "--tag", "tags", multiple=True, help="May be given several times.")
@click.option("--channel", type=click.Choice(CHANNELS), help="How it came in.")
@click.option("--team", default="", help="The team that gets it.")
@click.option("-a", "--assignee", default="", help="The agent who gets it, or me.")
@click.option("--due", default="", metavar="WHEN", help="As in friday, +2d or 2026-12-01.")
@click.option("--external-id", default="", help="Its reference in another system.")
@click.option("--attach", multiple=True, type=click.Path(path_type=Path), help="A file for it.")
@writes
@pass_app
def new(app: App, /, title: tuple[str, ...], quiet: bool, **given: Any) -> None:
    """Open a ticket and print its id.

    A last word - reads the details from standard input. At a terminal without a TITLE your
    editor opens.

    \b
      hd new "No network in room 12" -r "Ana Silva <ana@example.org>" -c network --urgency high
      journalctl -n 50 | hd new "Backup failed" --channel script -
    """
    from hdcli.services import attachments, tickets

    words = list(title)
    if words and words[-1] == "-":
        words.pop()
        if given["body"] is not None or given["file"] is not None:
            raise BadUsage("give -, -b or --file, not several")
        given["file"] = "-"
    files = attachments.read_files(given["attach"])
    details = Text(given["body"], given["file"], "details", option="-b").given()
    if words:
        ticket = tickets.create(app.session, _request(app, " ".join(words), details, given), files)
    elif at_terminal():
        tickets.rehearse(app.session, _request(app, "", details, given))
        text = written(app, TEMPLATE.format(requester=given["requester"] or "name one with -r"))
        headline, _, more = text.strip().partition("\n")
        request = _request(app, headline, f"{details}\n\n{more}", given)
        with kept(app, text):
            ticket = tickets.create(app.session, request, files)
    else:
        raise BadUsage("a title is missing", 'hd new "what is wrong"')
    click.echo(ticket.id)


def _request(app: App, title: str, details: str, given: dict[str, Any]) -> Request:
    from hdcli.services.tickets import Request

    return Request(
        title=title,
        body=details,
        requester=given["requester"],
        channel=given["channel"] or "",
        category=given["category"],
        priority=given["priority"],
        impact=given["impact"],
        urgency=given["urgency"],
        team=given["team"],
        assignee=app.agent_named(given["assignee"]) or "",
        due=app.deadline(given["due"]) if given["due"] else "",
        external_id=given["external_id"],
        tags=tuple(tag for each in given["tags"] for tag in each.replace(",", " ").split()),
    )

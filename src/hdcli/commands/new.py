"""hd new."""

from __future__ import annotations

from pathlib import Path

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.model.fields import CHANNELS
from hdcli.params import at_terminal, pass_app, text_of, writes, written

TEMPLATE = """\

# What is wrong, in one line above; then an empty line and the details.
# Requester: {requester}
# Lines that begin with # are left out. An empty text opens no ticket.
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
@click.option("--attach", multiple=True, type=click.Path(path_type=Path), help="A file.")
@writes
@pass_app
def new(app: App, /, title: tuple[str, ...], quiet: bool, **given: object) -> None:
    """Open a ticket and print its id.

    A last word - reads the details from standard input. At a terminal without a TITLE your
    editor opens.

    \b
      hd new "No network in room 12" -r "Ana Silva <ana@example.org>" -c network --urgency high
      journalctl -n 50 | hd new "Backup failed" --channel script -
    """
    from hdcli.model.dates import format_utc, parse_deadline
    from hdcli.services import attachments, tickets

    words = list(title)
    body, file = given.pop("body"), given.pop("file")
    if words and words[-1] == "-":
        words, file = words[:-1], "-"
    if words:
        text = text_of(_text(body), _text(file), "details", required=False)
        headline = " ".join(words)
    elif at_terminal() and body is None and file is None:
        template = TEMPLATE.format(requester=given["requester"] or "name one with -r")
        headline, _, text = written(template).strip().partition("\n")
    else:
        raise BadUsage("a title is missing", 'hd new "what is wrong"')
    due = str(given["due"])
    request = tickets.Request(
        title=headline,
        body=text,
        requester=str(given["requester"]),
        channel=str(given["channel"] or ""),
        category=str(given["category"]),
        priority=str(given["priority"]),
        impact=str(given["impact"]),
        urgency=str(given["urgency"]),
        team=str(given["team"]),
        assignee=app.who.handle if given["assignee"] == "me" else str(given["assignee"]),
        due=format_utc(parse_deadline(due, app.moment, app.zone)) if due else "",
        external_id=str(given["external_id"]),
        tags=_items(given["tags"]),
    )
    paths = given["attach"]
    assert isinstance(paths, tuple)
    ticket = tickets.create(app.session, request, attachments.read_files(list(paths)))
    click.echo(ticket.id)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _items(value: object) -> tuple[str, ...]:
    assert isinstance(value, tuple)
    return tuple(str(each) for each in value)

"""hd new."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hdcli.app import App
from hdcli.errors import BadUsage, HdError
from hdcli.model.fields import CHANNELS
from hdcli.params import Text, at_terminal, kept, pass_app, writes, written
from hdcli.render import streams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcli.model.ticket import Ticket
    from hdcli.services.attachments import File
    from hdcli.services.hints import Hints
    from hdcli.services.tickets import Request

TEMPLATE = """\

# What is wrong, in one line above; then an empty line and the details.
# Requester: {requester}
# Lines that begin with # are left out; an empty text opens no ticket.
"""
_NEAR = 10


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
@click.option("--no-suggest", is_flag=True, help="Look for nothing that may help.")
@click.option("--no-rules", is_flag=True, help="Apply none of the desk's rules.")
@click.option("--json", "as_json", is_flag=True, help="Print the ticket and what may help as JSON.")
@writes
@pass_app
def new(
    app: App,
    /,
    title: tuple[str, ...],
    quiet: bool,
    as_json: bool,
    no_suggest: bool,
    **given: Any,
) -> None:
    """Open a ticket and print its id.

    A last word - reads the details from standard input. At a terminal without a TITLE your
    editor opens. There the id is followed by tickets that are perhaps the same and what may help,
    unless --no-suggest or desk.yaml (suggestions: false) says no; scripts get that with --json.

    The rules of desk.yaml fill in what you leave open, each entry of the log naming its rule.

    \b
      hd new "No network in room 12" -r "Ana Silva <ana@example.org>" -c network --urgency high
      journalctl -n 50 | hd new "Backup failed" --channel script -
    """
    from hdcli.services import attachments

    if as_json and quiet:
        raise BadUsage("--json and -q are two forms", "give one")
    words = list(title)
    if words and words[-1] == "-":
        words.pop()
        if given["body"] is not None or given["file"] is not None:
            raise BadUsage("give -, -b or --file, not several")
        given["file"] = "-"
    files = attachments.read_files(given["attach"], app.settings.max_file)
    details = Text(given["body"], given["file"], "details", option="-b").given()
    if words:
        ticket = _opened(app, _request(app, " ".join(words), details, given), files, given)
    elif at_terminal():
        ticket = _written(app, details, given, files)
    else:
        raise BadUsage("a title is missing", 'hd new "what is wrong"')
    hinted = not no_suggest and not quiet and (as_json or at_terminal())
    if as_json:
        _print_json(app, ticket, hinted=hinted)
        return
    click.echo(ticket.id)
    if not quiet:
        _say_untold(app, ticket)
    if hinted:
        _print_hints(app, ticket)


def _written(app: App, details: str, given: dict[str, Any], files: Sequence[File]) -> Ticket:
    """A ticket whose title, and perhaps more, somebody writes in their editor."""
    from hdcli.services import tickets

    tickets.rehearse(app.session, _request(app, "", details, given))
    text = written(app, TEMPLATE.format(requester=given["requester"] or "name one with -r"))
    headline, _, more = text.strip().partition("\n")
    request = _request(app, headline, f"{details}\n\n{more}", given)
    with kept(app, text):
        return _opened(app, request, files, given)


def _opened(app: App, request: Request, files: Sequence[File], given: dict[str, Any]) -> Ticket:
    """The new ticket, the desk's rules applied to it unless they are not wanted."""
    if given["no_rules"] or not app.settings.rules:
        from hdcli.services import tickets

        return tickets.create(app.session, request, files)
    from hdcli.render.text import safe
    from hdcli.services.opening import opened

    applied = opened(app.session, request, files)
    for trouble in applied.troubles:
        click.echo(streams.remark(safe(trouble)), err=True)
    return applied.ticket


def _say_untold(app: App, ticket: Ticket) -> None:
    from hdcli.services import tickets

    if said := tickets.untold(app.settings, ticket):
        import shlex

        from hdcli.render.text import safe
        from hdcli.services.intake.calls import Calls

        found = Calls(app.desk).people(ticket.text("requester"), _NEAR)
        near = [each for each in found if "@" in each]
        who = near[0] if len(near) == 1 else "Name <mail@example.org>"
        remedy = f"hd set {ticket.id} {shlex.quote(f'requester={who}')}"
        click.echo(streams.remark(safe(f"{said}; {remedy} gives them one")), err=True)


def _print_json(app: App, ticket: Ticket, *, hinted: bool) -> None:
    from hdcli.model.schema import document
    from hdcli.render.json import FORMAT, dumps, emit

    values = document(ticket)
    del values["log"]
    found = _hints(app, ticket, patient=True) if hinted else None
    told = {"ticket": values, "suggestions": found.document() if found else None}
    emit(sys.stdout, [dumps({"format": FORMAT, **told})])


def _print_hints(app: App, ticket: Ticket) -> None:
    sys.stdout.flush()  # whatever happens now, the id is known
    found = _hints(app, ticket, patient=False)
    if found:
        from hdcli.render.suggested import hint_lines

        for line in hint_lines(ticket.id, found, app.look):
            click.echo(line, color=app.palette.enabled)


def _hints(app: App, ticket: Ticket, *, patient: bool) -> Hints | None:
    """What may help; None where the desk wants none, or where looking for it fails.

    The ticket is open whatever comes of it. Only who is ``patient`` waits for a first index.
    """
    from hdcli.render.progress import Progress
    from hdcli.services import hints

    if not app.settings.suggestions:
        return None
    bar = Progress(sys.stderr, "texts indexed")

    def progress(done: int, total: int) -> None:
        if patient:
            bar.show(done, done / max(1, total))

    try:
        if patient or hints.at_hand(app.desk):
            return hints.hints(app.desk, ticket, progress)
        click.echo(f"hd: hd suggest {ticket.id} indexes the desk, and shows what helps", err=True)
    except HdError as error:
        click.echo(f"hd: no suggestions: {error}", err=True)
    except KeyboardInterrupt:
        click.echo(err=True)
    finally:
        bar.end()
    return None


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

"""hd canned."""

from __future__ import annotations

import sys

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import Family, Text, at_terminal, pass_app, report, text_options, writes


@click.group(cls=Family)
def canned() -> None:
    """Show and write canned replies, and the texts of the mail that hd sends.

    They lie in canned/NAME.yaml, a text a language. One that is named like an event is the mail
    that tells of it, and stands before the one that hd brings; with 'send: false' in it nothing is
    sent. {title} and its like stand for what a ticket has: 'hd canned list --placeholders'.
    """


@canned.command("list", short_help="List them.")
@click.option("--placeholders", is_flag=True, help="What may stand in a text, instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_app
def list_canned(app: App, placeholders: bool, as_json: bool) -> None:
    """List canned replies, then the texts that tell of events."""
    from hdcli.model.canned import EVENTS, PLACEHOLDERS, path_of
    from hdcli.params import show_table
    from hdcli.render import json
    from hdcli.render.table import Column
    from hdcli.services.canned import every, misnamed

    if placeholders:
        marks = [(f"{{{name}}}", text) for name, text in PLACEHOLDERS.items()]
        show_table(app, marks, [Column("placeholder"), Column("is", weight=1)])
        return
    found = every(app.desk)
    if as_json:
        objects = [
            {
                "name": each.canned.name,
                "event": each.event,
                "languages": list(each.canned.texts),
                "own": each.own,
                "send": each.canned.send,
                "about": EVENTS.get(each.canned.name) or each.canned.about,
                "error": each.wrong or None,
            }
            for each in found
        ]
        json.emit(sys.stdout, [json.dumps({"format": 1, "canned": objects}, indent=2)])
        return
    rows = [
        (
            each.canned.name,
            "mail" if each.event else "reply",
            " ".join(each.canned.texts) if each.canned.send else "not sent",
            "this desk's" if each.own else "hd's",
            each.wrong or EVENTS.get(each.canned.name) or each.canned.about,
        )
        for each in found
    ]
    heads = ("name", "kind", "languages", "whose")
    show_table(app, rows, [*map(Column, heads), Column("for", weight=1)])
    for name, said in misnamed(each.canned.name for each in found if each.own):
        click.echo(f"note: {path_of(name)}: {said}", err=True)


@canned.command(short_help="Show one.")
@click.argument("name", metavar="REPLY")
@click.argument("ticket", metavar="[ID]", required=False)
@click.option("--language", metavar="CODE", help="In this language alone, as in fr.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_app
def show(app: App, name: str, ticket: str | None, language: str | None, as_json: bool) -> None:
    """Show a canned reply or a text of hd's; with an ID as it would be for that ticket."""
    from hdcli.model.canned import document
    from hdcli.render import json
    from hdcli.render.text import safe_block
    from hdcli.services import canned as service
    from hdcli.services.canning import filled_for

    if ticket:
        text = filled_for(app.desk, app.desk.resolve(ticket), name, app.me or "", language or "")
        click.echo(safe_block(text))
        return
    found = service.of_desk(app.desk, name)
    if as_json:
        data = {"format": 1, "canned": {"name": name, **document(found)}}
        json.emit(sys.stdout, [json.dumps(data, indent=2)])
        return
    wanted = [found.language(language)] if language else list(found.texts)
    for at, each in enumerate(wanted):
        part = found.texts[each]
        head = f"{each}: {part.subject}" if part.subject else each
        click.echo(("\n" if at else "") + f"--- {safe_block(head)}\n{safe_block(part.body)}")


@canned.command(short_help="Write one.")
@click.argument("name", metavar="REPLY")
@click.option("--language", metavar="CODE", help="Of the text that is given (the desk's).")
@click.option("--about", default="", metavar="TEXT", help="What it is for, in a line.")
@text_options("text")
@writes
@pass_app
def new(
    app: App,
    name: str,
    language: str | None,
    about: str,
    message: str | None,
    file: str | None,
    quiet: bool,
) -> None:
    """Write a canned reply, or the desk's own text for an event; change one that is there.

    Without a text your editor opens on the whole file.

    \b
      hd canned new restart -m "Please switch it off and on again, {requester_first_name}."
      hd canned new solved                     the mail that says that it is solved
    """
    from hdcli.editor import revised
    from hdcli.model.canned import path_of
    from hdcli.services import canned as service

    session, text = app.session, Text(message, file, "text")
    if not text.missing:
        code = language or app.settings.language
        data = service.with_text(app.desk, name, code, text.given(), about)
        said = "is written" if service.save(session, name, data) else "is so already"
        report([name], [f"{path_of(name)} {said}"], quiet=quiet)
        return
    if not at_terminal():
        raise BadUsage("no text", "give it with -m TEXT, --file FILE or -m - from standard input")
    before = service.draft(app.desk, name, [language or app.settings.language])

    def save(data: bytes) -> bytes:
        service.save(session, name, data)
        return data

    after = revised(app, before, f"canned-{name}", save)
    stays = "stays" if after is None else "is written"
    report([name], [f"{path_of(name)} {stays}"], quiet=quiet)

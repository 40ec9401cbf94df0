"""hd intake form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage, HdError
from hdcli.model.fields import CHANNELS
from hdcli.params import at_terminal, kept, pass_app, writes

if TYPE_CHECKING:
    from hdcli.keyboard import Choice, Prompt
    from hdcli.services.intake.calls import Calls
    from hdcli.services.tickets import Request

_LISTED = 6


@click.command()
@click.option(
    "--channel", type=click.Choice(CHANNELS), default="phone", help="How it comes in: phone."
)
@writes
@pass_app
def form(app: App, channel: str, quiet: bool) -> None:
    """Take a call: who it is, what is wrong, and what may help while you type.

    People who are known are listed as you type: the arrow down (or Tab) chooses one, Enter takes
    what is typed or chosen, Escape gives up. After each word of the title tickets that are perhaps
    the same, and what may help, are shown. An empty line ends the details.
    """
    if not at_terminal():
        raise BadUsage("the form is for a terminal", "hd new, or hd intake jsonl, is for scripts")
    from hdcli.keyboard import Keyboard, Prompt
    from hdcli.services.intake.calls import Calls
    from hdcli.services.opening import opened

    session, calls = app.session, Calls(app.desk)
    with Keyboard() as key:
        request = _asked(app, Prompt(key), calls, channel)
    if request is None:
        click.echo("nothing was taken in", err=True)
        return
    with kept(app, f"{request.requester}\n{request.title}\n\n{request.body}"):
        applied = opened(session, request)
    from hdcli.render.text import safe

    rules = "" if quiet or not applied.rules else f"  (rules: {', '.join(applied.rules)})"
    click.echo(safe(f"{applied.ticket.id}{rules}"))
    for trouble in applied.troubles:
        click.echo(f"hd: {safe(trouble)}", err=True)


def _asked(app: App, prompt: Prompt, calls: Calls, channel: str) -> Request | None:
    """What was asked for; None where somebody gave up."""
    from hdcli.services.tickets import Request

    requester = _requester(app, prompt, calls)
    if requester is None:
        return None
    title = ""
    while not title:
        said = prompt.ask("What is wrong:", lambda text: _helpful(app, calls, text, requester))
        if said is None:
            return None
        title = said
    details: list[str] = []
    while line := prompt.ask("  more:" if details else "Details:"):
        details.append(line)
    guessed = calls.advice(title, requester).values
    category = _one_of(prompt, "Category:", app.settings.categories, guessed.get("category", ""))
    usual = guessed.get("urgency", app.settings.default_urgency)
    urgency = (
        None if category is None else _one_of(prompt, "Urgency:", app.settings.urgencies, usual)
    )
    if category is None or urgency is None:
        return None
    return Request(
        title=title,
        body="\n".join(details),
        requester=requester,
        channel=channel,
        category=category,
        urgency=urgency,
    )


def _requester(app: App, prompt: Prompt, calls: Calls) -> str | None:
    """Who calls, as a ticket names them, with what is known of them told."""
    from hdcli.keyboard import Choice
    from hdcli.model.person import person
    from hdcli.render.text import safe

    def known(text: str) -> Sequence[Choice]:
        return [Choice(each, safe(each)) for each in calls.people(text, _LISTED)]

    while True:
        said = prompt.ask("Who:", known)
        if said is None:
            return None
        try:
            who = person(said)
        except HdError as error:
            click.echo(safe(str(error)), err=True)
            continue
        for line in _about(app, calls, who):
            click.echo(line, color=app.palette.enabled)
        return who


def _about(app: App, calls: Calls, who: str) -> Sequence[str]:
    from hdcli.render.text import safe

    lines = []
    if known := calls.book.of(who):
        facts = known.facts()
        told = ["VIP" if n == "vip" else ", ".join(i) for n, i in facts.items() if n != "name"]
        lines += [f"  {safe('  '.join(told))}"] if told else []
    for each in calls.open_of(who):
        since = app.look.since(each.created)
        lines.append(f"  open: {app.palette.id(each.id)}  {safe(each.title)}, {since}")
    return lines


def _helpful(app: App, calls: Calls, text: str, requester: str) -> Sequence[Choice]:
    """What may help with the whole words typed so far; none of it is chosen, it is to be read."""
    from hdcli.keyboard import Choice
    from hdcli.render.style import Palette
    from hdcli.render.suggested import hint_lines

    words = text.rpartition(" ")[0].strip()
    if not words:
        return ()
    try:
        hints = calls.advice(words, requester).hints
    except HdError:
        return ()
    look = replace(app.look, palette=Palette(False))
    lines = [each for each in hint_lines("", hints, look) if each.startswith(" ")]
    return [Choice(text.strip(), each.strip()) for each in lines]


def _one_of(prompt: Prompt, label: str, known: Sequence[str], usual: str) -> str | None:
    """One of some words, the usual one first; empty where there are none."""
    from hdcli.keyboard import Choice
    from hdcli.model.plain import plain

    if not known:
        return ""
    ordered = [each for each in known if each == usual] + [each for each in known if each != usual]

    def matching(text: str) -> Sequence[Choice]:
        begun = [each for each in ordered if plain(each).startswith(plain(text))]
        return [Choice(each, each) for each in begun]

    while (said := prompt.ask(label, matching, first=True)) is not None and said not in known:
        click.echo(f"one of {', '.join(known)}", err=True)
    return said

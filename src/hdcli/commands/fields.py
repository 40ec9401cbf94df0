"""hd tag, hd set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import pass_app, resolved, tell, writes

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket

# A word that no argument can hold: `-printer` is a tag here, where click would see -p -r -i …
_MINUS = "\0"
_TAG_TO_REMOVE = re.compile(r"-[^-].+|-[^-hq]")


class TagCommand(click.Command):
    """Takes ``-printer`` for a tag; ``-q``, ``-h`` and ``--long`` are options as everywhere."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        marked = (_MINUS + a[1:] if _TAG_TO_REMOVE.fullmatch(a) else a for a in args)
        return super().parse_args(ctx, list(marked))


@click.command(cls=TagCommand)
@click.argument("words", nargs=-1, required=True, metavar="ID... +TAG... -TAG...")
@writes
@pass_app
def tag(app: App, words: tuple[str, ...], quiet: bool) -> None:
    """Add and remove tags.

    \b
      hd tag 7k3 9fq +vpn -printer
    """
    from hdcli.services import actions

    plus = [each[1:] for each in words if each.startswith("+")]
    minus = [each[1:] for each in words if each.startswith(_MINUS)]
    ids = [each for each in words if each[:1] not in ("+", _MINUS)]
    if not (plus or minus) or not ids:
        raise BadUsage("name tickets and tags", "hd tag 7k3 +vpn -printer")
    draft = actions.tag(plus, minus)
    done = app.session.act(resolved(app, ids), lambda _: draft)
    tell(done, _tagged, quiet=quiet)


def _tagged(ticket: Ticket) -> str:
    tags = ticket.items("tags")
    return f"has the tag{'s' * (len(tags) > 1)} {', '.join(tags)}" if tags else "has no tags"


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="ID... FIELD=VALUE...")
@writes
@pass_app
def set_fields(app: App, words: tuple[str, ...], quiet: bool) -> None:
    """Change fields; an empty value clears one.

    Impact and urgency decide the priority again, unless it is given too.

    \b
      hd set 7k3 urgency=high category=network
      hd set 7k3 9fq due=friday requester="Ana Silva <ana@example.org>"
    """
    from hdcli.services import actions

    pairs = [each.partition("=") for each in words if "=" in each]
    ids = [each for each in words if "=" not in each]
    if not pairs or not ids:
        raise BadUsage("name tickets and fields", "hd set 7k3 urgency=high")
    wanted: dict[str, Any] = {}
    for name, _, text in pairs:
        _parse_into(wanted, app, name, text)
    settings = app.settings
    names = list(wanted)
    if {"impact", "urgency"} & wanted.keys() and "priority" not in wanted:
        names.append("priority")

    def phrase(ticket: Ticket) -> str:
        shown = (f"{name}={_shown(app, name, ticket.values.get(name))}" for name in names)
        return f"has {', '.join(shown)}"

    done = app.session.act(
        resolved(app, ids), lambda ticket: actions.change_fields(settings, ticket, wanted)
    )
    tell(done, phrase, quiet=quiet)


def _parse_into(wanted: dict[str, Any], app: App, field: str, text: str) -> None:
    from hdcli.model.fields import DATES
    from hdcli.services import values

    name = values.field_name(app.settings, field)
    if name in wanted:
        raise BadUsage(f"'{name}' is given twice")
    if name in DATES and text.strip() not in ("", "none"):
        text = app.deadline(text)
    if name == "assignee":
        text = app.agent_named(text) or ""
    wanted[name] = values.value_for(app.settings, name, text)


def _shown(app: App, name: str, value: object) -> str:
    from hdcli.model.fields import DATES

    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    if value is None:
        return "none"
    return app.local(str(value)) if name in DATES else str(value)

"""hd tag, hd set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hdcli.app import App
from hdcli.errors import BadUsage
from hdcli.params import pass_app, report, resolved, writes

if TYPE_CHECKING:
    pass


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True, metavar="ID... +TAG... -TAG...")
@writes
@pass_app
def tag(app: App, words: tuple[str, ...], quiet: bool) -> None:
    """Add and remove tags.

    \b
      hd tag 7k3 9fq +vpn -printer
    """
    from hdcli.services import actions

    signed = [each for each in words if each[0] in "+-" and len(each) > 1]
    unknown = [each for each in signed if each.startswith("--")]
    if unknown:
        raise BadUsage(f"no option {unknown[0]}", "tags are +vpn or -printer")
    plus = [each[1:] for each in signed if each[0] == "+"]
    minus = [each[1:] for each in signed if each[0] == "-"]
    ids = [each for each in words if each not in signed]
    if not signed or not ids:
        raise BadUsage("name tickets and tags", "hd tag 7k3 +vpn -printer")
    done = app.session.act(resolved(app, ids), lambda _: actions.tag(plus, minus))
    lines = [f"{e.id} has {', '.join(e.items('tags')) or 'no tags'}" for e in done]
    report([e.id for e in done], lines, quiet=quiet)


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="ID... FIELD=VALUE...")
@writes
@pass_app
def set_fields(app: App, words: tuple[str, ...], quiet: bool) -> None:
    """Change fields; an empty value clears one.

    Impact and urgency decide the priority again, unless it is given too.

    \b
      hd set 7k3 urgency=high category=network
      hd set 7k3 due=friday requester="Ana Silva <ana@example.org>"
    """
    from hdcli.model.dates import format_utc, parse_deadline
    from hdcli.model.fields import DATES
    from hdcli.services import actions

    pairs = [each.partition("=") for each in words if "=" in each]
    ids = [each for each in words if "=" not in each]
    if not pairs or not ids:
        raise BadUsage("name tickets and fields", "hd set 7k3 urgency=high")
    wanted = {name.strip().lower(): value for name, _, value in pairs}
    for name in DATES & wanted.keys():
        if wanted[name].strip() not in ("", "none"):
            wanted[name] = format_utc(parse_deadline(wanted[name], app.moment, app.zone))
    if wanted.get("assignee") == "me":
        wanted["assignee"] = app.who.handle
    settings = app.settings
    done = app.session.act(
        resolved(app, ids), lambda ticket: actions.change_fields(settings, ticket, wanted)
    )
    lines = [
        f"{e.id}: " + ", ".join(f"{n}={_shown(e.values.get(n))}" for n in wanted) for e in done
    ]
    report([e.id for e in done], lines, quiet=quiet)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return "none" if value is None else str(value)

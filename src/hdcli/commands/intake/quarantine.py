"""hd intake quarantine, hd intake log: what waits for a person, and what became of the rest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from hdcli.app import App
from hdcli.commands.intake.mail import NO_SUBJECT, told
from hdcli.errors import Refused
from hdcli.params import Family, json_options, pass_app, report, show_json, writes

if TYPE_CHECKING:
    from hdcli.services.intake.waiting import Waiting

_SHORT = 12
_OUTCOMES = ("new", "follow-up", "ignored", "quarantined")


@click.group(cls=Family)
def quarantine() -> None:
    """See to the messages that wait for a person in this clone; without a command: list them."""


@quarantine.command("list")
@json_options
@pass_app
def list_waiting(app: App, form: str | None) -> None:
    """List the messages that wait, and why each does."""
    from hdcli.services.intake.waiting import waiting

    found = waiting(app.desk)
    if form:
        show_json("quarantine", [each.document() for each in found], form)
        return
    report([], [_line(app, each) for each in found], quiet=False)


def _line(app: App, each: Waiting) -> str:
    when = app.local(each.since) if each.since else "?"
    about = f"{each.text('from') or 'nobody'}: {_subject(each.text('subject'))}"
    return f"{each.key[:_SHORT]}  {when}  {about}  ({each.text('reason')})"


@quarantine.command()
@click.argument("key")
@click.option("--raw", is_flag=True, help="The message as it came, byte for byte.")
@pass_app
def show(app: App, key: str, raw: bool) -> None:
    """Read a message that waits."""
    from hdcli.mail import message
    from hdcli.render.text import safe, safe_block
    from hdcli.services.intake.waiting import whole

    found, data = whole(app.desk, key)
    if raw:
        sys.stdout.buffer.write(data)
        return
    for name in ("from", "subject", "message_id", "reason", "source"):
        click.echo(safe(f"{name.replace('_', '-')}: {found.text(name)}"))
    mail = message.read(data)
    click.echo(safe_block(f"\n{mail.text}".rstrip()))
    for each in mail.attachments:
        click.echo(safe(f"file: {each.name} ({each.size:,} bytes)"))


@quarantine.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@writes
@pass_app
def accept(app: App, keys: tuple[str, ...], quiet: bool) -> None:
    """Take messages in after all: each becomes a ticket, or goes to the one that it answers."""
    from hdcli.services.intake import waiting

    found = waiting.accept(app.session, keys)
    report([each.ticket for each in found if each.ticket], list(map(told, found)), quiet=quiet)
    if left := [each for each in found if each.kind == "quarantined"]:
        raise Refused(f"{len(left):,} can't be taken in: {left[0].reason}")


@quarantine.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@writes
@pass_app
def drop(app: App, keys: tuple[str, ...], quiet: bool) -> None:
    """Let messages go for good; the log of the intake keeps who did, and what they were."""
    from hdcli.services.intake import waiting

    found = waiting.drop(app.desk, keys, app.session.who.handle, app.now)
    lines = [f"{each.key[:_SHORT]} is dropped: {_subject(each.text('subject'))}" for each in found]
    report([each.key for each in found], lines, quiet=quiet)


@click.command()
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option(
    "-n", "--limit", "count", type=click.IntRange(0), default=50, help="How many; 0 means all."
)
@click.option("--outcome", type=click.Choice(_OUTCOMES), default=None, help="Only these.")
@json_options
@pass_app
def log(
    app: App, /, words: tuple[str, ...], count: int, outcome: str | None, form: str | None
) -> None:
    """Read what became of the messages that came to this clone, the latest first.

    Of what waits in quarantine the key is there, too.

    With words: of those that have all of them in sender, subject, ticket, Message-ID or reason.

    \b
      hd intake log bob@example.org
    """
    from hdcli.services.intake.waiting import latest

    found, total = latest(app.desk, count, outcome or "", words)
    if form:
        show_json("messages", found, form)
    else:
        report([], [_logged(app, each) for each in found], quiet=False)
    if len(found) < total:
        click.echo(f"{len(found):,} of {total:,}; --limit 0 shows all", err=True)


def _logged(app: App, each: dict[str, Any]) -> str:
    key = each["key"][:_SHORT] if each["outcome"] == "quarantined" else ""
    what = " ".join(word for word in (each["outcome"], key, each["ticket"]) if word)
    why = f"  ({each['reason']})" if each["reason"] else ""
    about = f"{each['from'] or 'nobody'}: {_subject(each['subject'])}"
    return f"{app.local(each['at'])}  {what}  {about}{why}"


def _subject(text: str) -> str:
    return text.strip() or NO_SUBJECT

"""hd anonymise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from hdcli.app import App
from hdcli.errors import Ambiguous, BadUsage, NotFound, Refused
from hdcli.params import Text, at_terminal, pass_app, report, resolved, text_options, writes

if TYPE_CHECKING:
    from hdcli.services.anonymising import Asked, Outcome


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="REQUESTER|ID...")
@click.option("--names", is_flag=True, help="Bar the requester's name on the whole desk too.")
@click.option(
    "--also", multiple=True, metavar="TEXT", help="Bar this text too, such as a second address."
)
@click.option("-n", "--dry-run", "dry", is_flag=True, help="Say what would change; write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@text_options("reason")
@writes
@pass_app
def anonymise(app: App, /, words: tuple[str, ...], **given: Any) -> None:
    """Take a requester out of the desk as it is now, or all that is personal out of tickets.

    A requester's own tickets lose names, addresses, texts and files, and keep how the work went. In
    all other tickets and articles their addresses are barred; where their name stands is listed for
    you to look at. With IDs these tickets alone, whosever they are. It can't be undone.

    The history keeps everything, and so do other clones until they sync: docs/privacy.md says what
    to do about that.

    \b
      hd anonymise ana@example.org --dry-run
      hd anonymise ana@example.org -m "Request of 12 May"
      hd list -q "closed updated:<-3y" | hd anonymise - --yes -m "Kept for three years"
    """
    from hdcli.services.anonymising import Anonymiser

    anonymiser = Anonymiser(app.session, _asked(app, words, given))
    if given["dry"]:
        _say(anonymiser.rehearse(), given)
        return
    if not given["yes"]:
        if not at_terminal():
            raise BadUsage("it can't be undone", "look at it with --dry-run, then say --yes")
        planned = anonymiser.rehearse()
        _say(planned, {**given, "dry": True, "quiet": False, "as_json": False})
        if not planned:
            return
        if not click.confirm("Do this? It can't be undone"):
            raise Refused("nothing was done")
    _say(anonymiser.run(), given)


def _asked(app: App, words: Sequence[str], given: dict[str, Any]) -> Asked:
    from hdcli.services.anonymising import Asked

    reason = Text(given["message"], given["file"], "reason").given()
    more = {"names": given["names"], "also": given["also"], "reason": reason}
    if len(words) == 1 and _is_requester(app, words[0]):
        return Asked(who=words[0], **more)
    return Asked(tickets=tuple(resolved(app, words)), **more)


def _is_requester(app: App, word: str) -> bool:
    """Whether a word names a requester; what could be a ticket's id as well is refused."""
    from hdcli.services.people import is_called

    if word in ("@", "-"):
        return False
    if "@" in word or " " in word.strip():
        return True
    try:
        ticket = app.desk.resolve(word)
    except (NotFound, BadUsage):
        if "," in word:
            return False
        if is_called(app.desk, word):
            return True
        raise
    if is_called(app.desk, word) and word.upper() != ticket:
        raise Ambiguous(
            f"'{word}' is the ticket {ticket}, and a requester", "give the whole id, or the address"
        )
    return False


def _say(outcome: Outcome, given: dict[str, Any]) -> None:
    from hdcli.render import anonymised
    from hdcli.render.json import dumps

    if given["as_json"]:
        click.echo(dumps(anonymised.document(outcome, dry=given["dry"]), indent=2), nl=False)
        return
    names = [each.key for each in (*outcome.tickets, *outcome.articles)]
    report(names, list(anonymised.lines(outcome, dry=given["dry"])), quiet=given["quiet"])

"""hd intake mail, maildir, mbox: messages from a pipe, a folder, a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hdcli.app import App
from hdcli.errors import BadUsage, Conflict, HdError
from hdcli.params import json_options, pass_app, report, writes
from hdcli.render import streams

if TYPE_CHECKING:
    from hdcli.services.intake.found import Found
    from hdcli.services.intake.outcome import Outcome

F = TypeVar("F", bound=Callable[..., Any])
NO_SUBJECT = "(no subject)"


class TryAgain(HdError):
    """Nothing was taken in: the mail server is to keep the message and try again (sysexits.h)."""

    exit_code = 75


class ForMailServers(click.Command):
    """A command that a mail server runs: whatever goes wrong, the message must come again."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            raise TryAgain(error.format_message()) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HdError as error:
            raise TryAgain(error.message, error.remedy) from None
        except (click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # whatever it is, the mail server keeps the message
            raise TryAgain(f"{type(error).__name__}: {error}") from error


def options(command: F) -> F:
    """The options of every door for mail."""
    dry = click.option("--dry-run", "dry", is_flag=True, help="Say what would be; write nothing.")
    return dry(json_options(writes(command)))


@click.command(cls=ForMailServers)
@options
@pass_app
def mail(app: App, /, **given: Any) -> None:
    """Take in the message on standard input, as a mail server hands it over.

    It becomes a new ticket, goes to the one that it answers, is ignored with a reason (hd intake
    log), or waits for a person (hd intake quarantine). The exit code is 0 once it is safe on the
    disk, else 75, which asks Postfix and others to try again: no message is lost. In /etc/aliases:

    \b
      help: "|/bin/sh -c 'hd --desk /srv/desk --as post intake mail -q || exit 75'"
    """
    from hdcli.services.intake.found import held
    from hdcli.services.intake.letters import Source

    source = Source(f"pipe {app.now} {os.getpid()} {os.urandom(4).hex()}", app.now)
    take(app, [[held(sys.stdin.buffer, source)]], given)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@options
@pass_app
def maildir(app: App, /, folder: Path, **given: Any) -> None:
    """Take in the messages of a Maildir that nobody has seen, and mark them when they are safe.

    A hundred at a time. Whoever is stopped on the way goes on with the next run, and nothing is
    taken in twice.

    \b
      */5 * * * *  hd --desk /srv/desk --as post intake maildir -q ~/Maildir     (crontab)
    """
    from hdcli.services.intake.mailboxes import done
    from hdcli.services.intake.mailboxes import maildir as portions

    take(app, portions(folder), given, done)


@click.command()
@click.argument("file", metavar="FILE|-")
@options
@pass_app
def mbox(app: App, /, file: str, **given: Any) -> None:
    """Take in the messages of an mbox file, which stays as it is.

    It is read while no mail program writes to it. The same file may be given again: what was taken
    in is passed over.
    """
    from hdcli.services.intake.mailboxes import mbox as portions
    from hdcli.services.intake.mailboxes import opened

    if file == "-":
        take(app, portions(sys.stdin.buffer, "-", app.now), given)
        return
    try:
        with opened(Path(file)) as stream:
            take(app, portions(stream, os.path.basename(file), app.now), given)
    except OSError as error:
        raise BadUsage(f"can't read {file}: {error.strerror}") from None


def take(
    app: App,
    portions: Iterable[list[Found]],
    given: dict[str, Any],
    done: Callable[[list[Found]], object] = lambda found: None,
) -> None:
    """Takes in what a door gives, and says what became of it as soon as it is safe.

    ``done`` lets go of messages that are.
    """
    outcomes: list[Outcome] = []
    for found in _outcomes(app, portions, done, dry=given["dry"]):
        if given["form"] == "json":
            outcomes += found
        else:
            _tell(found, given["form"], quiet=given["quiet"])
    if given["form"] == "json":
        from hdcli.params import show_json

        show_json("messages", [each.document() for each in outcomes], "json")


def _outcomes(
    app: App,
    portions: Iterable[list[Found]],
    done: Callable[[list[Found]], object],
    *,
    dry: bool,
) -> Iterator[list[Outcome]]:
    """What became of each portion. A message that meets hand edits is left where it is, and told
    of by an error at the end; the others go on."""
    from hdcli.services.intake.mailroom import MailRoom

    held: Conflict | None = None
    with closing(MailRoom(app.session, dry=dry)) as room:

        def taken(portion: list[Found]) -> list[Outcome]:
            outcomes = room.take([room.read(each) for each in portion])
            if not dry:
                done(portion)
            return outcomes

        for portion in portions:
            try:
                yield taken(portion)
            except Conflict:
                for each in portion:
                    try:
                        yield taken([each])
                    except Conflict as error:
                        held = error
    if held:
        raise held


def _tell(outcomes: list[Outcome], form: str | None, *, quiet: bool) -> None:
    from hdcli.render import json

    if form == "jsonl":
        json.emit(sys.stdout, json.lines([each.document() for each in outcomes]))
        return
    taken = [each.ticket for each in outcomes if each.kind in ("new", "follow-up")]
    report(taken, [told(each) for each in outcomes], quiet=quiet)
    if quiet:
        for each in outcomes:
            if each.kind == "quarantined" and not each.again:
                click.echo(streams.remark(f"quarantined: {each.reason}"), err=True)
    sys.stdout.flush()


def told(each: Outcome) -> str:
    """What became of a message, on a line."""
    what = f"{each.kind} {each.ticket}" if each.kind in ("new", "follow-up") else each.kind
    why = f" ({each.reason})" if each.reason else ""
    subject = (each.subject.strip() or NO_SUBJECT) if each.letter.mail else ""
    return ": ".join(said for said in (what + why, each.letter.requester, subject) if said)

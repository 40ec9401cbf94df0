"""What several commands take and say in the same way: ids, texts, the acting agent, results."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hdcli.app import App
from hdcli.errors import BadUsage, HdError, Refused
from hdcli.inputs import opened
from hdcli.render import streams

if TYPE_CHECKING:
    from hdcli.model.ticket import Ticket
    from hdcli.render.table import Cell, Column
    from hdcli.services.actions import Draft
    from hdcli.services.naming import Named
    from hdcli.services.session import Done

F = TypeVar("F", bound=Callable[..., Any])
MAX_INPUT = 10_000_000

pass_app = click.make_pass_decorator(App)


class Choices(click.Group):
    """A command that is one of several; who mistypes its name is told the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise self.mistyped(ctx, args[0])
        return super().resolve_command(ctx, args)

    def mistyped(self, ctx: click.Context, name: str) -> click.UsageError:
        """The error for a command that does not exist, with the nearest that does."""
        from hdcli.model.suggest import nearest

        near = nearest(name, self.commands)
        hint = f"did you mean '{near}'?" if near else f"there are {', '.join(self.commands)}"
        return click.UsageError(f"no command '{name}'; {hint}", ctx)


class Family(Choices):
    """A command with commands of its own; the first of them is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing and (not args or args[0] not in self.commands):
            args = self.led(ctx, args)
        return super().parse_args(ctx, args)

    def led(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Arguments that begin with no command, with the one that they mean. Raises UsageError."""
        first = next(iter(self.commands))
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            return [first, *args]
        if args[0] not in ctx.help_option_names:
            raise self.mistyped(ctx, args[0])
        return args


def set_agent(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """``--as`` behind the command means the same as before it."""
    if value:
        ctx.find_root().obj.acting_as = value


as_option = click.option(
    "--as",
    metavar="AGENT",
    expose_value=False,
    callback=set_agent,
    help="Act as this agent (else HD_AGENT, else your git identity).",
)
limit_option = click.option(
    "--limit", type=click.IntRange(0), default=10, metavar="N", help="At most N (10); 0 means all."
)


def writes(command: F) -> F:
    """The options of every command that writes."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print nothing but bare ids.")
    return as_option(quiet(command))


def search_options(command: F) -> F:
    """WORDS and the options of every command that searches."""
    words = click.argument("words", nargs=-1, required=True, metavar="WORDS...")
    any_word = click.option("--any", "any_word", is_flag=True, help="Any of the words will do.")
    return words(limit_option(any_word(json_options(command))))


def json_options(command: F) -> F:
    """``--json`` and ``--jsonl`` of a command that lists: ``form`` is one of them, or None."""
    whole = click.option("--json", "form", flag_value="json", help="Print one JSON object.")
    lines = click.option("--jsonl", "form", flag_value="jsonl", help="Print an object a line.")
    return whole(lines(command))


def ids_argument(command: F) -> F:
    """``ID…``, each perhaps several with commas, or ``-`` for ids from standard input."""
    return click.argument("ids", nargs=-1, required=True, metavar="ID...")(command)


def text_options(what: str) -> Callable[[F], F]:
    """``-m TEXT`` and ``--file FILE`` (``-`` for standard input)."""

    def add(command: F) -> F:
        message = click.option(
            "-m", "--message", metavar="TEXT", help=f"The {what}; - reads standard input."
        )
        source = click.option(
            "--file", "file", metavar="FILE", help=f"Read the {what} from a file."
        )
        return message(source(command))

    return add


def resolved(app: App, ids: Sequence[str]) -> list[str]:
    """The whole ids that were meant, each once, in order.

    Lists with commas count as several; ``-`` stands for those on standard input, which may be none:
    then there is nothing to do, and standard error says so.
    """
    return list(dict.fromkeys(app.desk.resolve(each) for each in _listed(ids)))


def records(app: App, names: Sequence[str]) -> list[Named]:
    """The tickets and articles that were meant, in the same way (``naming.named``)."""
    from hdcli.services.naming import named

    return list(dict.fromkeys(named(app.desk, each) for each in _listed(names)))


def _listed(given: Sequence[str]) -> list[str]:
    found: list[str] = []
    for each in given:
        text = stdin_text() if each == "-" else each
        found += text.replace(",", " ").split()
    if not found and "-" not in given:
        raise BadUsage("no ids given", "name tickets as in 7k3 or 7k3,9fq")
    if not found:
        click.echo(streams.remark("no ids on standard input, so there is nothing to do"), err=True)
    return found


def stdin_text() -> str:
    """All of standard input as UTF-8; what is not becomes U+FFFD. It can be asked for once."""
    meta = click.get_current_context().meta
    if meta.get(__name__):
        raise BadUsage("standard input was read already", "take ids or a text from it, not both")
    meta[__name__] = True
    return decoded(sys.stdin.buffer.read(MAX_INPUT + 1), "standard input")


def decoded(data: bytes, where: str) -> str:
    """Text from outside: UTF-8, without its byte order mark. Raises BadUsage when too long."""
    if len(data) > MAX_INPUT:
        raise BadUsage(f"{where} has more than {MAX_INPUT // 1_000_000} MB")
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the command line gives it: with ``-m``, from a file, or not at all.

    ``what`` names it in messages, ``option`` is the one that ``message`` came with; ``template`` is
    what the editor shows when somebody is there.
    """

    message: str | None
    file: str | None
    what: str
    template: str = ""
    option: str = "-m"

    @property
    def missing(self) -> bool:
        """Whether nothing was given."""
        return self.message is None and self.file is None

    def given(self) -> str:
        """What the options say; empty without them. Raises BadUsage."""
        if self.message is not None and self.file is not None:
            raise BadUsage(f"give {self.option} or --file, not both")
        if self.message == "-" or self.file == "-":
            return stdin_text()
        return self.message or (_read(self.file) if self.file is not None else "")


def _read(file: str) -> str:
    with opened(file) as source:
        return decoded(source.read(MAX_INPUT + 1), file)


def act_with(
    app: App, ids: Sequence[str], text: Text, draft_for: Callable[[Ticket, str], Draft]
) -> list[Done]:
    """The action on each ticket with a text that it needs.

    Without one the editor opens when somebody is there: after everything else was found right,
    with no lock held, and what was written is kept should the action fail. Raises BadUsage, Refused
    and what the action raises.
    """
    if not text.missing:
        body = text.given()
        return app.session.act(ids, lambda ticket: draft_for(ticket, body))
    if not at_terminal():
        raise BadUsage(
            f"no {text.what}", "give it with -m TEXT, --file FILE or -m - from standard input"
        )
    app.session.rehearse(ids, lambda ticket: draft_for(ticket, "..."))
    body = written(app, text.template)
    with kept(app, body):
        return app.session.act(ids, lambda ticket: draft_for(ticket, body))


def at_terminal() -> bool:
    """Whether somebody is there to be asked: input and output are terminals."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def written(app: App, template: str) -> str:
    """What somebody writes in their editor; lines that begin with ``#`` are left out.

    Raises Refused when that is nothing.
    """
    data = click.edit(template.encode(), editor=app.editor, extension=".txt")
    text = decoded(bytes(data or b""), "the text")
    lines = [line for line in text.split("\n") if not line.startswith("#")]
    if not "\n".join(lines).strip():
        raise Refused("nothing was written, so nothing was done")
    return "\n".join(lines).strip("\n")


@contextmanager
def kept(app: App, text: str) -> Iterator[None]:
    """Keeps a text that somebody wrote when what it was for fails, and says where."""
    try:
        yield
    except HdError as error:
        place = app.spare_text(text)
        remedy = f"{error.remedy}; " if error.remedy else ""
        error.remedy = f"{remedy}your text is in {place}"
        raise


def tell(done: Sequence[Done], phrase: Callable[[Ticket], str], *, quiet: bool) -> None:
    """What a writing command says: bare ids with ``-q``, else a line each.

    ``phrase`` is what is true of the ticket now, as in ``is with bob``. Whom the text calls in vain
    is told on standard error.
    """
    _warn_of_calls(done)
    if quiet:
        report([each.ticket.id for each in done], [], quiet=True)
        return
    lines = []
    for each in done:
        ticket, words = each.ticket, [each.ticket.id, phrase(each.ticket)]
        if not each.changed:
            words.append("already")
        if each.asked != ticket.id and not ticket.text("merged_into"):
            words.append(f"({each.asked} was merged into it)")
        lines.append(f"{' '.join(words)}: {ticket.title}")
    report([], lines, quiet=False)


def _warn_of_calls(done: Sequence[Done]) -> None:
    said = done[0].ticket.log[-1] if done and done[0].changed else None
    if said is None or "@" not in said.body or said.action == "rate":
        return
    from hdcli.services.mentioning import unreached

    app = click.get_current_context().find_object(App)
    for each in unreached(app.settings, said.body) if app else ():
        click.echo(f"note: {each}", err=True)


def report(ids: Sequence[str], lines: Sequence[str], *, quiet: bool) -> None:
    """Bare ids with ``-q``, else lines made safe, cut to the screen where there is one."""
    from hdcli.render.text import fit, safe

    if quiet:
        click.echo("".join(f"{each}\n" for each in ids), nl=False)
        return
    columns = _columns()
    for line in lines:
        clean = safe(line)
        click.echo(fit(clean, columns) if columns else clean)


def show_table(app: App, rows: Sequence[Sequence[Cell]], headers: Sequence[Column]) -> None:
    """A table that fits the screen, its head marked."""
    from hdcli.render.table import table

    palette = app.palette
    text = table(rows, headers, _columns() or None, palette.heading)
    click.echo(text, color=palette.enabled)


def show_json(name: str, objects: Sequence[object], form: str) -> None:
    """Objects as one under a name, with the format's version (``json``), or a line each."""
    from hdcli.render import json

    whole = [json.dumps({"format": 1, name: objects}, indent=2)]
    json.emit(sys.stdout, whole if form == "json" else json.lines(objects))


def _columns() -> int:
    from hdcli.render.look import screen

    return screen(sys.stdout)[0] or 0

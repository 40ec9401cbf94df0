"""What several commands take in the same way: ids, texts, files, the acting agent, quiet output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from hdcli.app import App
from hdcli.errors import BadUsage

F = TypeVar("F", bound=Callable[..., Any])
MAX_INPUT = 10_000_000

pass_app = click.make_pass_decorator(App)


def set_agent(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """``--as`` behind the command means the same as before it."""
    if value:
        ctx.find_root().obj.acting_as = value


def writes(command: F) -> F:
    """The options of every command that writes."""
    as_agent = click.option(
        "--as",
        metavar="AGENT",
        expose_value=False,
        callback=set_agent,
        help="Act as this agent (else HD_AGENT, else your git identity).",
    )
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print nothing but bare ids.")
    return as_agent(quiet(command))


def ids_argument(command: F) -> F:
    """``ID…``, or ``-`` for ids from standard input."""
    return click.argument("ids", nargs=-1, required=True, metavar="ID...")(command)


def text_options(what: str) -> Callable[[F], F]:
    """``-m TEXT`` and ``--file FILE`` (``-`` for standard input)."""

    def add(command: F) -> F:
        message = click.option("-m", "--message", metavar="TEXT", help=f"The {what}; - reads it.")
        source = click.option(
            "--file", "file", metavar="FILE", help=f"Read the {what} from a file."
        )
        return message(source(command))

    return add


def resolved(app: App, ids: Sequence[str]) -> list[str]:
    """The whole ids that were meant; ``-`` stands for those on standard input."""
    named: list[str] = []
    for each in ids:
        named += stdin_text().split() if each == "-" else [each]
    if not named:
        raise BadUsage("no ids on standard input")
    return [app.desk.resolve(each) for each in named]


def stdin_text() -> str:
    """All of standard input as UTF-8; what is not becomes U+FFFD."""
    return decoded(sys.stdin.buffer.read(MAX_INPUT + 1), "standard input")


def decoded(data: bytes, where: str) -> str:
    """Text from outside: UTF-8, without its byte order mark. Raises BadUsage when too long."""
    if len(data) > MAX_INPUT:
        raise BadUsage(f"{where} has more than {MAX_INPUT // 1_000_000} MB")
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def text_of(
    message: str | None, file: str | None, what: str, template: str = "", *, required: bool = True
) -> str:
    """The text given with ``-m`` or ``--file``, else written in the editor when somebody is there.

    Raises BadUsage when there is none and it is required.
    """
    if message is not None and file is not None:
        raise BadUsage("give -m or --file, not both")
    if message == "-" or file == "-":
        return stdin_text()
    if message is not None:
        return message
    if file is not None:
        try:
            return decoded(Path(file).read_bytes(), file)
        except OSError as error:
            raise BadUsage(f"can't read {file}: {error.strerror}") from None
    if not required:
        return ""
    if not at_terminal():
        raise BadUsage(f"no {what}", "give -m TEXT, --file FILE or -m - for standard input")
    return written(template)


def at_terminal() -> bool:
    """Whether somebody is there to be asked: input and output are terminals."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def written(template: str) -> str:
    """What somebody writes in their editor; lines that begin with ``#`` are left out."""
    text = click.edit(template, require_save=True, extension=".txt")
    lines = [line for line in (text or "").splitlines() if not line.startswith("#")]
    if not "\n".join(lines).strip():
        raise BadUsage("nothing was written, so nothing was done")
    return "\n".join(lines).strip("\n")


def report(ids: Sequence[str], lines: Sequence[str], *, quiet: bool) -> None:
    """What a writing command says: bare ids with ``-q``, else a line each."""
    for text in ids if quiet else lines:
        click.echo(text)

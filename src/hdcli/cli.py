"""The root command, its lazy subcommands, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import click

from hdcli import __version__
from hdcli.app import App
from hdcli.commandlist import COMMANDS, SECTIONS
from hdcli.errors import BadQuery, HdError
from hdcli.render import streams

# What shells give for a process that was stopped with Ctrl-C.
STOPPED = 130
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class LazyGroup(click.Group):
    """Knows every command by name and short help; loads one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """A stand-in, enough for help and completion of names."""
        if name not in COMMANDS:
            return None
        return click.Command(name, short_help=COMMANDS[name].help)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in COMMANDS:
            return name, load(name), args[1:]
        if name.startswith("-"):
            super().resolve_command(ctx, args)
        raise click.UsageError(_no_command(name), ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands as a person thinks of them."""
        width = max(map(len, COMMANDS))
        for section, title in SECTIONS.items():
            rows = [(f"{n:<{width}}", c.help) for n, c in COMMANDS.items() if c.section == section]
            with formatter.section(title):
                formatter.write_dl(rows)


def load(name: str) -> click.Command:
    """The command itself, its module imported."""
    from importlib import import_module

    module, _, attribute = COMMANDS[name].target.partition(":")
    command = getattr(import_module(f"hdcli.commands.{module}"), attribute)
    assert isinstance(command, click.Command)
    return command


def _no_command(name: str) -> str:
    from hdcli.model.suggest import nearest

    near = nearest(name, COMMANDS)
    hint = f"did you mean '{near}'?" if near else "hd --help lists them"
    return f"no command '{name}'; {hint}"


@click.group(
    cls=LazyGroup, context_settings=CONTEXT, invoke_without_command=True, no_args_is_help=False
)
@click.option("--desk", metavar="DIR", help="The desk's folder (else HD_DESK, else here).")
@click.option("--as", "acting_as", metavar="AGENT", help="Act as this agent (else HD_AGENT).")
@click.version_option(__version__, prog_name="hd", message="%(prog)s %(version)s")
@click.pass_context
def hd(ctx: click.Context, desk: str | None, acting_as: str | None) -> None:
    """A helpdesk that lives in a git repository.

    Without a command: where things stand on this desk (hd status).
    """
    ctx.obj = app = App(desk, acting_as)
    ctx.call_on_close(app.close)
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    if ctx.invoked_subcommand is None:
        command = load("status")
        ctx.invoke(command)


def main() -> NoReturn:
    """Runs hd and exits with its documented code (docs/exit-codes.md)."""
    streams.make_ready()
    called = os.path.basename(sys.argv[0])
    name = "git hd" if called.startswith("git-hd") else "hd"
    code = run(sys.argv[1:], name, _ignore_interrupts)
    if code == STOPPED:
        # Python would end by the signal where Ctrl-C met exec(), which makes named tuples.
        os._exit(code)
    sys.exit(code)


def _ignore_interrupts() -> None:
    """Once hd is ending, a second Ctrl-C must not end it in another way."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run(
    args: Sequence[str], name: str = "hd", when_stopped: Callable[[], object] = lambda: None
) -> int:
    """The exit code of one command line; what there is to say was said.

    ``when_stopped`` is called when Ctrl-C has ended the command, before that is told.
    """
    try:
        code = _attempt(list(args), name)
    except (click.Abort, KeyboardInterrupt):
        when_stopped()
        code = _fail("stopped", STOPPED)
    error = streams.flush()
    return code if error is None else _no_output(error)


def _attempt(args: list[str], name: str) -> int:
    try:
        with hd.make_context(name, args) as context:
            done = hd.invoke(context)
    except HdError as error:
        return _fail(str(error), error.exit_code, block=isinstance(error, BadQuery))
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.Abort:
        raise
    except click.ClickException as error:
        return _usage(error, args)
    except BrokenPipeError:
        return 0  # the reader left
    except OSError as error:
        return _no_output(error) if streams.is_full(error) else _fail(_system(error), 1)
    except Exception as error:  # the boundary: nobody sees a traceback
        return _unexpected(error)
    return done if isinstance(done, int) else 0


def _fail(message: str, code: int, *, block: bool = False) -> int:
    from hdcli.render.text import safe, safe_block

    streams.flush()
    with suppress(OSError):  # nobody may be listening; the exit code still tells
        if code == STOPPED and sys.stderr.isatty():
            click.echo(err=True)  # below the ^C
        click.echo(streams.remark(safe_block(message) if block else safe(message)), err=True)
    return code


def _usage(error: click.ClickException, args: Sequence[str]) -> int:
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    # click's parser does not say where an option lacks its value.
    command = next((f" {each}" for each in args if each in COMMANDS), "")
    path = context.command_path if context else f"hd{command}"
    if isinstance(error, click.UsageError):
        message = f"{message[:1].lower()}{message[1:]}"
        return _fail(f"{message} ({path} --help)", error.exit_code)
    return _fail(message, error.exit_code)


def _no_output(error: OSError) -> int:
    return _fail(f"can't write to standard output: {_system(error)}", 1)


def _system(error: OSError) -> str:
    if error.filename == "git":
        return _no_git()
    place = f": {error.filename}" if error.filename else ""
    return f"{(error.strerror or str(error)).lower()}{place}"


def _no_git() -> str:
    from hdcli.store.git import NO_GIT

    return "; ".join(NO_GIT)


def _unexpected(error: Exception) -> int:
    import tempfile
    import traceback
    from shutil import which

    if which("git") is None:
        return _fail(_no_git(), 1)
    kept = "no room for details"
    with (
        suppress(OSError),
        tempfile.NamedTemporaryFile(
            "w", prefix="hd-", suffix=".log", delete=False, encoding="utf-8", errors="replace"
        ) as log,
    ):
        traceback.print_exception(error, file=log)
        kept = f"details in {log.name}"
    return _fail(f"a defect of hd: {type(error).__name__}: {error}; {kept}", 1)


def names() -> dict[str, Any]:
    """Every command by name; for documents and tests, which want them all loaded."""
    return {name: load(name) for name in COMMANDS}

"""The root command, its lazy subcommands, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

import click

from hdcli import __version__
from hdcli.app import App
from hdcli.commandlist import COMMANDS, SECTIONS
from hdcli.errors import HdError

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
    name = "git-hd" if os.path.basename(sys.argv[0]).startswith("git-hd") else "hd"
    if any(each.startswith("_") and each.endswith("HD_COMPLETE") for each in os.environ):
        from hdcli.completion import complete

        complete()
    sys.exit(run(sys.argv[1:], "git hd" if name == "git-hd" else name))


def run(args: Sequence[str], name: str = "hd") -> int:
    """The exit code of one command line; what there is to say was said."""
    try:
        hd.main(args=list(args), prog_name=name, standalone_mode=False)
        sys.stdout.flush()
    except HdError as error:
        return _fail(str(error), error.exit_code)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        return _fail("stopped", 130)
    except click.ClickException as error:
        return _usage(error)
    except KeyboardInterrupt:
        return _fail("stopped", 130)
    except BrokenPipeError:
        _drop_output()
    except OSError as error:
        return _fail(_system(error), 1)
    except Exception as error:  # the boundary: nobody sees a traceback
        return _unexpected(error)
    return 0


def _fail(message: str, code: int) -> int:
    with suppress(OSError):  # nobody may be listening; the exit code still tells
        click.echo(f"hd: {message}", err=True)
    return code


def _usage(error: click.ClickException) -> int:
    message = error.format_message().rstrip(".").replace("\n", " ")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "hd"
    if isinstance(error, click.UsageError):
        message = f"{message[:1].lower()}{message[1:]}"
        return _fail(f"{message} ({path} --help)", error.exit_code)
    return _fail(message, error.exit_code)


def _system(error: OSError) -> str:
    place = f": {error.filename}" if error.filename else ""
    return f"{(error.strerror or str(error)).lower()}{place}"


def _drop_output() -> None:
    """The reader left, as in ``hd list | head``: what is still buffered goes nowhere."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _unexpected(error: Exception) -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="hd-", suffix=".log", delete=False, encoding="utf-8", errors="replace"
    ) as log:
        traceback.print_exception(error, file=log)
    return _fail(f"a defect of hd: {type(error).__name__}: {error}; details in {log.name}", 1)


def names() -> dict[str, Any]:
    """Every command by name; for documents and tests, which want them all loaded."""
    return {name: load(name) for name in COMMANDS}

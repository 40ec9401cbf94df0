"""The list of commands, against the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from hdcli import cli
from hdcli.commandlist import COMMANDS, SECTIONS
from support import run_hd

ROOT = Path(__file__).parents[1]


def all_commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and subcommand by its path."""
    for name, command in cli.names().items():
        yield name, command
        for below, each in getattr(command, "commands", {}).items():
            yield f"{name} {below}", each


def test_every_command_stands_in_a_section_of_the_help() -> None:
    assert {each.section for each in COMMANDS.values()} == set(SECTIONS)
    shown = run_hd("--help").out
    for name, listed in COMMANDS.items():
        assert f"  {name} " in shown
        assert listed.help in shown


def test_the_help_fits_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, run_hd("--help").out.splitlines())) <= 80


def test_every_command_and_option_says_what_it_is() -> None:
    silent = [path for path, command in all_commands() if not command.help]
    silent += [
        f"{path} {option.opts[-1]}"
        for path, command in all_commands()
        for option in command.params
        if isinstance(option, click.Option) and not (option.help or option.hidden)
    ]
    assert silent == []


def test_helps_are_sentences() -> None:
    odd = [
        path
        for path, each in all_commands()
        if not (each.help or "").split("\n\n")[0].endswith(".")
    ]
    odd += [
        f"{path} {option.opts[-1]}: {option.help}"
        for path, command in all_commands()
        for option in command.params
        if isinstance(option, click.Option) and not (option.help or "").endswith((".", "]"))
    ]
    assert odd == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_shows_its_help_and_has_a_man_page(name: str) -> None:
    shown = run_hd(name, "--help")
    assert shown.code == 0
    assert shown.out.startswith(f"Usage: hd {name} ")
    assert (ROOT / "man" / f"hd-{name}.1").is_file()

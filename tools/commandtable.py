"""All commands, options and arguments as one JSON document: what hdcli.completion reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from hdcli import cli
from hdcli.commandlist import COMMANDS
from hdcli.params import Family

Entry = list[Any]


def table() -> str:
    """A line for each command path: its options, arguments and commands below."""
    entries: dict[str, Entry] = {"": _entry(cli.hd, {n: c.help for n, c in COMMANDS.items()})}
    for name, command in cli.names().items():
        entries.update(_below(name, command))
    lines = (f"{json.dumps(path)}: {_compact(entry)}" for path, entry in entries.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(entry: Entry) -> str:
    return json.dumps(entry, ensure_ascii=False)


def _below(path: str, command: click.Command) -> Iterator[tuple[str, Entry]]:
    commands = command.commands if isinstance(command, click.Group) else {}
    entry = _entry(command, {n: c.get_short_help_str(80) for n, c in commands.items()})
    if isinstance(command, Family):
        # Where no command is named the first is meant: its options and arguments may follow.
        first = _entry(next(iter(commands.values())), {})
        entry[0] = [*first[0], *(each for each in entry[0] if each not in first[0])]
        entry[1] = first[1]
    yield path, entry
    for name, each in commands.items():
        yield from _below(f"{path} {name}", each)


def _entry(command: click.Command, below: dict[str, str]) -> Entry:
    context = click.Context(command, **command.context_settings)
    params = command.get_params(context)
    options = [o for each in params if isinstance(each, click.Option) for o in _options(each)]
    arguments = [each.make_metavar(context) for each in params if isinstance(each, click.Argument)]
    return [options, arguments, below]


def _options(option: click.Option) -> Iterator[Entry]:
    if option.hidden:
        return
    takes_value = not (option.is_flag or option.count)
    value = (option.metavar or option.type.name.upper()) if takes_value else ""
    choices = list(option.type.choices) if isinstance(option.type, click.Choice) else []
    yield [list(option.opts), value, choices, option.help or ""]
    if option.secondary_opts:
        yield [list(option.secondary_opts), "", [], option.help or ""]

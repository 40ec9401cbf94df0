"""What commands, options and arguments there are, known without loading click or any command.

``data/commands.json`` is made from the commands themselves (tools/generate.py); a test keeps it so.
"""

from __future__ import annotations

import json
import os
from typing import NamedTuple


class Option(NamedTuple):
    """An option: its names, what its value is called ("" for a flag), its fixed choices."""

    names: list[str]
    value: str
    choices: list[str]
    help: str


class Command(NamedTuple):
    """A command line's level: a command with arguments, or a group with commands and their helps.

    Arguments are called as the help calls them: ``ID...``, ``[QUERY]...``.
    """

    options: list[Option]
    arguments: list[str]
    commands: dict[str, str]

    def option(self, name: str) -> Option | None:
        """The option of that name; None when there is none."""
        for option in self.options:
            if name in option.names:
                return option
        return None


def commands() -> dict[str, Command]:
    """All commands by their path: ``""`` is hd itself, ``"agent add"`` a subcommand."""
    place = os.path.join(os.path.dirname(__file__), os.pardir, "data", "commands.json")
    with open(place, encoding="utf-8") as file:
        read = json.load(file)
    return {
        path: Command([Option(*each) for each in options], arguments, below)
        for path, (options, arguments, below) in read.items()
    }

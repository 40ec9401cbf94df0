"""A command line that is still being typed: which command it is, and what is asked for next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hdcli.completion.commandtable import Command, Option


@dataclass
class Line:
    """What was typed so far. ``word`` is the one to complete, ``awaited`` the option it is for."""

    path: str = ""
    word: str = ""
    arguments: list[str] = field(default_factory=list)
    awaited: Option | None = None
    literal: bool = False
    known: bool = True
    given: dict[str, str] = field(default_factory=dict)


def parse(words: Sequence[str], commands: dict[str, Command]) -> Line:
    """The line of these words, the last being the one to complete (perhaps empty)."""
    line = Line(word=words[-1] if words else "")
    for word in words[:-1]:
        if line.awaited is not None:
            line.given[line.awaited.names[0]] = word
            line.awaited = None
        elif word == "--" and not line.literal:
            line.literal = True
        elif _is_option(word) and not line.literal:
            _take_option(line, word, commands[line.path])
        else:
            _take_word(line, word, commands)
        if not line.known:
            break
    return line


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _take_option(line: Line, word: str, command: Command) -> None:
    name, equals, value = word.partition("=")
    if name.startswith("--"):
        option = command.option(name)
        if option is not None and equals:
            line.given[option.names[0]] = value
        elif option is not None and option.value:
            line.awaited = option
        return
    if command.option(word[:2]) is None:
        line.arguments.append(word)  # hd tag 7k3 -printer
        return
    for place, letter in enumerate(word[1:], 2):
        option = command.option(f"-{letter}")
        if option is not None and option.value:
            if place == len(word):
                line.awaited = option
            return


def _take_word(line: Line, word: str, commands: dict[str, Command]) -> None:
    command = commands[line.path]
    if word in command.commands and not line.arguments:
        line.path = f"{line.path} {word}".strip()
        line.literal = False
    elif command.commands and not command.arguments:
        line.known = False
    else:
        line.arguments.append(word)

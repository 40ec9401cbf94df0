"""Single keys from a terminal, and a line that is typed while something is shown below it.

It takes no more than a terminal of 1978 can do, over any connection: letters, Enter, Tab, arrows,
Backspace. What was typed ahead is kept.
"""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from hdcli.render.text import fit, width

Key = Callable[[], str]
_NAMES = {
    **{"\r": "enter", "\n": "enter", "\t": "down", "\x7f": "backspace", "\x08": "backspace"},
    **{"\x04": "end", "\x15": "clear", "\x17": "word"},
}
_SEQUENCES = {"[A": "up", "[B": "down", "OA": "up", "OB": "down", "[Z": "up"}
_ESCAPE_WAIT = 0.05
_MOST = 6


@contextmanager
def keyboard() -> Iterator[Key]:
    """Gives what reads a key: a character, or ``enter up down backspace clear word end escape``.

    Ctrl-C is KeyboardInterrupt, as ever. The terminal is as it was afterwards.
    """
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    tty.setcbreak(number, termios.TCSADRAIN)
    try:
        yield lambda: _key(number)
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


def _key(number: int) -> str:
    first = os.read(number, 1)
    if not first:
        return "end"
    if first == b"\x1b":
        return _sequence(number)
    more = {0b110: 1, 0b1110: 2, 0b11110: 3}
    count = next((n for head, n in more.items() if first[0] >> (7 - n - 1) == head), 0)
    for _ in range(count):
        first += os.read(number, 1)
    text = first.decode("utf-8", "replace")
    return _NAMES.get(text, text)


def _sequence(number: int) -> str:
    """What follows an escape: an arrow, or a key that means nothing here."""
    found = ""
    while select.select([number], [], [], _ESCAPE_WAIT)[0]:
        found += os.read(number, 1).decode("ascii", "replace")
        if found in _SEQUENCES or (len(found) > 1 and found[-1].isalpha()) or found[-1:] == "~":
            break
    return _SEQUENCES.get(found, "" if found else "escape")


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen, and how it is shown."""

    value: str
    shown: str


Below = Callable[[str], Sequence[Choice]]


class Prompt:
    """Asks for lines, in so many columns; what is shown below one can be chosen by arrows."""

    def __init__(self, key: Key, columns: int) -> None:
        self._key = key
        self._columns = columns

    def ask(self, label: str, below: Below, *, first: bool = False) -> str | None:
        """What was typed or chosen; None where somebody gave up (Ctrl-D on an empty line, Escape).

        ``first``: the first of what is below is chosen unless another is.
        """
        text, at = "", 0 if first else -1
        while True:
            choices = below(text)[:_MOST]
            at = min(at, len(choices) - 1)
            self._draw(label, text, choices, at)
            key = self._key()
            match key:
                case "enter":
                    self._end(label, text, choices, at)
                    return choices[at].value if at >= 0 else text.strip()
                case "escape" | "end" if key == "escape" or not text:
                    self._draw(label, text, (), -1)
                    sys.stdout.write("\n")
                    return None
                case "down":
                    at = min(at + 1, len(choices) - 1)
                case "up":
                    at = max(at - 1, 0 if first else -1)
                case _:
                    text, at = _typed(text, key), 0 if first else -1

    def _draw(self, label: str, text: str, choices: Sequence[Choice], at: int) -> None:
        room = max(10, self._columns - width(label) - 2)
        seen = text if width(text) < room else f"…{text[-(room - 2) :]}"
        lines = [f"\r\x1b[J{label} {seen}"]
        for number, each in enumerate(choices):
            mark = ">" if number == at else " "
            lines.append(f"\r\n  {mark} {fit(each.shown, self._columns - 5)}")
        back = f"\x1b[{len(choices)}A" if choices else ""
        column = width(label) + 1 + width(seen)
        sys.stdout.write("".join(lines) + back + f"\r\x1b[{column}C")
        sys.stdout.flush()

    def _end(self, label: str, text: str, choices: Sequence[Choice], at: int) -> None:
        """What was answered stays on the screen, and nothing else."""
        said = choices[at].value if at >= 0 else text
        sys.stdout.write(f"\r\x1b[J{fit(f'{label} {said}', self._columns)}\n")
        sys.stdout.flush()


def _typed(text: str, key: str) -> str:
    if key == "backspace":
        return text[:-1]
    if key == "clear":
        return ""
    if key == "word":
        return text.rstrip().rpartition(" ")[0]
    return text + key if len(key) == 1 and key.isprintable() else text

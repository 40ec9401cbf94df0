"""Single keys from a terminal, and a line that is typed while something is shown below it.

It takes no more than a terminal of 1978 can do, over any connection: letters, Enter, Tab, arrows,
Backspace. What was typed ahead is kept. Where the terminal tells what is pasted, that is text,
whatever lines it has.
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
from typing import Self

from hdcli.render.look import screen
from hdcli.render.text import ELLIPSIS, fit, graphemes, width

_NAMES = {
    **{"\r": "enter", "\n": "enter", "\t": "down", "\x7f": "backspace", "\x08": "backspace"},
    **{"\x04": "end", "\x15": "clear", "\x17": "word"},
}
_SEQUENCES = {"[A": "up", "[B": "down", "OA": "up", "OB": "down", "[Z": "up"}
_ESCAPE_WAIT = 0.05
_PASTE, _PASTED = "[200~", b"\x1b[201~"
_TELL_PASTES, _DONT_TELL = "\x1b[?2004h", "\x1b[?2004l"
_MOST = 6


class Pasted(str):
    """Text that was pasted; it may have several lines, but nothing else that can't be seen."""

    __slots__ = ()


class Keyboard:
    """Reads keys within a ``with``; afterwards the terminal is as it was.

    Ctrl-C is KeyboardInterrupt, as ever.
    """

    def __init__(self) -> None:
        self._number = sys.stdin.fileno()

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._number)
        self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        self._rest()

    def __call__(self) -> str:
        """A key: a character, or ``enter up down backspace clear word end escape``; empty for one
        that means nothing here. Or what was pasted."""
        first = os.read(self._number, 1)
        if not first:
            return "end"
        if first == b"\x1b":
            return self._sequence()
        more = {0b110: 1, 0b1110: 2, 0b11110: 3}
        count = next((n for head, n in more.items() if first[0] >> (7 - n - 1) == head), 0)
        for _ in range(count):
            first += os.read(self._number, 1)
        text = first.decode("utf-8", "replace")
        return _NAMES.get(text, text)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Leaves the terminal to another program for a while."""
        self._rest()
        try:
            yield
        finally:
            self._listen()

    def _listen(self) -> None:
        tty.setcbreak(self._number, termios.TCSADRAIN)
        self._say(_TELL_PASTES)

    def _rest(self) -> None:
        self._say(_DONT_TELL)
        termios.tcsetattr(self._number, termios.TCSADRAIN, self._before)

    def _say(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def _sequence(self) -> str:
        """What follows an escape: an arrow, what is pasted, or a key that means nothing here."""
        found = ""
        while select.select([self._number], [], [], _ESCAPE_WAIT)[0]:
            found += os.read(self._number, 1).decode("ascii", "replace")
            if found == _PASTE:
                return self._pasted()
            if found in _SEQUENCES or (
                len(found) > 1 and (found[-1].isalpha() or found[-1] == "~")
            ):
                break
        return _SEQUENCES.get(found, "" if found else "escape")

    def _pasted(self) -> Pasted:
        data = bytearray()
        while not data.endswith(_PASTED) and (more := os.read(self._number, 1)):
            data += more
        text = data.removesuffix(_PASTED).decode("utf-8", "replace").replace("\r\n", "\n")
        lines = text.replace("\r", "\n").expandtabs(1).split("\n")
        return Pasted("\n".join("".join(filter(str.isprintable, line)) for line in lines))


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen, and how it is shown."""

    value: str
    shown: str


Below = Callable[[str], Sequence[Choice]]


class Prompt:
    """Asks for lines; what is shown below one can be chosen by arrows."""

    def __init__(self, key: Callable[[], str]) -> None:
        self._key = key

    def ask(self, label: str, below: Below = lambda _: (), *, first: bool = False) -> str | None:
        """What was typed or chosen; None where somebody gave up (Ctrl-D on an empty line, Escape).

        ``first``: the first of what is below is chosen unless another is. What was pasted may have
        several lines.
        """
        text, at = "", 0 if first else -1
        while True:
            choices = below(text)
            at = min(at, len(choices) - 1)
            self._draw(label, text, choices, at)
            key = self._key()
            match key:
                case Pasted():
                    text, at = text + key, 0 if first else -1
                case "enter":
                    said = choices[at].value if at >= 0 else text.strip()
                    self._write(f"\r\x1b[J{fit(_flat(f'{label} {said}'), self._columns)}\n")
                    return said
                case "escape" | "end" if key == "escape" or not text:
                    self._draw(label, text, (), -1)
                    self._write("\n")
                    return None
                case "down":
                    at = min(at + 1, len(choices) - 1)
                case "up":
                    at = max(at - 1, 0 if first else -1)
                case _:
                    text, at = _typed(text, key), 0 if first else -1

    @property
    def _columns(self) -> int:
        return (screen(sys.stdout)[0] or 80) - 1

    def _draw(self, label: str, text: str, choices: Sequence[Choice], at: int) -> None:
        columns = self._columns
        seen = _tail(_flat(text), max(10, columns - width(label) - 2))
        lines = [f"\r\x1b[J{label} {seen}"]
        begin = max(0, at - _MOST + 1)
        for number, each in enumerate(choices[begin : begin + _MOST], begin):
            mark = ">" if number == at else " "
            lines.append(f"\r\n  {mark} {fit(each.shown, columns - 5)}")
        if len(choices) > begin + _MOST:
            lines.append(f"\r\n    {ELLIPSIS}")
        back = f"\x1b[{len(lines) - 1}A" if len(lines) > 1 else ""
        column = width(label) + 1 + width(seen)
        self._write("".join(lines) + back + f"\r\x1b[{column}C")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def _tail(text: str, columns: int) -> str:
    """The end of a text, as much as has room in so many columns."""
    if width(text) <= columns:
        return text
    found, room = "", columns - 1
    for each in reversed(list(graphemes(text))):
        room -= width(each)
        if room < 0:
            break
        found = each + found
    return ELLIPSIS + found


def _typed(text: str, key: str) -> str:
    if key == "backspace":
        return text[:-1]
    if key == "clear":
        return ""
    if key == "word":
        return text[: text.rstrip().rfind(" ") + 1]
    return text + key if len(key) == 1 and key.isprintable() else text

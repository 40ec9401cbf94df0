"""Patterns that are matched in time proportional to the text, whatever the pattern and the text.

The language is that of ``grep -E`` without back references, and like it looks at one line after the
other: ``. [a-z] [^a-z] \\d \\w \\s ( ) | * + ? {2,5} ^ $``. A pattern is a machine with one state a
character; all states that are possible are followed at once (Thompson 1968), so that no pattern can
go astray in a text. What was found out about a set of states is kept for the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_LENGTH = 500
MAX_TEXT = 20_000
"""Characters of a text that are looked at."""
_MAX_STATES = 1000
_MAX_REPEAT = 100
_MAX_KEPT = 1000
_MAX_DEPTH = 50

Test = Callable[[str], bool]
_SHORTHANDS: dict[str, Test] = {
    "d": str.isdigit,
    "w": lambda c: c.isalnum() or c == "_",
    "s": str.isspace,
    "D": lambda c: not c.isdigit(),
    "W": lambda c: not (c.isalnum() or c == "_"),
    "S": lambda c: not c.isspace(),
}


class BadPattern(ValueError):
    """What is wrong with a pattern, in a few words."""


@dataclass(slots=True)
class _State:
    """Goes on to ``after`` by a character that passes ``test``, else (None) by itself; ``begin``
    and ``end`` only there, at the beginning and end of a line."""

    test: Test | None = None
    at: str = ""
    after: list[int] = field(default_factory=list)


class Pattern:
    """A pattern, ready to be looked for."""

    def __init__(self, text: str) -> None:
        """Raises BadPattern."""
        if len(text) > MAX_LENGTH:
            raise BadPattern(f"longer than {MAX_LENGTH} characters")
        self.text = text
        self._states: list[_State] = []
        start, self._goal = self._machine(_Parser(text).whole())
        self._known: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._first = self._closure([start], begin=True)
        self._again = self._closure([start])
        self._empty = self._goal in self._closure([start], begin=True, end=True)

    def found_in(self, text: str) -> bool:
        """Whether some line of a text has what the pattern describes."""
        return any(map(self._in_line, text[:MAX_TEXT].split("\n")))

    def _in_line(self, line: str) -> bool:
        if not line:
            return self._empty
        now = self._first
        for character in line:
            if self._goal in now:
                return True
            key = (now, character)
            after = self._known.get(key)
            if after is None:
                if len(self._known) >= _MAX_KEPT:
                    self._known.clear()
                after = self._known[key] = self._step(now, character)
            now = after
        return self._goal in self._closure(now, end=True)

    def _step(self, now: frozenset[int], character: str) -> frozenset[int]:
        reached: set[int] = set()
        for number in now:
            state = self._states[number]
            if state.test is not None and state.test(character):
                reached.update(state.after)
        return self._closure(reached) | self._again

    def _closure(
        self, numbers: Iterable[int], *, begin: bool = False, end: bool = False
    ) -> frozenset[int]:
        """These states and what they come to without a character."""
        passable = {"": True, "begin": begin, "end": end}
        found: set[int] = set()
        ahead = list(numbers)
        while ahead:
            number = ahead.pop()
            state = self._states[number]
            if number not in found:
                found.add(number)
                ahead += state.after if state.test is None and passable[state.at] else ()
        return frozenset(found)

    def _machine(self, node: _Node) -> tuple[int, int]:
        """The state to come in by and the one to go on from, for a part of the pattern."""
        match node.kind:
            case "one":
                return self._joined([self._state(node.test, node.at), self._state()])
            case "sequence":
                first = last = self._state()
                for part in node.parts:
                    start, end = self._machine(part)
                    self._states[last].after.append(start)
                    last = end
                return first, last
            case "either":
                first, last = self._state(), self._state()
                for part in node.parts:
                    start, end = self._machine(part)
                    self._states[first].after.append(start)
                    self._states[end].after.append(last)
                return first, last
        return self._repeated(node)

    def _repeated(self, node: _Node) -> tuple[int, int]:
        first, done = self._state(), self._state()
        last = first
        for number in range(max(node.least, node.most or 1)):
            if number >= node.least:
                self._states[last].after.append(done)
            start, end = self._machine(node.parts[0])
            self._states[last].after.append(start)
            last = end
        self._states[last].after += [done] if node.most else [done, start]
        return first, done

    def _joined(self, states: list[int]) -> tuple[int, int]:
        self._states[states[0]].after.append(states[1])
        return states[0], states[1]

    def _state(self, test: Test | None = None, at: str = "") -> int:
        if len(self._states) >= _MAX_STATES:
            raise BadPattern("too large: repeat less")
        self._states.append(_State(test, at))
        return len(self._states) - 1


class _Node(NamedTuple):
    """A part of a pattern: ``one`` character or place, ``sequence``, ``either`` or ``repeat``.

    ``most`` is None for a repetition without end.
    """

    kind: str
    parts: tuple[_Node, ...] = ()
    test: Test | None = None
    at: str = ""
    least: int = 1
    most: int | None = 1


class _Parser:
    """Reads a pattern."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self) -> _Node:
        """All of it. Raises BadPattern."""
        node = self._either()
        if self._at < len(self._text):
            raise BadPattern("a ')' that nothing opens")
        return node

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        character = self._peek()
        self._at += 1
        return character

    def _either(self) -> _Node:
        parts = [self._sequence()]
        while self._peek() == "|":
            self._take()
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else _Node("either", tuple(parts))

    def _sequence(self) -> _Node:
        parts = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else _Node("sequence", tuple(parts))

    def _repeated(self, atom: _Node) -> _Node:
        known: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        sign = self._peek()
        if sign not in (*known, "{"):
            return atom
        self._take()
        least, most = known[sign] if sign in known else self._times()
        if self._peek() in ("*", "+", "?", "{"):
            raise BadPattern(f"'{sign}{self._peek()}': put what is repeated in parentheses")
        return _Node("repeat", (atom,), least=least, most=most)

    def _times(self) -> tuple[int, int | None]:
        """What stands in braces, the first of which is read."""
        inside, brace, _ = self._text[self._at :].partition("}")
        low, comma, high = (each.strip() for each in inside.partition(","))
        if not brace or not low.isdecimal() or (high and not high.isdecimal()):
            raise BadPattern("a '{' that is no repetition such as {2,5}: write \\{")
        self._at += len(inside) + 1
        most = int(high or low) if high or not comma else None
        if max(int(low), most or 1) > _MAX_REPEAT or (most is not None and most < max(1, int(low))):
            raise BadPattern(f"'{{{inside}}}': from the fewest to the most, {_MAX_REPEAT} at most")
        return int(low), most

    def _atom(self) -> _Node:
        character = self._take()
        match character:
            case "(":
                return self._group()
            case "[":
                return _Node("one", test=self._class())
            case ".":
                return _Node("one", test=lambda _: True)
            case "^":
                return _Node("one", at="begin")
            case "$":
                return _Node("one", at="end")
            case "\\":
                return _Node("one", test=self._escaped())
            case "*" | "+" | "?" | "{":
                raise BadPattern(f"a '{character}' with nothing before it")
        return _Node("one", test=_equal(character))

    def _group(self) -> _Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise BadPattern("nested too deep")
        if self._text.startswith("?:", self._at):
            self._at += 2
        node = self._either()
        if self._take() != ")":
            raise BadPattern("a '(' that nothing closes")
        self._depth -= 1
        return node

    def _escaped(self) -> Test:
        character = self._take()
        if character in _SHORTHANDS:
            return _SHORTHANDS[character]
        if character == "t":
            return _equal("\t")
        if not character or character.isalnum():
            raise BadPattern(f"'\\{character}' means nothing here")
        return _equal(character)

    def _class(self) -> Test:
        """A set of characters, the bracket before it read."""
        negated = self._peek() == "^"
        self._at += negated
        tests: list[Test] = []
        while not tests or self._peek() != "]":
            character = self._take()
            if not character:
                raise BadPattern("a '[' that nothing closes")
            if character == "\\":
                tests.append(self._escaped())
            elif self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("", "]"):
                self._take()
                tests.append(_span(character, self._take()))
            else:
                tests.append(_equal(character))
        self._take()
        return lambda each: any(test(each) for test in tests) != negated


def _equal(wanted: str) -> Test:
    return lambda each: each == wanted


def _span(first: str, last: str) -> Test:
    if last == "\\" or first > last:
        raise BadPattern(f"'{first}-{last}' is no span of characters")
    return lambda each: first <= each <= last

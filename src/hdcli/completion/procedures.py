"""Procedures by slug, and the steps of the one that a ticket follows."""

from __future__ import annotations

import os
from collections.abc import Iterator

from hdcli.completion import ids
from hdcli.completion.candidate import Candidate
from hdcli.completion.line import Line
from hdcli.store.peek import Peek

_OUTCOMES = (
    Candidate("done", "what it expects is so"),
    Candidate("skip", "it does not apply"),
    Candidate("fail", "what it expects is not so"),
)


def procedures(desk: Peek, line: Line) -> list[Candidate]:
    """The procedures that can be followed."""
    return [Candidate(slug, title) for slug, title in desk.procedures()]


def tickets_and_procedures(desk: Peek, line: Line) -> list[Candidate]:
    """What ``hd procedure show`` shows."""
    return [*ids.tickets(desk, line), *procedures(desk, line)]


def ids_and_outcomes(desk: Peek, line: Line) -> list[Candidate]:
    """``hd step``: ids, then perhaps the number of a step, then what came of it."""
    if not line.arguments:
        return ids.tickets(desk, line)
    last = line.arguments[-1]
    if last in ("done", "skip", "fail"):
        return []
    if last.isdecimal() and len(line.arguments) > 1:
        return list(_OUTCOMES)
    found = desk.steps_of(ids.key(last.rpartition(",")[2]))
    steps = [Candidate(str(number), text) for number, text in enumerate(found, 1)]
    return [*_OUTCOMES, *steps, *(ids.tickets(desk, line) if line.word else ())]


def starters(desk: Peek, line: Line) -> Iterator[Candidate]:
    """The procedures of the starter set."""
    folder = os.path.join(os.path.dirname(__file__), os.pardir, "data", "kb")
    for language, said in (("en", "English"), ("fr", "French")):
        for name in sorted(os.listdir(os.path.join(folder, language))):
            slug = name.removesuffix(".yaml")
            if slug not in line.arguments:
                yield Candidate(slug, said)

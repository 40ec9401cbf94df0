"""One word that completes a line, and what gives such words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from hdcli.completion.line import Line
from hdcli.store.peek import Peek


class Candidate(NamedTuple):
    """A word that fits, and what it is. One that ends in ``:`` or ``=`` goes on."""

    value: str
    help: str = ""


Source = Callable[[Peek, Line], Iterable[Candidate]]


def plain(values: Iterable[str]) -> list[Candidate]:
    """Words that need no explanation."""
    return [Candidate(each) for each in values]

"""Canned replies, the desk's own and those that hd brings."""

from __future__ import annotations

from pathlib import Path

from hdcli.completion.candidate import Candidate
from hdcli.completion.line import Line
from hdcli.model.canned import EVENTS
from hdcli.store.peek import Peek

_SHIPPED = Path(__file__).parent.parent / "data" / "canned"


def replies(desk: Peek, line: Line) -> list[Candidate]:
    """What may be answered with."""
    return [each for each in texts(desk, line) if each.value not in EVENTS]


def texts(desk: Peek, line: Line) -> list[Candidate]:
    """The same, and the mails that tell of events."""
    shipped = [each.stem for each in _SHIPPED.glob("*.yaml")]
    return [Candidate(name, EVENTS.get(name, "")) for name in sorted({*desk.canned, *shipped})]

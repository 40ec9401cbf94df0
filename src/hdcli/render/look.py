"""How things are to look to whoever reads: colours, the time and zone, the width of the screen."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import IO, Any

from hdcli.render import times
from hdcli.render.style import Palette

PROSE = 100
"""Text is wrapped to so many columns, however wide the screen is."""


@dataclass(frozen=True, slots=True)
class Look:
    """``columns`` and ``lines`` are the terminal's; None where there is none: nothing is cut."""

    palette: Palette
    now: datetime
    zone: tzinfo
    columns: int | None = None
    lines: int | None = None
    priorities: Sequence[str] = ()

    @property
    def prose(self) -> int | None:
        """The columns that text is wrapped to."""
        return None if self.columns is None else min(self.columns, PROSE)

    def folded(self, line: str, indent: str = "    ") -> list[str]:
        """A line that is safe already, in colours perhaps, broken between words where the screen is
        narrower; ``indent`` begins what follows."""
        from hdcli.render.text import fold

        return fold(line, self.prose, indent).split("\n") if self.prose else [line]

    def short(self, stored: str) -> str:
        """A stored time as people read it: local and short."""
        return times.short(datetime.fromisoformat(stored), self.now, self.zone)

    def ago(self, stored: str) -> str:
        """How long ago a stored time was."""
        return times.ago(datetime.fromisoformat(stored), self.now)

    def since(self, stored: str) -> str:
        """How long ago a past time was: ``3 d ago``, ``just now``."""
        apart = self.ago(stored)
        return "just now" if apart == "now" else f"{apart} ago"

    def when(self, stored: str) -> str:
        """Both: ``Mon 14:05, 2 d ago``, ``Fri 09:00, in 3 d``."""
        apart = self.ago(stored)
        if apart == "now":
            return f"{self.short(stored)}, just now"
        return f"{self.short(stored)}, {apart}{' ago' if self.is_past(stored) else ''}"

    def is_past(self, stored: str) -> bool:
        """Whether a stored time has come."""
        return datetime.fromisoformat(stored) <= self.now

    def priority(self, word: str) -> str:
        """A priority in its colour; ``word`` may be padded."""
        name = word.strip()
        known = name in self.priorities
        rank = len(self.priorities) - self.priorities.index(name) if known else 9
        return self.palette.priority(word, rank)


def screen(stream: IO[Any]) -> tuple[int | None, int | None]:
    """Columns and lines of the terminal that ``stream`` is; None where it is none."""
    try:
        if not stream.isatty():
            return None, None
    except ValueError:
        return None, None
    from shutil import get_terminal_size

    columns, lines = get_terminal_size(fallback=(80, 24))
    try:
        own = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return columns, lines
    # COLUMNS and LINES may be those of another screen: nothing is wider than this one.
    return min(columns, own.columns or columns), min(lines, own.lines or lines)

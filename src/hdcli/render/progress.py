"""How far a long work is, on one line of a terminal that is drawn again and again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

_EVERY = 0.1
_WIDTH = 30


class Progress:
    """A bar on ``stream``; nothing where that is no terminal. ``what`` names the things counted."""

    def __init__(self, stream: TextIO, what: str) -> None:
        self._stream = stream
        self._what = what
        self._shown = 0.0
        self._wanted = stream.isatty()

    def show(self, count: int, part: float | None) -> None:
        """``count`` things are done, ``part`` (0 to 1) of the work; None where nobody knows."""
        now = time.monotonic()
        if not self._wanted or now - self._shown < _EVERY:
            return
        self._shown = now
        self._draw(line(count, part, self._what))

    def of(self, done: int, total: int) -> None:
        """``done`` of so many things are done."""
        self.show(done, done / max(1, total))

    def end(self) -> None:
        """Clears the line."""
        if self._shown:
            self._draw("")

    def _draw(self, text: str) -> None:
        self._stream.write(f"\r{text}\x1b[K")
        self._stream.flush()


def line(count: int, part: float | None, what: str) -> str:
    """The text of a bar."""
    if part is None:
        return f"{count:,} {what}"
    done = min(1.0, max(0.0, part))
    filled = int(done * _WIDTH)
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {done:4.0%}  {count:,} {what}"

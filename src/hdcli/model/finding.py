"""What a check of a desk finds: where, what, how bad, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
Repair = Literal[
    "", "absorb", "refold", "mode", "carry", "levels", "cache", "scratch", "clone", "objects"
]
ORDER: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """``error``: data can't be read or contradicts itself; ``warning``: it does not fit the desk,
    or a projection is wrong; ``note``: nothing is wrong, but somebody should know.

    ``repair`` names what mends it without guessing; empty where a person must decide. ``commit`` is
    the one that did it, where the history was looked at.
    """

    severity: Severity
    path: str
    line: int
    message: str
    remedy: str = ""
    repair: Repair = ""
    ticket: str = ""
    article: str = ""
    commit: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        place = ": ".join(part for part in (self.commit[:10], place) if part)
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.severity}: {place}: {self.message}{remedy}"

    @property
    def rank(self) -> tuple[int, str, int]:
        """The worst first, then by place."""
        return (ORDER.index(self.severity), self.path, self.line)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

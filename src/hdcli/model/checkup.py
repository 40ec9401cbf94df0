"""What a check-up of a machine and a clone finds: line by line, each with its remedy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

State = Literal["ok", "warning", "problem"]
Fix = Literal[
    "", "skeleton", "branch", "locks", "journal", "index", "graph", "projections", "setup", "scraps"
]
FIXED_BY = "hd doctor --fix"


@dataclass(frozen=True, slots=True)
class Check:
    """``problem``: hd or git can't work as it is; ``warning``: it can, and somebody should look.

    ``fix`` names what ``hd doctor --fix`` does about it; empty where a person must decide. ``path``
    is the file that it is about, where it is about one.
    """

    name: str
    state: State
    message: str
    remedy: str = ""
    fix: Fix = ""
    path: str = ""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

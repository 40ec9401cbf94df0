"""What git can leave half done in a work tree, and the way out of each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An operation of git that waits for a person; ``go_on`` and ``back`` are commands.

    ``blocks`` where hd can't write until it is over.
    """

    name: str
    go_on: str
    back: str
    blocks: bool = True

    @property
    def message(self) -> str:
        """What is so: one clause."""
        article = "an" if self.name == "am" else "a"
        return f"{article} {self.name} is under way"

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if not self.go_on:
            return f"{self.back} ends it"
        return f"settle it, then {self.go_on}; or {self.back} takes it back"

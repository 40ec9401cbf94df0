"""What a colour means: 16 colours only, readable on dark and light, and never the only sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

# No yellow, white, black or blue: each is unreadable on one of the usual backgrounds.
_STATUS: dict[str, dict[str, Any]] = {
    "new": {"bold": True},
    "open": {"fg": "green"},
    "pending": {"fg": "magenta"},
    "resolved": {"fg": "cyan"},
    "closed": {"dim": True},
}
_STATE: dict[str, dict[str, Any]] = {
    "draft": {"fg": "magenta"},
    "published": {"fg": "green"},
    "archived": {"dim": True},
}
_PRIORITY: tuple[dict[str, Any], ...] = ({"fg": "red", "bold": True}, {"fg": "red"}, {})


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours words by their meaning, or gives them back as they are when not ``enabled``.

    Each method takes text that is already safe and padded. Print the result with
    ``click.echo(..., color=palette.enabled)``, else click takes colours out that were forced.
    """

    enabled: bool

    def status(self, word: str) -> str:
        """A ticket's status; an unknown word stays plain."""
        return self._styled(word, _STATUS.get(word.strip().lower(), {}))

    def state(self, word: str) -> str:
        """An article's state; an unknown word stays plain."""
        return self._styled(word, _STATE.get(word.strip().lower(), {}))

    def priority(self, word: str, rank: int) -> str:
        """A priority; ``rank`` is its place in the desk's list, 1 the most urgent."""
        return self._styled(word, _PRIORITY[min(max(rank, 1), len(_PRIORITY)) - 1])

    def overdue(self, text: str) -> str:
        """A time or clock that has run out."""
        return self._styled(text, {"fg": "red", "bold": True})

    def id(self, text: str) -> str:
        """A ticket's id or an article's slug."""
        return self._styled(text, {"fg": "cyan"})

    def reply(self, text: str) -> str:
        """The heading of an entry that the requester sees."""
        return self._styled(text, {"fg": "green"})

    def note(self, text: str) -> str:
        """The heading of an entry for agents only."""
        return self._styled(text, {"fg": "magenta"})

    def heading(self, text: str) -> str:
        """A heading, of a page or a table."""
        return self._styled(text, {"bold": True})

    def emphasis(self, text: str) -> str:
        """A word that somebody stressed."""
        return self._styled(text, {"underline": True})

    def found(self, text: str) -> str:
        """A word that was asked for."""
        return self._styled(text, {"fg": "magenta", "bold": True})

    def dim(self, text: str) -> str:
        """What matters least: hints, times, units."""
        return self._styled(text, {"dim": True})

    def _styled(self, text: str, look: Mapping[str, Any]) -> str:
        if not self.enabled or not look or not text:
            return text
        from click import style

        return style(text, **look)


def colour_wanted(stream: IO[Any], environ: Mapping[str, str]) -> bool:
    """Whether to colour what goes to ``stream``: ``NO_COLOR`` says no to everything,
    ``CLICOLOR_FORCE`` and ``FORCE_COLOR`` say yes, else a terminal that is not ``dumb``."""
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in ("", "0") for name in ("CLICOLOR_FORCE", "FORCE_COLOR")):
        return True
    if environ.get("TERM") == "dumb":
        return False
    try:
        return stream.isatty()
    except ValueError:
        # A closed stream has no colours.
        return False

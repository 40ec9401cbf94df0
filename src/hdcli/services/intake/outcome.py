"""What became of a message: exactly one of four things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from hdcli.services.intake.letters import Letter
from hdcli.store.intakelog import Line

Kind = Literal["new", "follow-up", "ignored", "quarantined"]
KINDS: tuple[Kind, ...] = ("new", "follow-up", "ignored", "quarantined")
_FIELD = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """``ticket`` is the one it went to (of an ignored message, the one that it concerns).

    ``reason`` says why it was ignored or is quarantined; of a new ticket whom it is for, if not for
    its sender, and why it is new, if the message names another. ``again`` is true where this copy
    was accounted for before.
    """

    letter: Letter
    kind: Kind
    ticket: str = ""
    reason: str = ""
    again: bool = False

    @property
    def subject(self) -> str:
        """The message's; empty where it can't be read."""
        return self.letter.mail.subject if self.letter.mail else ""

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        mail = self.letter.mail
        return {
            "outcome": self.kind,
            "ticket": self.ticket or None,
            "reason": self.reason or None,
            "key": self.letter.key,
            "message_id": mail.message_id or None if mail else None,
            "from": self.letter.requester or None,
            "subject": self.subject or None,
            "source": self.letter.source.name,
        }

    def line(self, now: int) -> Line:
        """As the log of the intake has it."""
        mail = self.letter.mail
        return Line(
            self.letter.key,
            self.letter.source.name,
            now,
            self.letter.source.arrived,
            self.kind,
            self.ticket,
            self.reason[:_FIELD],
            _clean(mail.message_id) if mail else "",
            _clean(self.letter.sender),
            _clean(self.subject),
        )


def _clean(text: str) -> str:
    return text[:_FIELD].encode("utf-8", "replace").decode()

"""What requesters think of how they were served: a score, 1 to 5, and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hdcli.errors import BadUsage
from hdcli.mail import survey
from hdcli.mail.survey import BEST, Score
from hdcli.model import mailed
from hdcli.model.fields import OPEN_STATUSES
from hdcli.model.fold import undone
from hdcli.model.person import address
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.actions import Draft, body_of

ACTION = "rate"


def rate(score: int, words: str = "", extra: Mapping[str, Any] | None = None) -> Draft:
    """A score, and what was said with it; the last one counts.

    ``extra`` says which mail it came by (model/mailed.py). Raises BadUsage.
    """
    if not 1 <= score <= BEST:
        raise BadUsage(f"a score is a number from 1 to {BEST}, not {score}")
    return Draft(ACTION, {"csat": score}, body=body_of(words), extra=extra or {})


def rate_by(
    ticket: Ticket, sender: str, score: Score, words: str, extra: Mapping[str, Any]
) -> Draft:
    """The score that one of a ticket's people gave by mail: one of who is in copy counts until the
    requester gives theirs (or an agent for them), and is words from then on."""
    whose = ("", address(ticket.text("requester")))
    gone = undone(ticket.log)
    scores = (e for e in ticket.log if e.action == ACTION and e.id not in gone)
    theirs = any(address(mailed.sender(each)) in whose for each in scores)
    if theirs and address(sender) not in whose:
        return Draft(ACTION, body=f"{score.value}/{BEST}\n{words}".strip(), extra=extra)
    return rate(score.value, words, extra)


def score_in(
    settings: Settings, ticket: Ticket, sender: str, subject: str, text: str
) -> Score | None:
    """The score that a mail on a solved ticket gives, of its requester or of who is in copy; None
    for any other mail. ``text`` is what was typed."""
    asked = {address(each) for each in (ticket.text("requester"), *ticket.items("cc"))}
    if ticket.status in OPEN_STATUSES or address(sender) not in asked:
        return None
    return survey.score_of(subject, text, settings.prefix)

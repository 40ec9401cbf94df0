"""Messages in quarantine: shown to a person, who takes them in or lets them go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from hdcli.services.intake.found import Found
from hdcli.services.intake.letters import Letter, Source
from hdcli.services.intake.mailroom import MailRoom
from hdcli.services.intake.outcome import Outcome
from hdcli.services.session import Session, utc
from hdcli.store.desk import Desk
from hdcli.store.intakelog import IntakeLog
from hdcli.store.quarantine import Quarantine


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits; ``facts`` are who it is from and why it is here."""

    key: str
    facts: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A fact as text."""
        return str(self.facts.get(name) or "")

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        names = ("from", "subject", "reason", "message_id", "source")
        facts = {name: self.facts.get(name) for name in names}
        return {"key": self.key, **facts, "at": self.since or None}

    @property
    def since(self) -> str:
        """When it came to wait, UTC; empty where that is not known."""
        at = self.facts.get("at")
        return utc(at) if isinstance(at, int) else ""


def waiting(desk: Desk) -> list[Waiting]:
    """All that wait in this clone, the longest first."""
    place = Quarantine(desk.place.repository.local)
    found = [Waiting(key, place.facts(key)) for key in place.waiting()]
    return sorted(found, key=lambda each: (str(each.facts.get("at")), each.key))


def whole(desk: Desk, reference: str) -> tuple[Waiting, bytes]:
    """A message and what is known of it. Raises NotFound."""
    place = Quarantine(desk.place.repository.local)
    key = place.key(reference)
    return Waiting(key, place.facts(key)), place.data(key)


def accept(session: Session, references: Sequence[str]) -> list[Outcome]:
    """Takes in messages whatever kept them out: each becomes a ticket or goes to one.

    What can't be taken in all the same stays. Raises NotFound.
    """
    place = Quarantine(session.desk.place.repository.local)
    keys = [place.key(each) for each in references]
    with closing(MailRoom(session, accepted=True)) as room:
        found = room.take([_letter(room, place, key, session.now) for key in keys])
    for key, outcome in zip(keys, found, strict=True):
        if outcome.kind != "quarantined":
            place.remove(key)
    return found


def _letter(room: MailRoom, place: Quarantine, key: str, now: int) -> Letter:
    facts = place.facts(key)
    arrived = facts.get("arrived")
    source = Source(str(facts.get("source")), arrived if isinstance(arrived, int) else now)
    return replace(room.read(Found(place.data(key), source)), key=key)


def drop(desk: Desk, references: Sequence[str], by: str, now: int) -> list[Waiting]:
    """Lets messages go; the log of the intake says who did. Raises NotFound."""
    place = Quarantine(desk.place.repository.local)
    found = [Waiting(key, place.facts(key)) for key in map(place.key, references)]
    with closing(IntakeLog(desk.place.repository.local)) as log:
        lines = log.of([each.key for each in found])
        reason = f"dropped by {by}"
        log.write(
            line._replace(outcome="ignored", reason=f"{reason}: {line.reason}", at=now)
            for each in found
            for line in lines[each.key]
            if line.outcome == "quarantined"
        )
    for each in found:
        place.remove(each.key)
    return found


def latest(
    desk: Desk, count: int, outcome: str, words: Sequence[str]
) -> tuple[list[dict[str, Any]], int]:
    """The last lines of the log of the intake (0: all), the latest first, as JSON has them, and how
    many there are.

    Of one outcome, if it is not empty, and with all of the words.
    """
    with closing(IntakeLog(desk.place.repository.local)) as log:
        lines, total = log.latest(count, outcome, words)
    found = [
        {
            "at": utc(line.at),
            "outcome": line.outcome,
            "ticket": line.ticket or None,
            "reason": line.reason or None,
            "key": line.key,
            "message_id": line.message_id or None,
            "from": line.sender or None,
            "subject": line.subject,
            "source": line.source,
        }
        for line in lines
    ]
    return found, total

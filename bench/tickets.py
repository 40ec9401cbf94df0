"""Tickets as a helpdesk has them after years: most closed, a few hundred open, some escalated."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.texts import texts
from hdcli.model.ids import ALPHABET

_TEAMS = {1: ("desk",), 2: ("network", "systems", "apps"), 3: ("vendor",)}
_CATEGORIES = ("account", "access", "hardware", "printing", "network", "email", "software")
_TAGS = ("vpn", "wifi", "printer", "laptop", "screen", "password", "erp", "badge", "backup")
_NAMES = ("Ana", "Ben", "Chloé", "David", "Élodie", "Farid", "Grace", "Hugo", "Inès", "Kofi")
_SURNAMES = ("Silva", "Martin", "Roux", "Okafor", "Petit", "Nguyen", "Walsh", "Weber", "Owen")
_LAST = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
Record = dict[str, Any]


def requests(count: int, seed: int = 1) -> Iterator[Record]:
    """Requests as another system exports them: what ``hd import`` makes new tickets of."""
    draw = random.Random(seed)
    known = texts()
    for number in range(count):
        title, body = draw.choice(known)
        yield {
            "title": f"{title} ({number})",
            "body": body,
            "requester": _person(draw),
            "category": draw.choice(_CATEGORIES),
            "urgency": draw.choice(("low", "medium", "medium", "high")),
            "channel": draw.choice(("mail", "mail", "web", "phone")),
            "tags": draw.sample(_TAGS, draw.randint(0, 3)),
            "created": _at(_LAST - timedelta(minutes=draw.randint(0, 1_500_000))),
        }


def tickets(count: int, seed: int = 2) -> Iterator[Record]:
    """Whole tickets with ids and logs, as ``hd export`` writes them, the oldest first."""
    draw = random.Random(seed)
    used: set[str] = set()
    for number, record in enumerate(sorted(requests(count, seed), key=lambda r: str(r["created"]))):
        while (key := "".join(draw.choices(ALPHABET, k=5))) in used:
            pass
        used.add(key)
        fresh = number > count - max(50, count // 40)
        yield _Story(draw, record).ticket(f"HD-{key}", is_open=fresh or draw.random() < 0.003)


class _Story:
    """One ticket's log, from the request to where it stands."""

    def __init__(self, draw: random.Random, record: Record) -> None:
        self._draw = draw
        self._record = record
        self._when = datetime.fromisoformat(record["created"])
        self._log: list[Record] = []

    def ticket(self, identifier: str, *, is_open: bool) -> Record:
        """The record of the whole ticket."""
        draw = self._draw
        self._opening()
        if not is_open or draw.random() < 0.6:
            self._entry("take", {"assignee": "alice", "status": "open"})
        if draw.random() < 0.15:
            self._escalation()
        for _ in range(draw.randint(0, 3)):
            self._talk()
        if not is_open:
            self._entry("resolve", {"status": "resolved"}, "Done, and tried with the requester.")
            self._entry("close", {"status": "closed"})
        return {"id": identifier, **_folded(self._log), "log": self._log}

    def of_length(self, identifier: str, entries: int) -> Record:
        """The record of a ticket that was talked about for long."""
        self._opening()
        for _ in range(entries - 1):
            self._talk()
        return {"id": identifier, **_folded(self._log), "log": self._log}

    def _talk(self) -> None:
        words = self._record["body"].split() or ["Again."]
        count = self._draw.randint(5, 60)
        body = " ".join(self._draw.choice(words) for _ in range(count))
        self._entry(self._draw.choice(("note", "reply")), body=body)

    def _opening(self) -> None:
        record = self._record
        values = {
            "title": record["title"],
            "status": "new",
            "level": 1,
            "priority": self._draw.choice(("low", "normal", "normal", "high", "urgent")),
            "impact": "medium",
            "urgency": record["urgency"],
            "category": record["category"],
            "team": "desk",
            "requester": record["requester"],
            "channel": record["channel"],
        }
        add = {"tags": record["tags"]} if record["tags"] else {}
        self._entry("new", values, record["body"], add)

    def _escalation(self) -> None:
        level = self._draw.choice((2, 2, 2, 3))
        team = self._draw.choice(_TEAMS[level])
        changes = {"level": level, "team": team, "status": "open"}
        self._entry("escalate", changes, "Needs somebody who knows the system.")

    def _entry(
        self, action: str, changes: Record | None = None, body: str = "", add: Record | None = None
    ) -> None:
        number = len(self._log) + 1
        tail = "".join(self._draw.choices(ALPHABET.lower(), k=6))
        entry: Record = {"id": f"{number:04d}-{tail}", "at": _at(self._when), "by": "alice"}
        entry["action"] = action
        if changes:
            entry["set"] = changes
        if add:
            entry["add"] = add
        if body.strip("\n"):
            entry["body"] = body.strip("\n")
        self._log.append(entry)
        self._when += timedelta(minutes=self._draw.randint(5, 3000))


def _folded(log: list[Record]) -> Record:
    from hdcli.model.fold import fold
    from hdcli.model.schema import log_from

    return fold(log_from(log))


def long_ticket(identifier: str, entries: int) -> Record:
    """A ticket with a log of so many entries."""
    return _Story(random.Random(3), next(requests(1, 3))).of_length(identifier, entries)


def _person(draw: random.Random) -> str:
    name, surname = draw.choice(_NAMES), draw.choice(_SURNAMES)
    return f"{name} {surname} <{surname.lower()}.{draw.randint(1, 400)}@example.org>"


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")

"""The open work of a team, once a day to each of its agents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hdcli.model.canned import Canned, filled, filled_line
from hdcli.model.dates import format_utc
from hdcli.model.person import address, name
from hdcli.model.settings import Settings, Team
from hdcli.model.ticket import Ticket
from hdcli.services import canned, reading
from hdcli.services.notify import people
from hdcli.services.notify.letters import Letter, Writer
from hdcli.services.notify.people import Recipient
from hdcli.services.notify.planning import MAIL, key_of
from hdcli.store.condition import Where
from hdcli.store.desk import Desk
from hdcli.store.outbox import Notice

EVENT = "digest"
_MOST = 15
_QUIET_HOURS = 8
_HEADS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "open": "Open",
        "nobody": "With nobody",
        "overdue": "Overdue",
        "quiet": "Requester has heard nothing for a working day",
        "rest": "The others",
        "more": "and {n} more",
        "colon": ":",
    },
    "fr": {
        "open": "Ouvertes",
        "nobody": "Sans responsable",
        "overdue": "En retard",
        "quiet": "Sans nouvelles depuis un jour ouvré",
        "rest": "Les autres",
        "more": "et {n} autres",
        "colon": " :",
    },
}


@dataclass(frozen=True, slots=True)
class _Part:
    """Some tickets of a team under a heading."""

    head: str
    tickets: Sequence[Mapping[str, Any]]
    total: int


def digests(desk: Desk, teams: Iterable[str], now: int) -> Iterator[Notice]:
    """The digests of some teams (none: of all that have open work) for the day of ``now``: a mail
    to each active agent. Raises NotOnDesk."""
    settings = desk.settings
    template = canned.template(desk, EVENT)
    language = template.language(settings.language)
    names = list(teams) or list(settings.teams)
    chosen = [settings.team(each) for each in names]
    if not template.send or not language:
        return
    writer = Writer(desk, now)
    day = datetime.fromtimestamp(now, UTC).astimezone(settings.hours.tz).date().isoformat()
    for team in chosen:
        text = _tickets(desk, team, language, now)
        if not text:
            continue
        for to in _members(settings, team):
            yield _notice(writer, template, language, text, team, settings, to, day)


def _members(settings: Settings, team: Team) -> Iterator[Recipient]:
    for agent in people.of_team(settings, team.name):
        mail = agent.emails[0].lower()
        yield Recipient(agent.identity, mail, settings.language, agent.handle)


def _notice(
    writer: Writer,
    template: Canned,
    language: str,
    tickets: str,
    team: Team,
    settings: Settings,
    to: Recipient,
    day: str,
) -> Notice:
    values = {"team": team.title, "desk": settings.name, "tickets": tickets}
    text = template.texts[language]
    key = key_of(MAIL, EVENT, team.name, day, to.mail)
    subject = filled_line(text.subject or "{team}", values)
    letter = Letter(Ticket("", {}, ()), key, EVENT, subject, filled(text.body, values), True)
    entry = f"{EVENT} {team.name} {day}"
    return Notice(key, MAIL, EVENT, "", entry, to.mail, 1, subject, writer.written(letter, to))


def _tickets(desk: Desk, team: Team, language: str, now: int) -> str:
    """The lists of a team's open tickets; empty where there are none."""
    words = _HEADS.get(language.partition("-")[0], _HEADS["en"])
    moment = datetime.fromtimestamp(now, UTC)
    quiet = format_utc(desk.settings.hours.before(moment, _QUIET_HOURS * 3600))
    values = {"team": team.name, "now": format_utc(moment), "quiet": quiet}
    mine = "open = 1 AND team = :team"
    total = reading.count(desk, Where(mine, values, tallied=True))
    if not total:
        return ""
    nobody, late = "assignee = ''", "due < :now"
    silent = "(quiet != '' AND quiet < :quiet)"
    parts = [
        _part(desk, words["nobody"], f"{mine} AND {nobody}", values),
        _part(desk, words["overdue"], f"{mine} AND {late}", values),
        _part(desk, words["quiet"], f"{mine} AND {silent}", values),
        _part(
            desk,
            words["rest"],
            f"{mine} AND NOT ({nobody}) AND NOT ({late}) AND NOT {silent}",
            values,
        ),
    ]
    colon = words["colon"]
    lines = [f"{words['open']}{colon} {total}"]
    for part in parts:
        if part.total:
            lines += ["", f"{part.head}{colon} {part.total}", *map(_line, part.tickets)]
            left = part.total - len(part.tickets)
            lines += [words["more"].format(n=left)] if left else []
    return "\n".join(lines)


def _part(desk: Desk, head: str, sql: str, values: Mapping[str, object]) -> _Part:
    found = reading.find(desk, Where(sql, values), "urgency", _MOST)
    return _Part(head, [json.loads(each) for each in found.documents()], found.total)


def _line(ticket: Mapping[str, Any]) -> str:
    requester = str(ticket.get("requester", ""))
    who = name(requester) or address(requester)
    with_ = f", {ticket['assignee']}" if ticket.get("assignee") else ""
    said = f" ({who})" if who else ""
    return f"- {ticket['id']}  {ticket.get('priority', '')}{with_}: {ticket['title']}{said}"

"""What the placeholders of a text stand for: a ticket, an entry of it, the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from hdcli.errors import HdError
from hdcli.model import mailed
from hdcli.model.dates import parse_utc
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.message import summary
from hdcli.model.person import address, first_name, name
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.store.desk import Desk

_MOST_QUOTED = 2000
_MOST_ARTICLE = 6000
_SAID: Mapping[str, Mapping[str, str]] = {
    "en": {"vendor": "a vendor", "change": "a change"},
    "fr": {
        **{"new": "nouveau", "open": "ouvert", "pending": "en attente"},
        **{"resolved": "résolu", "closed": "clos"},
        **{"vendor": "un fournisseur", "change": "un changement", "requester": "le demandeur"},
    },
}

_ANSWERS: Mapping[str, tuple[str, str]] = {
    "en": (
        "What you answer goes to {requester}.",
        "What you answer is a note for agents; below #reply it goes to {requester}.",
    ),
    "fr": (
        "Votre réponse partira à {requester}.",
        "Votre réponse sera une note pour les agents ; sous #reply, elle partira à {requester}.",
    ),
}


def answers(settings: Settings, event: str, requester: str, language: str) -> str:
    """Who reads what an agent answers to the mail that tells of an event; empty where nobody
    vouches for what agents send, and it stays on the desk."""
    if not settings.mail.authservers or not requester:
        return ""
    said = _ANSWERS.get(language.partition("-")[0], _ANSWERS["en"])
    return said[event != "agent-reply"].format(requester=requester)


def of_ticket(settings: Settings, ticket: Ticket, language: str) -> dict[str, str]:
    """What a ticket gives, in a language: texts by the placeholders' names, empty ones too."""
    said = _SAID.get(language.partition("-")[0], {})
    requester = ticket.text("requester")
    called = name(requester)
    levels = {each.number: each.name for each in settings.levels}
    pending = ticket.text("pending")
    return {
        "id": ticket.id,
        "title": ticket.title,
        "status": said.get(ticket.status, ticket.status),
        "priority": ticket.text("priority"),
        "category": ticket.text("category"),
        "level": levels.get(ticket.level, str(ticket.level)),
        "team": team_named(settings, ticket.text("team")),
        "assignee": agent_named(settings, ticket.text("assignee")),
        "requester": called or address(requester),
        **names(requester),
        "desk": settings.name,
        "description": quoted(ticket.description),
        "due": moment(settings, ticket.text("due"), language),
        "until": moment(settings, ticket.text("pending_until"), language),
        "pending": said.get(pending, pending) if pending in ("vendor", "change") else "",
        "into": ticket.text("merged_into"),
        "score": str(ticket.values.get("csat") or ""),
    }


def names(person: str) -> dict[str, str]:
    """How somebody is greeted."""
    called = name(person)
    return {"requester_name": called, "requester_first_name": first_name(called)}


def of_rules(rules: Iterable[str], language: str) -> str:
    """Who acts where the desk's rules do."""
    said = "Une règle" if language.startswith("fr") else "A rule"
    return f"{said} ({', '.join(rules)})"


def of_entry(settings: Settings, entry: Entry) -> dict[str, str]:
    """What an entry gives: who acts."""
    return {"agent": _writer(settings, entry)}


def words(settings: Settings, entries: Iterable[Entry | None]) -> str:
    """What was written in some entries, each with its writer where there were several."""
    said = [(_writer(settings, e), e.body.strip("\n")) for e in entries if e and e.body.strip()]
    alone = len({writer for writer, _ in said}) == 1
    return "\n\n".join(text if alone else f"{writer}: {text}" for writer, text in said)


def deeds(settings: Settings, ticket: Ticket, entries: Iterable[Entry | None]) -> str:
    """What was done by some entries, and said with it, one after the other."""
    found = []
    for entry in filter(None, entries):
        log = tuple(each for each in ticket.log if each.order <= entry.order)
        done = entry.action
        if done not in ("note", "reply"):
            done = summary(None, Ticket(ticket.id, fold(log), log), entry)
        found.append(f"{_writer(settings, entry)}: {done}\n{entry.body}".strip())
    return "\n\n".join(found)


def _writer(settings: Settings, entry: Entry) -> str:
    writer = mailed.sender(entry)
    return name(writer) or address(writer) if writer else agent_named(settings, entry.by)


def articles(desk: Desk, slugs: Iterable[str]) -> str:
    """The published articles among some, one after the other; agents' own are left out."""
    found = []
    for slug in slugs:
        try:
            article = desk.article(slug)
        except HdError:
            continue
        if article.text("state") == "published" and article.text("audience") != "agents":
            body = article.body.strip("\n")
            if len(body) > _MOST_ARTICLE:
                body = f"{body[:_MOST_ARTICLE].rstrip()} […]"
            found.append(f"{article.title}\n\n{body}".strip())
    return "\n\n".join(found)


def agent_named(settings: Settings, handle: str) -> str:
    """An agent as people call them; of who is none, what there is, without an address."""
    agent = settings.agents.get(handle)
    return agent.name if agent else name(handle) or handle


def team_named(settings: Settings, team: str) -> str:
    """A team as people call it."""
    found = settings.teams.get(team)
    return found.title if found else team


def moment(settings: Settings, stored: str, language: str) -> str:
    """A stored time as the desk's people read it, in its time zone; empty for none."""
    try:
        local = parse_utc(stored).astimezone(settings.hours.tz) if stored else None
    except ValueError:
        return ""
    return _written(local, language) if local else ""


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


def _written(local: datetime, language: str) -> str:
    if language.startswith("fr"):
        return f"{local:%d/%m/%Y} à {local:%H:%M}"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def quoted(text: str, lines: int = _MOST_QUOTED, characters: int = _MOST_QUOTED) -> str:
    """A text, or its beginning, as mail quotes it."""
    whole = text.strip("\n")
    body = "\n".join(whole.split("\n")[:lines])[:characters]
    if len(body) < len(whole):
        body = f"{body.rstrip()} […]"
    return "\n".join(f"> {line}".rstrip() for line in body.split("\n")) if body.strip() else ""

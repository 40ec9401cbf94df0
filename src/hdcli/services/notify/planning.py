"""From events to mails in the outbox: who is told, in which words, and what is left unsaid.

- One mail a commit and recipient: an agent who is called in what also makes a ticket theirs gets
  the weightier of the two.
- What is overtaken within one run is not told: a receipt of what is solved already, an assignment
  beside the receipt.
- No automatic mail goes to an address that nobody reads, that bounced, or that asked for none; nor
  more than some in an hour, so that two machines never write to each other for long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from hdcli.mail import survey
from hdcli.model.canned import TO_AGENTS, TO_REQUESTERS, filled, filled_line
from hdcli.services import canned
from hdcli.services.attachments import File, name_of
from hdcli.services.notify import facts, people
from hdcli.services.notify.events import Event
from hdcli.services.notify.letters import Letter, Writer
from hdcli.services.notify.people import Recipient
from hdcli.store import addressbook
from hdcli.store.desk import Desk
from hdcli.store.outbox import Notice, Outbox

MAIL = "mail"
MOST_IN_AN_HOUR = 20
_HOUR = 3600
_MOST_FILES = 8_000_000
_WEIGHT = {name: at for at, name in enumerate((*TO_AGENTS, *TO_REQUESTERS))}
# Later in the same run they overtake what is not told yet.
_NO_NEWS = ("acknowledged", "assigned", "escalated", "waiting", "reopened")
_OVERTAKES = {
    **dict.fromkeys(("solved", "closed", "merged"), _NO_NEWS),
    **dict.fromkeys(("reply", "waiting"), ("acknowledged",)),
}
_SAYS_WHO_HAS_IT = ("acknowledged", "escalated", "reopened")
# Written by a person, where there are words of theirs in it.
_WORDS_IN = ("reply", "solved", "waiting")


@dataclass(frozen=True, slots=True)
class Planned:
    """Somebody who is told of an event."""

    event: Event
    to: Recipient


class Planner:
    """Plans mails; ``now`` is in seconds since 1970, UTC.

    Raises Refused where the desk has no address to write from.
    """

    def __init__(self, desk: Desk, now: int) -> None:
        self._desk = desk
        self._settings = desk.settings
        self._book = addressbook.of_desk(desk)
        self._writer = Writer(desk, now)
        self._now = now

    def told(self, events: Iterable[Event]) -> list[Planned]:
        """Who is told of which events."""
        found: dict[tuple[str, str, str], Planned] = {}
        for event in events:
            for to in self._recipients(event):
                key = (event.ticket.id, event.key, to.mail)
                other = found.get(key)
                if other is None or _WEIGHT[event.name] < _WEIGHT[other.event.name]:
                    found[key] = Planned(event, to)
        return _still_new(found.values())

    def notices(self, planned: Iterable[Planned], outbox: Outbox | None = None) -> Iterator[Notice]:
        """The mails; one that would be too many for its recipient is dropped and says so."""
        sent: dict[str, int] = {}
        for each in planned:
            notice = self.notice(each)
            if notice is None:
                continue
            if notice.automatic and not each.to.agent and outbox is not None:
                mail = each.to.mail
                known = sent.setdefault(mail, outbox.recent(mail, self._now - _HOUR))
                sent[mail] += 1
                if known >= MOST_IN_AN_HOUR:
                    said = f"more than {MOST_IN_AN_HOUR} automatic mails in an hour"
                    notice = notice._replace(state="dropped", said=said, content=b"")
            yield notice

    def notice(self, planned: Planned) -> Notice | None:
        """The mail about an event to somebody; None where the desk does not tell of it."""
        event, to = planned.event, planned.to
        template = canned.template(self._desk, event.name)
        language = template.language(to.language, self._settings.language)
        if not template.send or not language:
            return None
        text = template.texts[language]
        values = self._values(event, to, language)
        automatic = is_automatic(event)
        if automatic and not to.agent and people.wants_none(event.ticket, to.mail):
            return None
        subject = filled_line(text.subject or "{title}", values)
        answers = event.name in ("acknowledged", "reopened")
        letter = Letter(
            event.ticket,
            event.commit,
            event.name,
            subject,
            filled(text.body, values),
            automatic,
            answers,
            self._files(event) if not to.agent else (),
        )
        return self._sealed(letter, to, event)

    def _sealed(self, letter: Letter, to: Recipient, event: Event) -> Notice:
        entry, ticket = event.key, event.ticket.id
        try:
            content, state, said = self._writer.written(letter, to), "queued", ""
        except (ValueError, IndexError, LookupError) as error:
            content, state, said = b"", "failed", f"no mail can go to {to.mail}: {error}"
        return Notice(
            key_of(MAIL, ticket, entry, to.mail),
            MAIL,
            event.name,
            ticket,
            entry,
            to.mail,
            int(letter.automatic),
            letter.subject,
            content,
            state="failed" if state == "failed" else "queued",
            said=said,
        )

    def _recipients(self, event: Event) -> Iterator[Recipient]:
        if event.to_agents:
            return people.agents(self._settings, event.ticket, event.name, event.entry)
        return people.requesters(self._settings, self._book, event.ticket, event.name, event.entry)

    def _values(self, event: Event, to: Recipient, language: str) -> dict[str, str]:
        ticket = event.ticket
        found = facts.of_ticket(self._settings, ticket, language)
        if event.entry is not None:
            found |= facts.of_entry(self._settings, event.entry)
        found["since"] = facts.moment(self._settings, event.since, language)
        if event.name == "solved":
            helped = event.entry.add.get("articles", ()) if event.entry else ()
            found["article"] = facts.articles(self._desk, helped)
            if to.first:
                address = self._writer.reply_address(ticket.id)
                found["survey"] = survey.invitation(address, ticket.id, language)
        if found.get("text") == ticket.description.strip("\n"):
            found["text"] = ""  # the description says it
        return found

    def _files(self, event: Event) -> list[File]:
        """The files that a person put beside their words to the requester, as far as mail takes
        them."""
        if event.entry is None or event.name not in ("reply", "solved"):
            return []
        found: list[File] = []
        size = 0
        for path in event.entry.add.get("attachments", ()):
            data = self._desk.file(str(path))
            size += len(data or b"")
            if data is not None and size <= _MOST_FILES:
                found.append((name_of(str(path)), data))
        return found


def is_automatic(event: Event) -> bool:
    """Whether no person wrote what an event tells."""
    entry = event.entry
    by_rule = entry is not None and bool(entry.extra.get("rules"))
    return event.name not in _WORDS_IN or entry is None or not entry.body or by_rule


def _still_new(planned: Iterable[Planned]) -> list[Planned]:
    """Without what others of the same run overtake."""
    kept: dict[tuple[str, str], list[Planned]] = {}
    for each in planned:
        known = kept.setdefault((each.event.ticket.id, each.to.mail), [])
        names = {other.event.name for other in known}
        if each.event.name == "assigned" and names.intersection(_SAYS_WHO_HAS_IT):
            continue
        idle = _OVERTAKES.get(each.event.name, ())
        known[:] = [*(other for other in known if other.event.name not in idle), each]
    return [each for known in kept.values() for each in known]


def key_of(*parts: str) -> str:
    """What names a notice, whenever it is planned: 20 hexadecimal digits."""
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:20]

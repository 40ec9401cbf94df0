"""From events to mails in the outbox: who is told, in which words, and what is left unsaid.

- One mail an entry and recipient: an agent who is called in what also makes a ticket theirs gets
  the weightier of the two.
- What is overtaken within one run is not told (telling.py). It is kept as dropped, so that no
  later run tells it.
- No automatic mail goes to an address that nobody reads, that bounced, or that asked for none; nor
  more than some in an hour, so that two machines never write to each other for long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from hdcli.mail import survey
from hdcli.model import mailed
from hdcli.model.canned import Canned, filled, filled_line
from hdcli.model.message import rules_of
from hdcli.services import canned
from hdcli.services.attachments import File, name_of
from hdcli.services.notify import facts, people
from hdcli.services.notify.events import Event
from hdcli.services.notify.letters import Letter, Writer
from hdcli.services.notify.people import Recipient
from hdcli.services.notify.telling import Planned, settled, weightiest
from hdcli.store import addressbook
from hdcli.store.desk import Desk
from hdcli.store.outbox import Notice, Outbox, State

MAIL = "mail"
MOST_IN_AN_HOUR = 20
_HOUR = 3600
_MOST_FILES = 8_000_000
# The lines and characters of a request that go back to its From, which anybody can make up.
_FEW = (5, 400)
# Written by a person, where there are words of theirs in it.
_WORDS_IN = ("reply", "solved", "waiting")


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
        self._templates: dict[str, Canned] = {}

    def told(self, events: Iterable[Event]) -> list[Planned]:
        """Who is told of which events of one run, and what is left unsaid."""
        found = list(events)
        begun = {each.ticket.id for each in found if each.name == "acknowledged"}
        return [each for of_one in self._by_person(found) for each in settled(of_one, begun)]

    def each(self, events: Iterable[Event]) -> list[Planned]:
        """Who is told of which events, each by itself."""
        return [each for of_one in self._by_person(events) for each in of_one]

    def _by_person(self, events: Iterable[Event]) -> Iterator[list[Planned]]:
        told = (each for each in events if self._template(each.name).send)
        return weightiest(Planned(event, to) for event in told for to in self._recipients(event))

    def notices(self, planned: Iterable[Planned], outbox: Outbox | None = None) -> Iterator[Notice]:
        """The mails; what is left unsaid, and one that would be too many for its recipient, is
        dropped and says so."""
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
        template = self._template(event.name)
        language = template.language(to.language, self._settings.language)
        if not template.send or not language:
            return None
        if planned.unsaid:
            return self._noted(event, to, "dropped", planned.unsaid)
        text = template.texts[language]
        values = self._values(planned, language)
        automatic = all(map(is_automatic, planned.told))
        if automatic and not to.agent and people.wants_none(event.ticket, to.mail):
            return None
        subject = filled_line(text.subject or "{title}", values)
        answers = event.name in ("acknowledged", "reopened")
        letter = Letter(
            event.ticket,
            event.commit,
            event.name,
            subject,
            filled(text.body, values, facts.names(to.person) if not to.first else None),
            automatic,
            answers,
            self._files(planned) if not to.agent else (),
        )
        return self._sealed(letter, to, event)

    def _sealed(self, letter: Letter, to: Recipient, event: Event) -> Notice:
        try:
            content = self._writer.written(letter, to)
        except (ValueError, IndexError, LookupError) as error:
            said = f"no mail can go to {to.mail}: {error}"
            found = self._noted(event, to, "failed", said)
        else:
            found = self._noted(event, to, "queued")._replace(content=content)
        return found._replace(automatic=int(letter.automatic), subject=letter.subject)

    @staticmethod
    def _noted(event: Event, to: Recipient, state: State, said: str = "") -> Notice:
        """A notice without its content."""
        ticket, entry = event.ticket.id, event.key
        key = key_of(MAIL, ticket, entry, to.mail)
        return Notice(
            key, MAIL, event.name, ticket, entry, to.mail, 0, "", b"", state=state, said=said
        )

    def _recipients(self, event: Event) -> Iterator[Recipient]:
        if event.to_agents:
            return people.agents(self._settings, event.ticket, event.name, event.entry)
        return people.requesters(self._settings, self._book, event.ticket, event.name, event.entry)

    def _template(self, event: str) -> Canned:
        if event not in self._templates:
            self._templates[event] = canned.template(self._desk, event)
        return self._templates[event]

    def _values(self, planned: Planned, language: str) -> dict[str, str]:
        event, ticket = planned.event, planned.event.ticket
        found = facts.of_ticket(self._settings, ticket, language)
        if event.entry is not None:
            found |= facts.of_entry(self._settings, event.entry)
            if event.to_agents and (rules := rules_of(event.entry)):
                found["agent"] = facts.of_rules(rules, language)
        found["text"] = facts.words(self._settings, (e.entry for e in planned.told if _is_heard(e)))
        if event.name == "agent-followed":
            found["text"] = facts.deeds(self._settings, ticket, (e.entry for e in planned.told))
        if event.to_agents:
            found["answers"] = facts.answers(
                self._settings, event.name, found["requester"], language
            )
        else:
            found["description"] = facts.quoted(ticket.description, *_FEW)
        found["since"] = facts.moment(self._settings, event.since, language)
        if event.name == "solved":
            helped = event.entry.add.get("articles", ()) if event.entry else ()
            found["article"] = facts.articles(self._desk, helped)
            if planned.to.first:
                address = self._writer.reply_address(ticket.id)
                found["survey"] = survey.invitation(address, ticket.id, language)
        if found["text"] == ticket.description.strip("\n"):
            found["text"] = ""  # the description says it
        return found

    def _files(self, planned: Planned) -> list[File]:
        """The files that a person put beside their words to the requester, as far as mail takes
        them; never the mail by which they said it, which quotes what is for agents."""
        entries = [each.entry for each in planned.told if each.name in ("reply", "solved")]
        raw = [entry.extra.get(mailed.RAW) for entry in entries if entry]
        paths = [path for e in entries if e for path in e.add.get("attachments", ())]
        found: list[File] = []
        size = 0
        for path in (each for each in paths if each not in raw):
            data = self._desk.file(str(path))
            size += len(data or b"")
            if data is not None and size <= _MOST_FILES:
                found.append((name_of(str(path)), data))
        return found


def _is_heard(event: Event) -> bool:
    """Whether its words may be told: all else that an entry says is for agents, as the reason of an
    escalation is."""
    return event.to_agents or event.name in _WORDS_IN


def is_automatic(event: Event) -> bool:
    """Whether no person wrote what an event tells."""
    entry = event.entry
    by_rule = entry is not None and bool(entry.extra.get("rules"))
    return event.name not in _WORDS_IN or entry is None or not entry.body or by_rule


def key_of(*parts: str) -> str:
    """What names a notice, whenever it is planned: 20 hexadecimal digits."""
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:20]

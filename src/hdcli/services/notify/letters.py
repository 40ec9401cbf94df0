"""A mail that tells of something: plain text, threaded, known as ours by whoever gets it back.

There is no HTML: what an agent types is plain text, and so is what every program shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from hashlib import sha256

from hdcli.errors import Refused
from hdcli.mail import addressing, loops
from hdcli.model import mailed
from hdcli.model.message import one_line
from hdcli.model.person import address, name
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.attachments import File
from hdcli.services.notify.people import Recipient
from hdcli.store.desk import Desk
from hdcli.store.deskkey import desk_key, desk_name

# The commit of a thread's first mail, which was never sent: every mail refers to it, so that they
# stay together in whatever a recipient has of them.
_THREAD = "0" * addressing.COMMIT_DIGITS
_LONGEST_SUBJECT = 200
_MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says; ``commit`` is what it tells of. ``automatic``: no person wrote it;
    ``answers``: it answers a mail by itself."""

    ticket: Ticket
    commit: str
    event: str
    subject: str
    body: str
    automatic: bool
    answers: bool = False
    files: Sequence[File] = ()


class Writer:
    """Writes the mails of a desk. Raises Refused where the desk has no address to write from."""

    def __init__(self, desk: Desk, now: int) -> None:
        place, self._settings = desk.place, desk.settings
        self._key = desk_key(place.repository, place.head)
        self._name = desk_name(place.repository, place.head)
        self._now = now
        self.sender = own_address(self._settings)
        self._domain = self.sender.rpartition("@")[2]

    def written(self, letter: Letter, to: Recipient) -> bytes:
        """The mail as it goes over the wire. Raises ValueError for an address that can't be in a
        header."""
        mail = EmailMessage(SMTP if to.mail.rpartition("@")[0].isascii() else SMTPUTF8)
        mail["From"] = _address(self._settings.name, self.sender)
        mail["To"] = _address(name(to.person), to.mail)
        ticket = letter.ticket.id
        if self._settings.mail.plus and ticket:
            mail["Reply-To"] = _address(self._settings.name, self.reply_address(ticket))
        mail["Subject"] = self._subject(letter, to)
        mail["Date"] = format_datetime(datetime.fromtimestamp(self._now, UTC))
        mail[loops.LOOP_HEADER] = self._name
        mail["X-HD-Event"] = letter.event
        if letter.automatic:
            mail["Auto-Submitted"] = "auto-replied" if letter.answers else "auto-generated"
            mail["Precedence"] = "bulk"
            mail["X-Auto-Response-Suppress"] = "All"
        else:
            mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        mail.set_content(letter.body.rstrip("\n") + "\n", cte="quoted-printable")
        for file, data in letter.files:
            mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=file)
        # The library would fold a long id as if it were text.
        return self._ids(letter, to) + mail.as_bytes()

    def reply_address(self, ticket: str) -> str:
        """Where an answer on a ticket goes."""
        if not self._settings.mail.plus:
            return self.sender
        return addressing.plus_address(self._key, self.sender, ticket)

    def _subject(self, letter: Letter, to: Recipient) -> str:
        if not letter.ticket.id:
            return _cut(letter.subject)
        again = "Re: " if not to.agent and _received(letter.ticket) else ""
        return _cut(f"{again}{addressing.subject_token(letter.ticket.id)} {letter.subject}")

    def _ids(self, letter: Letter, to: Recipient) -> bytes:
        """The headers that thread it."""
        ticket = letter.ticket.id
        if not ticket:
            return f"Message-ID: <hd.{letter.commit}@{self._domain}>\r\n".encode()
        received = _received(letter.ticket) if not to.agent else []
        part = "" if to.first and letter.event != "progress" else _part(letter, to)
        thread = self._id(ticket, _THREAD)
        known = dict.fromkeys([thread, *received[:1], *received[-_MOST_REFERENCES:]])
        lines = [
            f"Message-ID: {self._id(ticket, letter.commit, part)}",
            f"In-Reply-To: {received[-1] if received else thread}",
            "References: " + "\r\n ".join(known),
        ]
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")

    def _id(self, ticket: str, commit: str, part: str = "") -> str:
        return addressing.message_id(self._key, ticket, commit, self._domain, part)


def own_address(settings: Settings) -> str:
    """The address that a desk writes from. Raises Refused where it has none."""
    if not settings.mail.addresses:
        remedy = "hd config mail.addresses=help@example.org"
        raise Refused("the desk has no address to write from", remedy)
    return settings.mail.addresses[0]


def _received(ticket: Ticket) -> list[str]:
    """The Message-IDs of what the requester sent, the oldest first."""
    own = address(ticket.text("requester"))
    return [
        found
        for entry in ticket.log
        if address(mailed.sender(entry)) == own
        and isinstance(found := entry.extra.get(mailed.MESSAGE_ID), str)
        and found.startswith("<")
        and found.isascii()
        and found.isprintable()
        and " " not in found
    ]


def _part(letter: Letter, to: Recipient) -> str:
    """What tells the mails of one commit apart."""
    return "r" + sha256(f"{letter.event}\0{to.mail}".encode()).hexdigest()[:10]


def _address(called: str, mail: str) -> Address:
    local, _, domain = mail.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    if not local.isascii():  # which the library takes only unparsed
        return Address(one_line(called), local, domain)
    try:
        return Address(one_line(called), addr_spec=f"{local}@{domain}")
    except HeaderParseError as error:
        raise ValueError(str(error)) from None


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 1].rstrip()}…"

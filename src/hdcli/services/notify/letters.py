"""A mail that tells of something: plain text, threaded, known as ours by whoever gets it back.

There is no HTML: what an agent types is plain text, and so is what every program shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote
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
_LONGEST_NAME = 60
_LONGEST_ADDRESS = 254
_SPECIAL = re.compile(r"[^A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]")
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
        # The library reads encoded words in what others wrote, line ends within them and all, and
        # folds a long id as if it were text: it gets no header to write, and no such file name.
        head = "".join(f"{key}: {value}\r\n" for key, value in self._head(letter, to))
        mail = EmailMessage(SMTP)
        mail.set_content(letter.body.rstrip("\n") + "\n", cte="quoted-printable")
        for called, data in letter.files:
            file = called.replace("=?", "=_")
            kind, _, subtype = _type(file).partition("/")
            mail.add_attachment(data, maintype=kind, subtype=subtype, filename=file)
        return head.encode() + mail.as_bytes()

    def _head(self, letter: Letter, to: Recipient) -> Iterator[tuple[str, str]]:
        ticket, own = letter.ticket.id, self._settings.name
        yield from self._ids(letter, to)
        yield "From", _mailbox(own, self.sender)
        yield "To", _mailbox(name(to.person), to.mail)
        if self._settings.mail.plus and ticket:
            yield "Reply-To", _mailbox(own, self.reply_address(ticket))
        yield "Subject", _subject(letter, to)
        yield "Date", format_datetime(datetime.fromtimestamp(self._now, UTC))
        yield loops.LOOP_HEADER, self._name
        yield "X-HD-Event", letter.event
        if letter.automatic:
            yield "Auto-Submitted", "auto-replied" if letter.answers else "auto-generated"
            yield "Precedence", "bulk"
            yield "X-Auto-Response-Suppress", "All"
        else:
            yield "X-Auto-Response-Suppress", "OOF, AutoReply"

    def reply_address(self, ticket: str) -> str:
        """Where an answer on a ticket goes."""
        if not self._settings.mail.plus:
            return self.sender
        return addressing.plus_address(self._key, self.sender, ticket)

    def _ids(self, letter: Letter, to: Recipient) -> Iterator[tuple[str, str]]:
        """The headers that thread it."""
        ticket = letter.ticket.id
        if not ticket:
            yield "Message-ID", addressing.digest_id(self._key, letter.commit, self._domain)
            return
        received = _received(letter.ticket) if not to.agent else []
        part = "" if to.first and letter.event != "progress" else _part(letter, to)
        thread = self._id(ticket, _THREAD)
        known = dict.fromkeys([thread, *received[:1], *received[-_MOST_REFERENCES:]])
        yield "Message-ID", self._id(ticket, letter.commit, part)
        yield "In-Reply-To", received[-1] if received else thread
        yield "References", "\r\n ".join(known)

    def _id(self, ticket: str, commit: str, part: str = "") -> str:
        return addressing.message_id(self._key, ticket, commit, self._domain, part)


def own_address(settings: Settings) -> str:
    """The address that a desk writes from. Raises Refused where it has none that all mail servers
    know."""
    remedy = "hd config mail.addresses=help@example.org"
    if not settings.mail.addresses:
        raise Refused("the desk has no address to write from", remedy)
    first = settings.mail.addresses[0]
    try:
        found = addressing.on_the_wire(first)
    except UnicodeError:
        found = first
    if not found.isascii():
        raise Refused(f"not every mail server knows the desk's address {first}", remedy)
    return found


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


def _subject(letter: Letter, to: Recipient) -> str:
    ticket = letter.ticket.id
    if not ticket:
        return _text(_cut(letter.subject), "Subject")
    again = "Re: " if not to.agent and _received(letter.ticket) else ""
    token = f"{again}{addressing.subject_token(ticket)}"
    room = _LONGEST_SUBJECT - len(token) - 1
    return _text(_cut(letter.subject, room), "Subject", token)


def _mailbox(called: str, mail: str) -> str:
    """Somebody in a header: a name, if there is one, and an address."""
    found = addressing.on_the_wire(mail)
    if len(found) > _LONGEST_ADDRESS:
        raise ValueError("its address is too long for one")
    try:  # the library knows no letters beyond ASCII
        Address(addr_spec="".join(each if each.isascii() else "x" for each in found))
    except HeaderParseError as error:
        raise ValueError(str(error)) from None
    words = _cut(called, _LONGEST_NAME)
    if not words:
        return found
    if _is_plain(words):
        return f'"{quote(words)}" <{found}>' if _SPECIAL.search(words) else f"{words} <{found}>"
    return f"{_text(words, 'Reply-To')}\r\n <{found}>"


def _text(words: str, header: str, before: str = "") -> str:
    """Words as a header holds them: folded, and encoded (RFC 2047) if they must be; ``before`` them
    something that need not."""
    found = Header(before or None, "us-ascii", header_name=header)
    if words:
        found.append(words, "us-ascii" if _is_plain(words) else "utf-8")
    return found.encode(linesep="\r\n")


def _is_plain(words: str) -> bool:
    """Whether a header can have words as they are."""
    return words.isascii() and "=?" not in words


def _cut(text: str, most: int = _LONGEST_SUBJECT) -> str:
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _type(file: str) -> str:
    """The media type of a file by its name; that of any bytes where nothing tells, for texts, of
    which nobody knows the charset, and for messages (RFC 2046, 5.2)."""
    from mimetypes import guess_type

    found, packed = guess_type(file)
    fits = found and not packed and not found.startswith(("message/", "multipart/", "text/"))
    return found if found and fits else "application/octet-stream"

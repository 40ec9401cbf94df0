"""A message as it came, understood: who wrote what to whom, and what came with it.

``read`` raises nothing but MemoryError: whatever bytes there are make some Mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from hdcli.mail import bodies, quotes, structure
from hdcli.mail.bodies import Attachment, Contents
from hdcli.mail.headers import Address, Headers
from hdcli.mail.phrases import FORWARDS
from hdcli.mail.structure import Part

_PIECE = 1_000_000
_BLANK = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Mail:
    """A message; what costs time is worked out when it is asked for."""

    data: bytes
    root: Part

    @property
    def headers(self) -> Headers:
        """Those of the whole message."""
        return self.root.headers

    @cached_property
    def _contents(self) -> Contents:
        return bodies.contents(self.root)

    @cached_property
    def sender(self) -> Address:
        """Who wrote it; ``mail`` is empty where nobody's address can be read."""
        for name in ("from", "sender", "reply-to"):
            people = [each for each in self.headers.people(name) if each.mail]
            if people:
                return people[0]
        return Address("", "")

    @cached_property
    def reply_to(self) -> Address | None:
        """Where the sender wants answers, when that is elsewhere."""
        people = [each for each in self.headers.people("reply-to") if each.mail]
        if people and people[0].mail.lower() != self.sender.mail.lower():
            return people[0]
        return None

    @cached_property
    def recipients(self) -> tuple[Address, ...]:
        """Everybody in To and Cc who has an address, each once."""
        found = {e.mail.lower(): e for n in ("to", "cc") for e in self.headers.people(n) if e.mail}
        return tuple(found.values())

    @cached_property
    def envelope(self) -> tuple[str, ...]:
        """The addresses that servers say they delivered it to, in lower case."""
        names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
        found = (each.mail.lower() for name in names for each in self.headers.people(name))
        return tuple(dict.fromkeys(each for each in found if each))

    @cached_property
    def delivered_to(self) -> tuple[str, ...]:
        """All addresses that it says it came to, in lower case, the envelope's among them."""
        written = (each.mail.lower() for each in self.recipients)
        return tuple(dict.fromkeys((*written, *self.envelope)))

    @cached_property
    def subject(self) -> str:
        """On one line; bytes without a charset are in that of the text, if they may be."""
        charset = ""
        if not self.headers.raw("subject").isascii():
            charset = self._contents.charset
        return self.headers.text("subject", charset)

    @cached_property
    def message_id(self) -> str:
        """In angle brackets; empty without one."""
        return next(iter(self.headers.ids("message-id")), "")

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The Message-IDs that it answers, the nearest first."""
        chain = self.headers.ids("references")
        return tuple(dict.fromkeys((*self.headers.ids("in-reply-to"), *reversed(chain))))

    @property
    def text(self) -> str:
        """The whole text, of HTML where there is no other."""
        return _BLANK.sub("\n\n", self._contents.text.strip("\n"))

    @cached_property
    def typed(self) -> str:
        """What the sender typed: without quotes and signature. All of it where nothing is left."""
        return _BLANK.sub("\n\n", quotes.typed(self.text, forwards=self.forwards))

    @property
    def own(self) -> str:
        """The same, and no more; empty where nothing was typed."""
        return _BLANK.sub("\n\n", quotes.own(self.text, forwards=self.forwards))

    @cached_property
    def forwards(self) -> bool:
        """Whether the subject says that it forwards another message."""
        low = self.subject.lower()
        if low.startswith("vs:") and "lähettäjä" in self.text.lower():
            return False  # it forwards in Danish and Norwegian, and answers in Finnish
        return bool(FORWARDS.match(low))

    @property
    def attachments(self) -> list[Attachment]:
        """The files that came with it."""
        return self._contents.files

    @property
    def remarks(self) -> list[str]:
        """What is to be said of it beside its text: that it is encrypted, an invitation."""
        return self._contents.said

    @property
    def nested(self) -> Iterator[Part]:
        """The messages attached to it."""
        return bodies.nested(self.root)

    @cached_property
    def digest(self) -> str:
        """What tells its content from another's, whatever way each came: 32 hexadecimal digits.

        The headers that servers on the way add do not count; without a date the Message-ID does.
        """
        found = sha256()
        for name in ("from", "subject", "date" if "date" in self.headers else "message-id"):
            found.update(" ".join(self.headers.raw(name).split()).encode("utf-8", "replace"))
            found.update(b"\0")
        data, start = self.root.data, self.root.body
        last = max(start, len(data) - _PIECE)
        end = last + len(data[last:].rstrip())
        for at in range(start, end, _PIECE):
            found.update(data[at : min(end, at + _PIECE)].replace(b"\r", b""))
        return found.hexdigest()[:32]


def read(data: bytes) -> Mail:
    """The message that bytes are."""
    return Mail(data, structure.read(data))

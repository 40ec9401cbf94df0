"""A real SMTP server on the loopback, and a desk that sends by it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from support import DeskFolder

HELP = "help@example.org"


@dataclass
class MailServer:
    """What came in, and what is refused: replies by recipient, to RCPT or after the content; those
    in ``mute`` get no answer at all. ``most`` mails go over one line, if it is not 0.

    ``taking`` is called with each content before it counts, ``taken`` before that is acknowledged.
    """

    refused: dict[str, str] = field(default_factory=dict)
    spurned: dict[str, str] = field(default_factory=dict)
    mute: set[str] = field(default_factory=set)
    most: int = 0
    lines: Counter[int] = field(default_factory=Counter)
    passwords: dict[str, str] = field(default_factory=dict)
    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    taking: Callable[[bytes], None] = lambda _: None
    taken: Callable[[bytes], None] = lambda _: None
    port: int = 0

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.lines[id(session)] += 1
        if self.most and self.lines[id(session)] > self.most:
            return "421 too many mails on this line"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.mute:
            await asyncio.sleep(60)
        if said := self.refused.get(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        (to,) = envelope.rcpt_tos
        if said := self.spurned.get(to):
            return said
        self.taking(envelope.content)
        mail = message_from_bytes(envelope.content, _class, policy=policy.default)
        self.received.append((to, mail))
        self.taken(envelope.content)
        return "250 taken"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        known = self.passwords.get(data.login.decode())
        good = known is not None and known == data.password.decode()
        return AuthResult(success=good, handled=False)

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that came for an address."""
        return [mail for to, mail in self.received if to == address]


_class: Any = EmailMessage


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """A server at a free port of this machine; it takes what ``refused`` does not name."""
    tls: ssl.SSLContext | None = options.pop("tls", None)
    utf8: bool = options.pop("utf8", True)
    server = MailServer(**options)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.port = free.getsockname()[1]
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=server.port,
        authenticator=server.authenticate,
        auth_require_tls=False,
        ssl_context=tls,
        enable_SMTPUTF8=utf8,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def sends(desk: DeskFolder, server: MailServer) -> DeskFolder:
    """The same desk, as the clone that sends its mail by a server, from now on."""
    desk.hd("config", f"mail.addresses={HELP}", "mail.sender=office")
    desk.git("config", "hd.sender", "office")
    desk.git("config", "hd.smtp", f"smtp://127.0.0.1:{server.port}")
    desk.hd("notify", "run")
    return desk


def text(mail: EmailMessage) -> str:
    """The text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())

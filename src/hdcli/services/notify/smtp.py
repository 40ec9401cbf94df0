"""The mail server: where it is, a line to it, one mail over the line and what came of it."""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from hdcli.errors import BadUsage, RemoteFailed
from hdcli.mail.addressing import on_the_wire
from hdcli.services.notify.delivery import Delivery, in_short, is_here, reason
from hdcli.store import sender
from hdcli.store.git import Repository
from hdcli.store.sender import Login

TIMEOUT = 60.0
# A server may look long at what it was sent (RFC 5321, 4.5.3.2.6), and without its answer nobody
# knows whether that arrived.
_PATIENCE = 600.0
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_EXAMPLE = "git config hd.smtp smtp://USER@mail.example.org"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. ``smtp`` goes on only with STARTTLS, but for a server on this machine, which
    needs none; ``smtps`` speaks TLS from the start, ``smtp+plain`` never."""

    scheme: str
    host: str
    port: int
    user: str = ""

    @property
    def place(self) -> str:
        """As messages and git's credential helper name it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def server(text: str) -> Server:
    """The server that an address such as ``smtps://ana@mail.example.org`` names.

    Raises BadUsage.
    """
    if not text:
        raise BadUsage("no mail server is named", f"{_EXAMPLE}, or HD_SMTP in the environment")
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError:
        port, host = None, None
        parts = urlsplit("")
    if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.query:
        shown = text.rpartition("@")[2]
        raise BadUsage(f"'{shown}' is no address of a mail server", _EXAMPLE)
    if parts.password is not None:
        remedy = "git's credential helper keeps it, or HD_SMTP_PASSWORD has it"
        raise BadUsage("no password belongs into the address of a mail server", remedy)
    return Server(parts.scheme, host, port or _PORTS[parts.scheme], unquote(parts.username or ""))


class Line:
    """A line to a mail server, opened when it is first needed. Close it.

    ``greeting`` is the name that this machine gives itself.
    """

    def __init__(self, where: Server, repository: Repository, greeting: str) -> None:
        self._server = where
        self._repository = repository
        self._greeting = greeting
        self._smtp: smtplib.SMTP | None = None
        self._broke = False

    def close(self) -> None:
        """Says goodbye."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                self._smtp.close()
            self._smtp = None

    def deliver(
        self, author: str, recipient: str, content: bytes, about_to: Callable[[], object]
    ) -> Delivery:
        """Sends one mail. ``about_to`` is called before anything that could deliver it.

        Raises RemoteFailed where the server can't be reached, takes no mail from the author, or
        leaves two mails in succession without an answer.
        """
        used = self._smtp is not None
        smtp = self._ready()
        try:
            refused = self._offer(smtp, author, recipient, len(content))
        except smtplib.SMTPServerDisconnected as error:
            self._drop()
            if used and not isinstance(error.__context__, TimeoutError):
                return self.deliver(author, recipient, content, about_to)
            if self._broke:
                raise self._failed(error) from None
            self._broke = True  # perhaps for this recipient alone, who holds nobody up
            return Delivery("later", f"the mail server gave no answer: {_reason(error)}")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise self._failed(error) from None
        self._broke = False
        if refused and refused.fate == "later" and used and self._smtp is None:
            return self.deliver(author, recipient, content, about_to)  # enough for one line
        if refused:
            return refused
        about_to()
        return self._data(smtp, content)

    def _offer(self, smtp: smtplib.SMTP, author: str, recipient: str, size: int) -> Delivery | None:
        """From whom and to whom; what came of it where that was refused."""
        options = [f"size={size}"] if smtp.has_extn("size") else []
        if not recipient.rpartition("@")[0].isascii():
            if not smtp.has_extn("smtputf8"):
                return Delivery("failed", f"{self._server.place} knows only ASCII before the @")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        code, said = smtp.mail(author, options)
        if code == 552:
            return self._refused(smtp, code, said)
        if code != 250:
            if code < 500:
                return self._refused(smtp, code, said)
            raise smtplib.SMTPSenderRefused(code, said, author)
        code, said = smtp.rcpt(on_the_wire(recipient))
        return None if code in (250, 251) else self._refused(smtp, code, said)

    def _refused(self, smtp: smtplib.SMTP, code: int, said: bytes) -> Delivery:
        try:
            if code == 421:
                self._drop()
            else:
                smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()
        return Delivery("later" if code < 500 else "failed", _words(code, said))

    def _data(self, smtp: smtplib.SMTP, content: bytes) -> Delivery:
        try:
            if smtp.sock:
                smtp.sock.settimeout(_PATIENCE)
            code, said = smtp.data(content)
            if smtp.sock:
                smtp.sock.settimeout(TIMEOUT)
        except smtplib.SMTPDataError as error:  # it did not want to hear it
            code, said = error.smtp_code, _bytes(error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Delivery("unknown", f"the line broke while it was sent: {_reason(error)}")
        if code == 250:
            return Delivery("sent", _words(code, said))
        if code == 421:
            self._drop()
        return Delivery("later" if code < 500 else "failed", _words(code, said))

    def _ready(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = self._opened()
            except (OSError, smtplib.SMTPException) as error:
                raise self._failed(error) from None
        return self._smtp

    def _opened(self) -> smtplib.SMTP:
        where, name = self._server, self._greeting
        if where.scheme == "smtps":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                where.host, where.port, name, timeout=TIMEOUT, context=context
            )
        else:
            smtp = smtplib.SMTP(where.host, where.port, name, timeout=TIMEOUT)
        try:
            smtp.ehlo_or_helo_if_needed()
            self._protect(smtp)
            self._log_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _protect(self, smtp: smtplib.SMTP) -> None:
        if self._server.scheme != "smtp" or is_here(self._server.host):
            return
        if smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        else:
            raise RemoteFailed(
                f"{self._server.place} offers no STARTTLS, and mail would go in the clear",
                "smtps:// if it speaks TLS, smtp+plain:// if that is as you want it",
            )

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        where = self._server
        user = where.user or sender.user_named()
        if not user:
            return
        if not smtp.has_extn("auth"):
            raise RemoteFailed(f"{where.place} lets nobody log in", "name it without a user")
        if where.scheme == "smtp+plain" and not is_here(where.host):
            raise RemoteFailed("no password goes out in the clear", "use smtp:// or smtps://")
        login = sender.login_for(self._repository, _protocol(where), where.place, user)
        if login is None:
            raise RemoteFailed(f"no password for {user} at {where.place}", _HOW_TO_LOG_IN)
        try:
            _log_in(smtp, login)
        except smtplib.SMTPAuthenticationError as error:
            self._remember(login, good=False)
            said = _words(error.smtp_code, _bytes(error.smtp_error))
            refused = f"{where.place} refuses {user}: {said}"
            raise RemoteFailed(refused, _HOW_TO_LOG_IN) from None
        self._remember(login, good=True)

    def _remember(self, login: Login, *, good: bool) -> None:
        where = self._server
        sender.remember(self._repository, _protocol(where), where.place, login, good=good)

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _failed(self, error: OSError | smtplib.SMTPException) -> RemoteFailed:
        return RemoteFailed(f"mail server {self._server.place}: {_reason(error)}")


_HOW_TO_LOG_IN = (
    "git credential approve teaches it to git's credential helper, or set HD_SMTP_PASSWORD"
)


def _log_in(smtp: smtplib.SMTP, login: Login) -> None:
    if f"{login.user}{login.password}".isascii():
        smtp.login(login.user, login.password)
        return
    # The library knows only ASCII; RFC 4616 has UTF-8.
    words = b64encode(f"\0{login.user}\0{login.password}".encode()).decode("ascii")
    code, said = smtp.docmd("AUTH", f"PLAIN {words}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _protocol(where: Server) -> str:
    """As git's credential helper tells servers apart."""
    return "smtps" if where.scheme == "smtps" else "smtp"


def _bytes(said: bytes | str) -> bytes:
    return said.encode() if isinstance(said, str) else said


def _words(code: int, said: bytes) -> str:
    return f"{code} {in_short(said.decode('utf-8', 'replace'))}".strip()


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, _bytes(error.smtp_error))
    return reason(error)

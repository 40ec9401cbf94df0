"""An IMAP mailbox: its unseen messages, and what is done with those that are taken in.

A message is fetched without being marked, and marked (or moved) when it is safe; it is named by the
mailbox, its UIDVALIDITY and its UID, so that who is stopped in between meets nothing twice.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from select import select
from tempfile import SpooledTemporaryFile
from typing import Any

from hdcli.errors import RemoteFailed
from hdcli.services.intake.found import Found, held, portions
from hdcli.services.intake.imapname import VARIABLE, Box, quoted
from hdcli.services.intake.letters import LONGEST, Source
from hdcli.store import sender
from hdcli.store.git import Repository

TIMEOUT = 60.0
_GOODBYE = 3.0
# RFC 2177 asks for less than half an hour; routers forget a line that is quiet sooner.
_IDLE = 9 * 60.0
_SIZES = 100
_PIECE = 10_000_000
_GONE = "[EXPUNGEISSUED]"
_SIZE = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)")
_DATE = re.compile(rb'INTERNALDATE "[^"]*"')


class Mailbox:
    """A mailbox, opened. Close it. Every method raises RemoteFailed."""

    def __init__(self, where: Box, repository: Repository, move_to: str = "") -> None:
        """``move_to`` is the folder for messages that are taken in; else they are seen there."""
        self._where = where
        self._move_to = move_to
        self._can: frozenset[str] = frozenset()
        self._idles = False
        self._imap = self._connected()
        try:
            self._log_in(repository)
            self._select()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Says goodbye."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._imap.socket().settimeout(_GOODBYE)
            if self._idles:
                self._imap.send(b"DONE\r\n")
            self._imap.logout()

    def portions(self, now: int) -> Iterator[list[Found]]:
        """The unseen messages, the oldest first, a portion at a time."""
        return portions(self._unseen(now))

    def _unseen(self, now: int) -> Iterator[Found]:
        self._imap.response("EXISTS")  # what comes from now on is news
        found = self._ask("UID", "SEARCH", None, "UNSEEN", "UNDELETED")
        raw = b" ".join(each for each in found if isinstance(each, bytes))
        uids = sorted(int(each) for each in raw.split())
        for start in range(0, len(uids), _SIZES):
            sizes = self._sizes(uids[start : start + _SIZES])
            for uid in sorted(sizes):
                if message := self._fetch(uid, sizes[uid], now):
                    yield message

    def done(self, found: Sequence[Found]) -> None:
        """Marks messages that are safe as seen, or moves them."""
        uids = ",".join(each.source.name.rpartition(".")[2] for each in found)
        if not uids:
            return
        if not self._move_to:
            self._ask("UID", "STORE", uids, "+FLAGS.SILENT", r"(\Seen)")
            return
        try:
            self._move(uids)
        except RemoteFailed as error:
            if _GONE not in str(error):
                raise
            # Another hd moves them, too; what is left comes with the next look.

    def _move(self, uids: str) -> None:
        if "MOVE" in self._can:
            self._ask("UID", "MOVE", uids, quoted(self._move_to))
            return
        self._ask("UID", "COPY", uids, quoted(self._move_to))
        self._ask("UID", "STORE", uids, "+FLAGS.SILENT", r"(\Seen \Deleted)")
        if "UIDPLUS" in self._can:
            self._ask("UID", "EXPUNGE", uids)

    def wait(self, seconds: float) -> None:
        """Until something came since the last look, at most so long: by IDLE where there is it."""
        if self._imap.response("EXISTS")[1] != [None]:
            return
        if "IDLE" not in self._can:
            time.sleep(seconds)
            self._ask("NOOP")
            return
        try:
            self._idle(min(seconds, _IDLE))
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._failed(error) from None

    def _idle(self, seconds: float) -> None:
        tag = self._imap._new_tag()  # imaplib has no IDLE before Python 3.14
        self._imap.send(tag + b" IDLE\r\n")
        self._idles = True
        deadline = time.monotonic() + seconds
        if not self._imap.readline().startswith(b"+"):
            raise imaplib.IMAP4.abort("the server takes no IDLE")
        while (left := deadline - time.monotonic()) > 0 and self._has_input(left):
            line = self._imap.readline()
            if not line:
                raise imaplib.IMAP4.abort("the server closed the connection")
            if b" EXISTS" in line or b" RECENT" in line:
                break
        self._imap.send(b"DONE\r\n")
        self._idles = False
        while line := self._imap.readline():
            if line.startswith(tag):
                return
        raise imaplib.IMAP4.abort("the server closed the connection")

    def _has_input(self, seconds: float) -> bool:
        """Whether a line is there, or comes in time."""
        socket = self._imap.socket()
        reader: Any = getattr(self._imap, "_file", None) or self._imap.file  # Python 3.14 has both
        waits = socket.gettimeout()
        socket.setblocking(False)
        try:
            with suppress(ssl.SSLWantReadError):
                if reader.peek(1):  # what was read ahead, beside the line before
                    return True
        finally:
            socket.settimeout(waits)
        return bool(select([socket], [], [], seconds)[0])

    def _connected(self) -> imaplib.IMAP4:
        where = self._where
        try:
            if where.scheme == "imaps":
                context = ssl.create_default_context()
                return imaplib.IMAP4_SSL(
                    where.host, where.port, ssl_context=context, timeout=TIMEOUT
                )
            imap = imaplib.IMAP4(where.host, where.port, timeout=TIMEOUT)
            if "STARTTLS" in imap.capabilities and not where.is_here:
                imap.starttls(ssl.create_default_context())
            elif not where.is_here:
                imap.shutdown()
                raise RemoteFailed(f"{where.host} offers no TLS", "imaps:// speaks it at once")
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._failed(error) from None
        return imap

    def _log_in(self, repository: Repository) -> None:
        where = self._where
        place = f"{where.host}:{where.port}"
        login = sender.login_for(repository, "imaps", place, where.user, VARIABLE)
        if login is None:
            remedy = f"git credential approve teaches it to git's helper, or set {VARIABLE}"
            raise RemoteFailed(f"no password is known for {where.user} at {place}", remedy)
        try:
            self._imap.login(login.user, login.password)
        except imaplib.IMAP4.abort as error:
            raise self._failed(error) from None
        except imaplib.IMAP4.error:
            sender.remember(repository, "imaps", place, login, good=False)
            raise RemoteFailed(f"{place} does not let {where.user} in") from None
        except OSError as error:
            raise self._failed(error) from None
        sender.remember(repository, "imaps", place, login, good=True)

    def _select(self) -> None:
        try:
            # What it offers is more once somebody is logged in.
            offered = self._imap.capability()[1][-1] or b""
            self._can = frozenset(offered.decode("ascii", "replace").upper().split())
            kind, said = self._imap.select(quoted(self._where.folder))
            validity = self._imap.response("UIDVALIDITY")[1]
            if kind == "OK" and self._move_to:
                kind, said = self._imap.status(quoted(self._move_to), "(MESSAGES)")
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._failed(error) from None
        if kind != "OK":
            raise RemoteFailed(f"mailbox {self._where.place}: {_words(said)}")
        self._validity = (validity[0] or b"0").decode("ascii", "replace") if validity else "0"

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for line in self._ask("UID", "FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)"):
            if isinstance(line, bytes) and (match := _SIZE.search(line)):
                uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
                found[int(uid)] = int(size)
        return found

    def _fetch(self, uid: int, size: int, now: int) -> Found | None:
        """A message; None where somebody else took it meanwhile."""
        if size > LONGEST:
            return self._fetch_long(uid, size, now)
        for part in self._ask("UID", "FETCH", str(uid), "(INTERNALDATE BODY.PEEK[])"):
            if isinstance(part, tuple) and len(part) > 1:
                date = _DATE.search(part[0])
                moment = imaplib.Internaldate2tuple(date[0]) if date else None
                arrived = int(time.mktime(moment)) if moment else now
                return Found(part[1], self._source(uid, min(now, max(0, arrived))))
        return None

    def _fetch_long(self, uid: int, size: int, now: int) -> Found | None:
        with SpooledTemporaryFile(LONGEST) as sink:
            for start in range(0, size, _PIECE):
                what = f"(BODY.PEEK[]<{start}.{_PIECE}>)"
                answer = self._ask("UID", "FETCH", str(uid), what)
                piece = next((each[1] for each in answer if isinstance(each, tuple)), None)
                if piece is None:
                    return None
                sink.write(piece)
            sink.seek(0)
            return held(sink, self._source(uid, now))

    def _source(self, uid: int, arrived: int) -> Source:
        return Source(f"imap {self._where.place} {self._validity}.{uid}", arrived)

    def _ask(self, command: str, *args: str | None) -> list[bytes | tuple[bytes, bytes]]:
        try:
            if command == "UID":
                kind, found = self._imap.uid(str(args[0]), *args[1:])  # type: ignore[arg-type]
            else:
                kind, found = self._imap.noop()
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._failed(error) from None
        if kind != "OK":
            raise RemoteFailed(f"mailbox {self._where.place}: {_words(found)}")
        return found

    def _failed(self, error: Exception) -> RemoteFailed:
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return RemoteFailed(f"mail server {self._where.host}:{self._where.port}: {said}")


def _words(said: object) -> str:
    parts = said if isinstance(said, list) else [said]
    texts = [each.decode("utf-8", "replace") for each in parts if isinstance(each, bytes)]
    return " ".join(" ".join(texts).split())[:200] or "it refused"

"""A message that arrived, understood before the desk is asked anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import IO

from hdcli.errors import BadUsage
from hdcli.mail import loops, message
from hdcli.mail.headers import Address
from hdcli.mail.message import Mail
from hdcli.model.message import one_line
from hdcli.model.person import person

NOBODY = Address("", "")
EMPTY = "it is empty"
LONGEST = 200_000_000
"""A message of more bytes is held in a file, and left to a person."""
TOO_LONG = f"it has more than {LONGEST // 1_000_000} MB"
_NAME = 100
_KEY = 32


@dataclass(frozen=True, slots=True)
class Source:
    """Where a copy of a message was found: ``name`` tells it from every other copy.

    ``arrived`` is when it came, in seconds since 1970.
    """

    name: str
    arrived: int


@dataclass(frozen=True, slots=True)
class Letter:
    """``key`` names the content, ``writer`` is who asks.

    ``trouble`` says why it can't be read; then ``mail`` may be None. Of a message that is too long
    ``data`` is the beginning, and ``whole`` a file that has it all.
    """

    data: bytes
    source: Source
    key: str
    mail: Mail | None
    writer: Address
    trouble: str = ""
    whole: IO[bytes] | None = None

    @property
    def sender(self) -> str:
        """The writer's address, in lower case; empty where there is none."""
        return self.writer.mail.lower()

    @property
    def requester(self) -> str:
        """The writer as a ticket names people; empty where that can't be."""
        return named(self.writer)


def letter(
    data: bytes, source: Source, own: Sequence[str] = (), whole: IO[bytes] | None = None
) -> Letter:
    """The letter that a message is; ``own`` are the desk's addresses.

    Of one that is too long ``data`` is the beginning, and ``whole`` has it all. Raises nothing that
    comes from the content.
    """
    if whole is not None:
        key = _key_of(whole)
        return replace(letter(data, source, own), key=key, trouble=TOO_LONG, whole=whole)
    if not data.strip():
        return Letter(data, source, _key(data), None, NOBODY, EMPTY)
    try:
        mail = message.read(data)
        # What may fail, or take long, is done here, with no lock held.
        _ = (mail.subject, mail.typed, mail.references, mail.recipients, mail.attachments)
        return Letter(data, source, mail.digest, mail, _writer(mail, own))
    except (ImportError, SyntaxError):  # hd is being installed: it comes again
        raise
    except Exception as error:  # a stranger's bytes must not stop the others
        said = f"it can't be read: {type(error).__name__}: {str(error)[:200]}"
        return Letter(data, source, _key(data), None, NOBODY, said)


def _writer(mail: Mail, own: Sequence[str]) -> Address:
    """The sender; of a form on a web page, which writes from nobody's address, whom it says to
    answer."""
    from_form = loops.is_nobody(mail.sender.mail) or loops.is_ours(mail.sender.mail, own)
    return mail.reply_to if mail.reply_to and from_form else mail.sender


def _key(data: bytes) -> str:
    from hashlib import sha256

    return sha256(data).hexdigest()[:_KEY]


def _key_of(whole: IO[bytes]) -> str:
    from hashlib import file_digest

    whole.seek(0)
    return file_digest(whole, "sha256").hexdigest()[:_KEY]  # type: ignore[arg-type]


def named(address: Address) -> str:
    """Somebody of a header as a ticket names them; empty where that can't be."""
    plain = one_line(address.name).translate(_NOT_IN_NAMES).strip(" '")[:_NAME]
    for text in (f"{plain} <{address.mail}>" if plain else address.mail, address.mail):
        try:
            return person(text) if address.mail else ""
        except BadUsage:
            continue
    return ""


_NOT_IN_NAMES = str.maketrans('<>"', "   ")

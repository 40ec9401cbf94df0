"""What ties a mail to a ticket: our Message-IDs, plus-addresses, the token in a subject.

A Message-ID of ours is ``<hd.HD-7K3QF.0123456789ab.HASH@example.org>``: the ticket, the first
digits of the commit that it tells of, and a keyed hash of both, so that another desk's, or made up
ones, are nobody's. ``HASH`` is of base32, since some programs on the way change letters' case.
"""

from __future__ import annotations

import re
from typing import NamedTuple

COMMIT_DIGITS = 12
_HASH = 16
_ID = re.compile(
    r"<?hd\.([A-Z][A-Z0-9]{0,9}-[0-9A-HJKMNP-TV-Z]{5,8})\.([0-9a-f]{12})\.([a-z2-7]{16})@[^@<>\s]+>?",
    re.IGNORECASE,
)
_DIGEST = re.compile(r"<hd\.digest\.([0-9a-f]{20})\.([a-z2-7]{16})@[^@<>\s]+>", re.IGNORECASE)
_PLUS = re.compile(
    r"[^@+]{1,64}\+([A-Z][A-Z0-9]{0,9}-[0-9A-HJKMNP-TV-Z]{5,8})\.([a-z2-7]{16})@[^@]+",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """What a Message-ID of ours names: a ticket, and the first digits of a commit."""

    ticket: str
    commit: str


def message_id(key: bytes, ticket: str, commit: str, domain: str, part: str = "") -> str:
    """The Message-ID of the mail that tells of a commit on a ticket; the same every time.

    ``part`` tells several mails of one commit apart (one a recipient); it begins the domain.
    """
    short = commit[:COMMIT_DIGITS].lower()
    host = f"{part}.{domain}" if part else domain
    return f"<hd.{ticket}.{short}.{_hash(key, 'id', ticket, short)}@{host}>"


def told_by(key: bytes, message_id: str) -> Told | None:
    """What a Message-ID names, if it is one of ours; None for any other."""
    found = _ID.fullmatch(message_id.strip())
    if found is None:
        return None
    ticket, commit = found[1].upper(), found[2].lower()
    return Told(ticket, commit) if _same(found[3], _hash(key, "id", ticket, commit)) else None


def digest_id(key: bytes, digest: str, domain: str) -> str:
    """The Message-ID of a digest, which is about no one ticket; ``digest`` are its hexadecimal
    digits."""
    return f"<hd.digest.{digest}.{_hash(key, 'digest', digest)}@{domain}>"


def is_digest(key: bytes, message_id: str) -> bool:
    """Whether a Message-ID is that of a digest of ours."""
    found = _DIGEST.fullmatch(message_id.strip())
    return found is not None and _same(found[2], _hash(key, "digest", found[1].lower()))


def plus_address(key: bytes, address: str, ticket: str) -> str:
    """The address that leads to a ticket: ``help+HD-7K3QF.HASH@example.org``."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{ticket}.{_hash(key, 'to', ticket)}@{domain}"


def ticket_of_address(key: bytes, address: str) -> str | None:
    """The ticket that a plus-address of ours leads to; None for any other address."""
    found = _PLUS.fullmatch(address.strip())
    if found is None:
        return None
    ticket = found[1].upper()
    return ticket if _same(found[2], _hash(key, "to", ticket)) else None


def plain_address(address: str) -> str:
    """An address without what stands behind a plus, in lower case."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def on_the_wire(address: str) -> str:
    """An address with its domain as mail servers know it (IDNA). Raises UnicodeError."""
    local, at, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}{at}{domain.encode('idna').decode()}"


def subject_token(ticket: str) -> str:
    """What a subject has for people, and for programs that lose all else: ``[HD-7K3QF]``."""
    return f"[{ticket}]"


def tickets_in_subject(subject: str, prefix: str) -> list[str]:
    """The ids in brackets in a subject, of this desk's prefix, in their order."""
    token = re.compile(rf"\[({re.escape(prefix)}-[0-9A-HJKMNP-TV-Z]{{5,8}})\]", re.IGNORECASE)
    return [each.upper() for each in token.findall(subject)]


def without_tokens(subject: str, prefix: str) -> str:
    """A subject without our tokens and without ``Re:`` and its like at its beginning."""
    text = subject
    for ticket in tickets_in_subject(subject, prefix):
        text = re.sub(re.escape(f"[{ticket}]"), " ", text, flags=re.IGNORECASE)
    text = " ".join(text.split())
    while found := _ANSWER.match(text):
        text = text[found.end() :]
    return text


# Re, and what other languages and clients write for it, with a count perhaps: "AW: Re[2]: ".
_ANSWER = re.compile(
    r"(?:re|aw|antw|antwort|sv|vs|ref|rif|r|odp|res|ynt|回复|答复|回覆)(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*",
    re.IGNORECASE,
)


def _hash(key: bytes, *parts: str) -> str:
    import hmac
    from base64 import b32encode

    digest = hmac.digest(key, "\0".join(parts).encode(), "sha256")
    return b32encode(digest).decode().lower()[:_HASH]


def _same(found: str, wanted: str) -> bool:
    import hmac

    return hmac.compare_digest(found.lower().encode(), wanted.encode())

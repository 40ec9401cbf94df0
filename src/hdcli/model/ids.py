"""Ticket and entry ids: Crockford's base32, drawn at random, forgiving when typed.

https://www.crockford.com/base32.html: no I, L, O, U; case does not matter; O reads as 0, I and L
as 1. Random, because two offline clones must not draw the same (see docs/format.md).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import count

from hdcli.errors import BadUsage

Entropy = Callable[[int], bytes]
"""Gives so many random bytes: os.urandom, or a seeded source for a desk that can be made again."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LAST = "@"
PREFIX_PATTERN = re.compile(r"[A-Z][A-Z0-9]{0,9}")
ID_PATTERN = re.compile(r"[A-Z][A-Z0-9]{0,9}-[0-9A-HJKMNP-TV-Z]{5,8}")
ENTRY_PATTERN = re.compile(r"[0-9]{4,9}-[0-9a-hjkmnp-tv-z]{6}")
LAST_NUMBER = 999_999_999
"""The highest that an entry's id has room for."""

_LOOKALIKE = str.maketrans("OIL", "011")
LENGTH = 5
_MANY = 200_000


def draw(count: int, entropy: Entropy = os.urandom) -> str:
    """``count`` random characters of the alphabet."""
    return "".join(ALPHABET[byte & 31] for byte in entropy(count))


def drawn_from(*name: str) -> Entropy:
    """Bytes to draw ids from: always the same for the same name, whose parts are told apart.

    For what two clones may make before they know of each other: they draw the same id, and where
    that is taken the same next one.
    """
    from hashlib import shake_256

    seed = "\0".join(name).encode("utf-8", "surrogateescape")
    numbers = count()

    def drawn(size: int) -> bytes:
        return shake_256(b"%d\0%b" % (next(numbers), seed)).digest(size)

    return drawn


def draw_ticket_id(prefix: str, tickets: int, entropy: Entropy = os.urandom) -> str:
    """A new id such as ``HD-7K3QF``; six characters once a desk holds 200,000 tickets."""
    return f"{prefix}-{draw(6 if tickets >= _MANY else 5, entropy)}"


def entry_id(number: int, entropy: Entropy = os.urandom) -> str:
    """The id of the ``number``-th entry of a log, such as ``0003-x7k2qf``.

    The number grows with every entry that its writer had seen, so that within one second what
    answers something sorts after it; the random part keeps two clones' entries apart.
    """
    return f"{number:04d}-{draw(6, entropy).lower()}"


def entry_number(identifier: str) -> int:
    """The number at the head of an entry id."""
    return int(identifier.partition("-")[0])


def key(reference: str, prefix: str) -> str:
    """What was typed for an id, as the canonical characters behind the prefix.

    ``hd-7k3``, ``7k3`` and ``7K3`` give ``7K3``. Raises BadUsage where it can't be (part of) an id.
    """
    text = reference.strip().upper()
    head, dash, tail = text.partition("-")
    if dash and (head == prefix or PREFIX_PATTERN.fullmatch(head)):
        text = tail
    canonical = text.translate(_LOOKALIKE)
    if not canonical or any(character not in ALPHABET for character in canonical):
        raise BadUsage(f"'{reference}' is not a ticket id", f"ids look like {prefix}-7K3QF or 7k3")
    return canonical


def folder(ticket_id: str) -> str:
    """The folder of a ticket: the first two characters behind the prefix, in lower case."""
    return ticket_id.rpartition("-")[2][:2].lower()


def ticket_path(ticket_id: str) -> str:
    """Where a ticket lies in the desk: ``tickets/7k/HD-7K3QF.yaml``."""
    return f"tickets/{folder(ticket_id)}/{ticket_id}.yaml"


def id_of_path(path: str) -> str | None:
    """The id of the ticket file at ``path``; None when the path is not a ticket's."""
    parts = path.split("/")
    if len(parts) != 3 or parts[0] != "tickets" or not parts[2].endswith(".yaml"):
        return None
    name = parts[2][:-5]
    return name if ID_PATTERN.fullmatch(name) and folder(name) == parts[1] else None

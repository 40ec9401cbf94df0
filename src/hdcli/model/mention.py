"""Whom a text calls: ``@bob`` and ``@network`` in a note or a reply.

An @ calls where a word may begin, never in an address. What is quoted (lines that begin with ``>``)
or code (between backticks) calls nobody. Upper and lower case are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hdcli.model.entry import Entry

KEY = "mentions"
"""What an entry keeps the names under, as agents' handles and teams' names."""
MOST = 100
_LONGEST = 40
# A name ends with a letter or digit: what follows may be the end of a sentence.
_CALL = re.compile(
    rf"(?<![\w@.+/\\-])@([A-Za-z0-9](?:[\w.-]{{0,{_LONGEST - 2}}}[^\W_])?)(?![\w@/])"
)
# None of these walks a text twice, whatever is in it.
_FENCE = re.compile(r"^ {0,3}(```|~~~)[^\n]*\n.*?(?:^ {0,3}\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_QUOTE = re.compile(r"^[ \t]{0,3}>.*$", re.MULTILINE)


class Called(NamedTuple):
    """The names that a text calls, each once, in order: those that the desk has, and others."""

    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def called(text: str, names: Iterable[str]) -> Called:
    """Whom of these (the desk's agents and teams) a text calls, as the desk writes them."""
    if "@" not in text:
        return Called()
    proper = {name.casefold(): name for name in names}
    known: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for written in _written(text):
        name = proper.get(written.casefold())
        (unknown if name is None else known)[name or written] = None
    return Called(tuple(known)[:MOST], tuple(unknown)[:MOST])


def _written(text: str) -> Iterator[str]:
    for pattern in (_FENCE, _QUOTE, _CODE):
        text = pattern.sub(" ", text)
    for found in _CALL.finditer(text):
        yield found[1]


def mentions(entry: Entry) -> tuple[str, ...]:
    """The names that an entry calls."""
    found = entry.extra.get(KEY)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()

"""What an agent asks hd to do by mail: lines such as ``#resolve`` at the very top of a text.

| line | does |
| `#assign me`, `#assign bob`, `#assign network` | gives it to an agent or a team |
| `#take` | the same as `#assign me` |
| `#note`, `#reply` | makes what follows a note, or a reply to the requester |
| `#resolve`, `#close` | what follows is the solution, or the last word |
| `#reopen` | opens it again |
| `#pending` | waits for the requester |
| `#priority high`, `#category vpn` | sets a field |
| `#tag vpn -printer` | adds and takes off tags |
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ORDER = re.compile(r"#([a-z]{2,20})(?: (.{1,200}))?")
_MEANT = re.compile(r"\s*(#[a-z]{2,20}\b.{0,60})", re.IGNORECASE)
WORDS = (
    *("assign", "take", "note", "reply", "resolve", "close", "reopen", "pending", "priority"),
    *("category", "tag"),
)
_WITH_VALUE = frozenset(("assign", "priority", "category", "tag"))


class Order(NamedTuple):
    """A word of WORDS and what it goes with."""

    word: str
    value: str = ""


def split(text: str) -> tuple[list[Order], str]:
    """The orders at the top of a text, and the text below them.

    They end at the first line that is none; one that lacks what it needs, or has what it needs not,
    is none.
    """
    lines = text.strip("\n").split("\n")
    found: list[Order] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if line:
            order = _order(line)
            if order is None:
                break
            found.append(order)
        elif not found:
            break
        at += 1
    return found, "\n".join(lines[at:]).strip("\n") if found else text


def mistaken(text: str) -> str:
    """The line at the top of a text that begins as an order and is none; empty without one."""
    found = _MEANT.match(text)
    return found[1].strip() if found else ""


def _order(line: str) -> Order | None:
    word, blank, rest = " ".join(line.split()).partition(" ")
    match = _ORDER.fullmatch(f"{word.lower()}{blank}{rest}")
    if match is None or match[1] not in WORDS:
        return None
    value = match[2] or ""
    return Order(match[1], value) if bool(value) == (match[1] in _WITH_VALUE) else None

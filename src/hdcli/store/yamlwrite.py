"""YAML out: hd's own canonical form of a ticket, a string at a time.

Values on top in block style; the changes of an entry on one line (``git blame`` then reads like a
ledger); texts as literal blocks. About 20 times faster than a general emitter, and checked against
libyaml by property tests: what is written reads back the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from hdcli.model.schema import document
from hdcli.model.ticket import Ticket

_PLAIN = re.compile(r"[^\W\d_](?:[\w./()’«»@+*!&%=<>;?'-]| (?! |#|$))*")
_TIME_OR_ID = re.compile(r"[0-9]{4}-(?:[0-9]{2}-[0-9]{2}T[0-9:]{8}Z|[0-9a-hjkmnp-tv-z]{6})")
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_ESCAPE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
_WIDE = 72


def ticket_bytes(ticket: Ticket) -> bytes:
    """The ticket's file in canonical form."""
    data = document(ticket)
    log = data.pop("log")
    lines = [_pair(name, value, 0) for name, value in data.items()]
    lines.append("log:\n" if log else "log: []\n")
    for entry in log:
        lines.append("- ")
        body = entry.pop("body", "")
        lines.append("  ".join(_entry_pair(name, value) for name, value in entry.items()))
        if body:
            lines.append(f"  body: {_block(body, 4)}\n")
    return "".join(lines).encode("utf-8", "surrogatepass")


def _entry_pair(name: str, value: object) -> str:
    if isinstance(value, Mapping | list):
        return f"{_text(name)}: {flow(value)}\n"
    return _pair(name, value, 2)


def _pair(name: str, value: object, indent: int) -> str:
    if isinstance(value, str) and "\n" in value:
        return f"{_text(name)}: {_block(value, indent + 2)}\n"
    return f"{_text(name)}: {flow(value)}\n"


def flow(value: object) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(str(k))}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return str(value) if isinstance(value, int) else _text(str(value))


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text):
        if len(text) > 5 or text.lower() not in _WORDS:
            return text
    elif _TIME_OR_ID.fullmatch(text):
        return text
    return _ESCAPE.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _block(text: str, indent: int) -> str:
    """A text as a literal block where YAML allows that and the text gains by it."""
    if len(text) <= _WIDE and _PLAIN.fullmatch(text):
        return _text(text)
    if text != text.strip() or _UNPRINTABLE.search(text):
        return _text(text)
    margin = " " * indent
    return "|\n" + "\n".join(margin + line if line else "" for line in text.split("\n"))

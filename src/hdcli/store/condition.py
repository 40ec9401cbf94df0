"""A parsed query as a condition in SQL on the cache."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hdcli.model.plain import plain
from hdcli.model.query import Query, Term, Word
from hdcli.store.tables import NEVER

# The fields whose column in the cache has their name.
COLUMNS = frozenset(
    (
        *("status", "priority", "impact", "urgency", "level", "category", "team", "assignee"),
        *("channel", "due", "created", "updated", "resolved", "pending", "until", "external"),
        *("procedure", "entries", "csat", "quiet"),
    )
)
_DATES = frozenset(("due", "created", "updated", "resolved", "until", "quiet"))
_FLAGS: Mapping[str, str] = {
    "open": "open = 1",
    "closed": "open = 0",
    "overdue": "(open = 1 AND due < :now)",
    "waiting": "status = 'pending'",
    "escalated": "level > 1",
    "unassigned": "assignee = ''",
    "mine": "assignee = :me",
    "merged": "merged != ''",
    "edited": "edited = 1",
}
_HAS: Mapping[str, str] = {
    "assignee": "assignee != ''",
    "team": "team != ''",
    "category": "category != ''",
    "requester": "requester != ''",
    "priority": "priority != ''",
    "due": f"due != '{NEVER}'",
    "procedure": "procedure != ''",
    "csat": "csat > 0",
    "tag": "EXISTS (SELECT 1 FROM tags WHERE tags.id = tickets.id)",
    "article": "EXISTS (SELECT 1 FROM helped WHERE ticket = tickets.id AND good = 1)",
    "attachment": "EXISTS (SELECT 1 FROM files WHERE files.id = tickets.id)",
    "link": "EXISTS (SELECT 1 FROM links WHERE source = tickets.id OR target = tickets.id)",
}
# What the table of tallies knows too, so that matches need not be counted one by one.
_TALLIED = frozenset(("status", "level", "team", "assignee"))
_TALLIED_FLAGS = frozenset(("open", "closed", "waiting", "escalated", "unassigned", "mine"))
_KEY_OF_SOURCE = "substr(source, instr(source, '-') + 1)"
_KEY_OF_TARGET = "substr(target, instr(target, '-') + 1)"
_LOOKALIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Where:
    """A condition in SQL with its parameters; ``tallied`` when the tallies can answer it."""

    sql: str
    values: Mapping[str, object]
    tallied: bool = False

    def and_open(self) -> Where:
        """The same among open tickets only."""
        return replace(self, sql=f"open = 1 AND {self.sql}")


OPEN = Where("open = 1", {}, tallied=True)


def where(query: Query, now: str, me: str) -> Where:
    """The query as a condition; ``now`` is UTC, ``me`` the handle that ``mine`` means."""
    conditions: list[str] = []
    values: dict[str, object] = {"now": now, "me": me}
    for part in query.parts:
        sql = _word(part, values) if isinstance(part, Word) else _term(part, values)
        conditions.append(f"NOT ({sql})" if part.negated else f"({sql})")
    tallied = not query.words and all(map(_tallied, query.terms))
    return Where(" AND ".join(conditions) or "1", values, tallied)


def names_status(query: Query) -> bool:
    """Whether the query says itself which statuses it wants, so that no default applies."""
    states = ("open", "closed", "overdue", "waiting", "merged")
    return any(
        term.field in ("status", "resolved", "id", "pending")
        or (term.field == "is" and any(value in states for value in term.values))
        for term in query.terms
    )


def prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    """The connection with the functions that conditions use."""
    db.create_function("plain", 1, lambda text: plain(str(text)), deterministic=True)
    db.create_function("matches", 2, _matches, deterministic=True)
    return db


def pattern(word: Word) -> str:
    """The regular expression that finds a word in plain text; empty for a lone dash or the like.

    A word ends where letters and digits end. Nearly it, from three letters on, is one letter more,
    less, other or swapped with the next.
    """
    pieces = [re.escape(each) for each in plain(word.text).split()]
    if not any(map(str.isalnum, word.text)):
        return ""
    found = r"\s+".join(pieces)
    if word.fuzzy and len(word.text) > 2:
        found = f"(?:{'|'.join(_nearly(plain(word.text)))})"
    return rf"(?<!\w){found}" if word.prefix else rf"(?<!\w){found}(?!\w)"


def _nearly(text: str) -> list[str]:
    letters = [re.escape(letter) for letter in text]
    found = []
    for place in range(len(letters)):
        before, after = "".join(letters[:place]), "".join(letters[place + 1 :])
        found.append(rf"{before}\w?{after}")
        found.append(rf"{before}\w{letters[place]}{after}")
        if place + 1 < len(letters):
            swapped = letters[place + 1] + letters[place]
            found.append(f"{before}{swapped}{''.join(letters[place + 2 :])}")
    return [*found, rf"{''.join(letters)}\w"]


def _matches(expression: str, text: str) -> bool:
    return re.search(expression, text) is not None


def _bind(values: dict[str, object], value: object) -> str:
    name = f"p{len(values)}"
    values[name] = value
    return f":{name}"


def _word(word: Word, values: dict[str, object]) -> str:
    expression = pattern(word)
    if not expression:
        return "NOT 1" if word.negated else "1"
    found = f"matches({_bind(values, expression)}, text)"
    if not word.fuzzy:  # SQLite sees faster than Python that there is nothing
        part = max(plain(word.text).split(), key=len)
        found = f"instr(text, {_bind(values, part)}) AND {found}"
    return f"EXISTS (SELECT 1 FROM texts WHERE texts.id = tickets.id AND {found})"


def _tallied(term: Term) -> bool:
    if term.field == "is":
        return _TALLIED_FLAGS.issuperset(map(str, term.values))
    if term.field in ("has", "no"):
        return _TALLIED.issuperset(map(str, term.values))
    return term.field in _TALLIED


def _term(term: Term, values: dict[str, object]) -> str:
    if term.field == "is":
        return " OR ".join(_FLAGS[str(value)] for value in term.values)
    if term.field in ("has", "no"):
        present = [_HAS[str(value)] for value in term.values]
        return " OR ".join(f"NOT ({each})" if term.field == "no" else each for each in present)
    if term.field in COLUMNS:
        return _compared(term.field, term, values)
    return " OR ".join(f"({_one(term.field, str(value), values)})" for value in term.values)


def _compared(column: str, term: Term, values: dict[str, object]) -> str:
    if term.op == "=":
        marks = ", ".join(_bind(values, value) for value in term.values)
        return f"{column} IN ({marks})"
    present = f" AND {column} NOT IN ('', '{NEVER}')" if column in _DATES else ""
    if column == "csat":
        present = " AND csat > 0"
    if term.op == "..":
        first, end = (_bind(values, value) for value in term.values)
        return f"{column} >= {first} AND {column} < {end}{present}"
    return f"{column} {term.op} {_bind(values, term.values[0])}{present}"


def _one(name: str, value: str, values: dict[str, object]) -> str:
    """The condition that a field without a column of its own has (or contains) a value."""
    if name in ("id", "link"):
        mark = _bind(values, value.upper().rpartition("-")[2].translate(_LOOKALIKE))
        if name == "id":
            return f"key >= {mark} AND key < {mark} || '~'"
        return (
            f"id IN (SELECT source FROM links WHERE {_KEY_OF_TARGET} = {mark}"
            f" UNION SELECT target FROM links WHERE {_KEY_OF_SOURCE} = {mark})"
        )
    if name == "watcher":
        if not value:
            return "id NOT IN (SELECT id FROM watchers)"
        return f"id IN (SELECT id FROM watchers WHERE agent = {_bind(values, value)})"
    mark = _bind(values, plain(value))
    match name:
        case "tag":
            return f"id IN (SELECT id FROM tags WHERE plain = {mark})"
        case "article":
            return f"id IN (SELECT ticket FROM helped WHERE slug = {mark} AND good = 1)"
        case "attachment":
            return f"id IN (SELECT id FROM files WHERE instr(plain, {mark}))"
        case "title" | "requester":
            return f"instr(plain({name}), {mark})"
    path = _bind(values, f'$."{name}"')
    return f"instr(plain(coalesce(json_extract(doc, {path}), '')), {mark})"

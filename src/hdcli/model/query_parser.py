"""Query text to a typed tree: one parser for list, search, board and reports (docs/query.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdcli.errors import BadUsage
from hdcli.model.query import ALIASES, CUSTOM, FIELDS, Query, QueryContext, Term, Word
from hdcli.model.query_values import Item, Typing
from hdcli.model.suggest import nearest

MOST = 500
"""So many words and values may be in a query: SQLite takes no expression of any depth."""

_SCHEMES = frozenset({"http", "https", "ftp", "ftps", "sftp", "ssh", "mailto", "file", "tel"})
_SPACES = re.compile(r"\s*")
_CHUNK = re.compile(r"\S+")
_NAME = re.compile(r'([^\s:",]+):')
_FIELD_LIKE = re.compile(r"[A-Za-z][A-Za-z_-]+")
_OPERATOR = re.compile(r"[<>]=?")
_BARE = re.compile(r"[^\s,]*")
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')


def parse(text: str, context: QueryContext) -> Query:
    """The query that ``text`` means.

    Raises BadQuery, with its place, for what has none, BadUsage where it is too much to answer.
    """
    reader = _Reader(text, context, Typing(text, context))
    parts: list[Word | Term] = []
    size, position = 0, reader.skip(0)
    while position < len(text):
        part = reader.part(position)
        parts.append(part)
        size += len(part.values) if isinstance(part, Term) else 1
        if size > MOST:
            raise BadUsage(f"a query of more than {MOST} words and values", "ask in several")
        position = reader.skip(part.end)
    if parts and not any(
        isinstance(part, Term) or any(map(str.isalnum, part.text)) for part in parts
    ):
        # It would find everything: a script's mistake must not end in "close all of these".
        reader.typing.fail("there is no word in it to look for", parts[0].start, parts[-1].end)
    return Query(tuple(parts), text)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the parts of one query text; every refusal points at its place in it."""

    text: str
    context: QueryContext
    typing: Typing

    def skip(self, position: int) -> int:
        found = _SPACES.match(self.text, position)
        return found.end() if found else position

    def part(self, start: int) -> Word | Term:
        """The word or term that begins at ``start``, which is no space."""
        chunk = self._chunk(start)
        if '"' not in chunk and not any(map(str.isalnum, chunk)):
            return Word(chunk, start=start, end=start + len(chunk))  # a dash between words
        negated = chunk[0] in "-!"
        begin = start + negated
        if self.text[begin] in "-!":
            self.typing.fail(
                f"{chunk!r} begins with two signs: one excludes, quotes search for it as text",
                start,
                start + len(chunk),
            )
        if self.text[begin] == '"':
            phrase = self._quotation(begin)
            return Word(phrase.text, negated, phrase=True, start=start, end=phrase.end)
        named = _NAME.match(self.text, begin)
        name = self._field(named[1], begin, named.end()) if named else ""
        if named and name:
            return self._term(name, negated, start, named.end())
        text, end = chunk[negated:], start + len(chunk)
        if text[-1] in "*~":
            last = text[-1]
            return Word(text[:-1], negated, last == "*", last == "~", start=start, end=end)
        return Word(text, negated, start=start, end=end)

    def _chunk(self, start: int) -> str:
        found = _CHUNK.match(self.text, start)
        return found[0] if found else ""

    def _quotation(self, start: int, op: str = "") -> Item:
        found = _QUOTED.match(self.text, start)
        if not found:
            self.typing.fail("this quote is never closed", start, start + 1)
        if not found[1].strip():
            self.typing.fail("there is nothing between the quotes", start, found.end())
        return self._ended(Item(_ESCAPE.sub(r"\1", found[1]), start, found.end(), op, True))

    def _ended(self, item: Item) -> Item:
        after = self.text[item.end : item.end + 1]
        if after and not after.isspace() and after != ",":
            self.typing.fail("a space is missing after the quote", item.end, item.end + 1)
        return item

    def _field(self, written: str, start: int, end: int) -> str:
        """The field's proper name, or "" where it is no field but part of a word."""
        name = written.casefold()
        custom = {each.casefold(): each for each in self.context.custom}
        proper = name if name in FIELDS else custom.get(name) or ALIASES.get(name)
        if proper:
            return proper
        if not _FIELD_LIKE.fullmatch(written) or name in _SCHEMES:
            return ""
        message = f"unknown field {written!r}"
        meant = nearest(written, [*FIELDS, *ALIASES, *self.context.custom])
        if meant:
            self.typing.fail(f"{message}, did you mean {meant!r}?", start, end - 1)
        fields = ", ".join([*FIELDS, *self.context.custom])
        self.typing.fail(
            f"{message}: quote it to search for text; fields: {fields}", start, end - 1
        )

    def _term(self, name: str, negated: bool, start: int, value: int) -> Term:
        items = self._items(value, start)
        end = items[-1].end
        kind = FIELDS.get(name, CUSTOM).kind
        comparable = kind in ("ordered", "number", "date", "age")
        for item in items:
            if item.op and not comparable:
                self.typing.refuse(f"{name} can't be compared with {item.op!r}", item)
            if kind in ("open", "text", "choice") and not item.quoted and item.text[-1] in "*~":
                self.typing.fail(
                    f"{item.text[-1]!r} is for words without a field", item.end - 1, item.end
                )
        op, values = self.typing.typed(name, kind, items)
        return Term(
            name, op, tuple(dict.fromkeys(values)) if op == "=" else values, negated, start, end
        )

    def _items(self, position: int, start: int) -> list[Item]:
        """The values from ``position`` on, split at commas; the term begins at ``start``."""
        items: list[Item] = []
        while True:
            op = _OPERATOR.match(self.text, position)
            begin = op.end() if op else position
            if self.text.startswith('"', begin):
                item = self._quotation(begin, op[0] if op else "")
            else:
                bare = _BARE.match(self.text, begin)
                end = bare.end() if bare else begin
                item = Item(self.text[begin:end], begin, end, op[0] if op else "")
            if not item.text:
                written = self.text[start : item.end]
                self.typing.fail(f"a value is missing in {written!r}", start, item.end)
            items.append(item)
            if not self.text.startswith(",", item.end):
                return items
            position = item.end + 1

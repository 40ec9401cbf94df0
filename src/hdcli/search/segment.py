"""A segment: some documents of one kind, indexed once and never changed, as Whoosh's codec has it.

Three fields. ``title`` and ``text`` have the terms with their weight in each document (how often,
against how long it is: ranking.weight), so that a search reads weights and nothing else. ``word``
is the dictionary of the words as they were written; its one posting holds how many documents use
it. The keys of the documents lie beside it, sorted, a line each: a document's number is its line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

from hdcli.search import whooshed
from hdcli.search.document import Kind
from hdcli.search.postings import Damaged, Found, Postings, blocks

TITLE, TEXT, WORD = "title", "text", "word"
PREFIX = "hd"
TERMS_EXT, POSTINGS_EXT, KEYS_EXT = ".trm", ".pst", ".keys"
# Before a term in the table: the number of its field.
_FIELD = Struct("!H")
# Larger blocks cost less a posting; smaller ones let more of a list be skipped.
_BLOCK = 256


class Entry(NamedTuple):
    """A segment as the list of segments has it; ``gone`` are documents that count no more."""

    name: str
    kind: Kind
    documents: int
    size: int
    gone: tuple[int, ...] = ()

    @property
    def live(self) -> int:
        """How many documents it has that count."""
        return self.documents - len(self.gone)


def files(name: str) -> list[str]:
    """The names of a segment's files."""
    return [name + each for each in (TERMS_EXT, POSTINGS_EXT, KEYS_EXT)]


def write(
    folder: Path, name: str, kind: Kind, keys: Sequence[str], fields: Mapping[str, Any]
) -> Entry:
    """Writes a segment; ``fields`` has term -> postings, documents ascending, for each field."""
    whoosh = whooshed.codec()
    codec = whoosh.codec(blocklimit=_BLOCK)
    # What Whoosh's codec names its files by.
    named = whoosh.segment(codec, PREFIX, segid=name.removeprefix(f"{PREFIX}_"))
    writer = codec.field_writer(whoosh.storage(str(folder)), named)
    for number, name_of_field in enumerate((TEXT, TITLE, WORD)):
        terms: Mapping[str, Postings] = fields[name_of_field]
        if not terms and number:
            continue
        writer.start_field(name_of_field, whoosh.field)
        for encoded, term in sorted((term.encode(), term) for term in terms):
            writer.start_term(encoded)
            for document, weight in zip(*terms[term], strict=True):
                writer.add(document, weight, b"", 1)
            writer.finish_term()
        writer.finish_field()
    writer.close()
    (folder / (name + KEYS_EXT)).write_text("".join(f"{key}\n" for key in keys), encoding="utf-8")
    size = sum((folder / each).stat().st_size for each in files(name))
    return Entry(name, kind, len(keys), size)


class Segment:
    """A segment, opened for reading."""

    def __init__(self, folder: Path, entry: Entry) -> None:
        self.entry = entry
        self.kind = entry.kind
        self.gone = frozenset(entry.gone)
        if sum((folder / each).stat().st_size for each in files(entry.name)) != entry.size:
            raise Damaged(entry.name)
        # Read now, while they are surely there: a merge may delete the files of an open segment.
        self._keys = (folder / (entry.name + KEYS_EXT)).read_bytes()
        self._postings = _mapped(folder / (entry.name + POSTINGS_EXT))
        self._table = whooshed.table(_mapped(folder / (entry.name + TERMS_EXT)))
        self._fields: Mapping[str, bytes] = {
            name: _FIELD.pack(number) for name, number in self._table.extras["fieldmap"].items()
        }

    @cached_property
    def keys(self) -> list[str]:
        """The keys of its documents, in the order of their numbers."""
        keys = self._keys.decode().split("\n")[:-1]
        if len(keys) != self.entry.documents:
            raise Damaged(self.entry.name)
        return keys

    def number_of(self, key: str) -> int | None:
        """The number of a document that counts; None when it is not here."""
        number = bisect_left(self.keys, key)
        there = number < len(self.keys) and self.keys[number] == key
        return number if there and number not in self.gone else None

    def find(self, field: str, term: str) -> Found | None:
        """A term; None when no document has it there."""
        if field not in self._fields:
            return None
        value = self._table.get(self._fields[field] + term.encode())
        return None if value is None else Found.of(value)

    def postings(self, found: Found, among: Sequence[int] | None = None) -> Iterator[Postings]:
        """A term's documents and their weights, block by block; see ``blocks``."""
        return blocks(self._postings, found.start, among)

    def words_from(self, prefix: str) -> Iterator[str]:
        """The words of the dictionary that begin so, in order."""
        return (word for word, _ in self._from(WORD, prefix))

    def all(self, field: str) -> Iterator[tuple[str, Postings]]:
        """Every term of a field with its postings, in the order of their bytes."""
        for term, value in self._from(field, ""):
            documents: list[int] = []
            weights: list[float] = []
            for numbers, values in self.postings(Found.of(value)):
                documents += numbers
                weights += values
            yield term, (documents, weights)

    def _from(self, field: str, prefix: str) -> Iterator[tuple[str, bytes]]:
        """The terms of a field that begin so, with what the table has of each."""
        if field not in self._fields:
            return
        start = self._fields[field] + prefix.encode()
        for key, value in self._table.items_from(start):
            if not key.startswith(start):
                return
            yield key[_FIELD.size :].decode(), value

    def close(self) -> None:
        """Frees its files."""
        self._table.close()
        self._postings.close()


def _mapped(file: Path) -> mmap:
    with file.open("rb") as source:
        return mmap(source.fileno(), 0, access=ACCESS_READ)


def counted(words: Iterable[str]) -> dict[str, Postings]:
    """The dictionary's field: each word with one posting, how many times it was given."""
    return {word: ((0,), (float(n),)) for word, n in Counter(words).items()}

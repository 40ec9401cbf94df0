"""A segment: some documents of one kind, indexed once and never changed, as Whoosh's codec has it.

Three fields. ``title`` and ``text`` have the terms with their weight in each document (how often,
against how long it is: ranking.weight), so that a search reads weights and nothing else. ``word``
is the dictionary of the words as they were written; its one posting holds how many documents use
it. The keys of the documents lie beside it, sorted, a line each: a document's number is its line.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from hdcli.search.document import Kind
from hdcli.search.whooshed import parts

TITLE, TEXT, WORD = "title", "text", "word"
PREFIX = "hd"
KEYS_EXT = ".keys"
_EXTENSIONS = (".trm", ".pst", KEYS_EXT)
# Larger blocks cost less a posting; smaller ones let more of a list be skipped.
_BLOCK = 256
Postings = tuple[Sequence[int], Sequence[float]]


class Damaged(Exception):
    """A segment's files are not what was written."""


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


class Found(NamedTuple):
    """A term in one field of a segment: in how many documents, its highest weight there."""

    documents: int
    most: float
    info: Any


def files(name: str) -> list[str]:
    """The names of a segment's files."""
    return [name + each for each in _EXTENSIONS]


def write(
    folder: Path, name: str, kind: Kind, keys: Sequence[str], fields: Mapping[str, Any]
) -> Entry:
    """Writes a segment; ``fields`` has term -> postings, documents ascending, for each field."""
    whoosh = parts()
    codec = whoosh.codec(blocklimit=_BLOCK)
    writer = codec.field_writer(whoosh.storage(str(folder)), _named(name))
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


def _named(name: str) -> Any:
    """What Whoosh's codec names its files by."""
    whoosh = parts()
    return whoosh.segment(whoosh.codec(), PREFIX, segid=name.removeprefix(f"{PREFIX}_"))


class Segment:
    """A segment, opened for reading."""

    def __init__(self, folder: Path, entry: Entry) -> None:
        self.entry = entry
        self.kind = entry.kind
        self.gone = frozenset(entry.gone)
        if sum((folder / each).stat().st_size for each in files(entry.name)) != entry.size:
            raise Damaged(entry.name)
        whoosh = parts()
        # Read now, while they are surely there: a merge may delete the files of an open segment.
        self._keys = (folder / (entry.name + KEYS_EXT)).read_bytes()
        storage = whoosh.storage(str(folder))
        self._terms = whoosh.codec().terms_reader(storage, _named(entry.name))

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
        key = self._terms._keycoder(field, term.encode())
        data = self._terms._tindex.get(key)
        if data is None:
            return None
        info = parts().info.from_bytes(data)
        return Found(info.doc_frequency(), info.max_weight(), info)

    def postings(self, found: Found, among: Sequence[int] | None = None) -> Iterator[Postings]:
        """A term's documents and their weights, block by block; see ``_blocks``."""
        return _blocks(self._terms._postfile, found.info, among)

    def words_from(self, prefix: str) -> Iterator[str]:
        """The words of the dictionary that begin so, in order."""
        start = prefix.encode()
        for field, text in self._terms.terms_from(WORD, start):
            if field != WORD or not text.startswith(start):
                return
            yield text.decode()

    def all(self, field: str) -> Iterator[tuple[str, Postings]]:
        """Every term of a field with its postings, in the order of their bytes."""
        for (name, text), info in self._terms.items_from(field, b""):
            if name != field:
                return
            documents: list[int] = []
            weights: list[float] = []
            for numbers, values in _blocks(self._terms._postfile, info, None):
                documents += numbers
                weights += values
            yield text.decode(), (documents, weights)

    def close(self) -> None:
        """Frees its files."""
        self._terms.close()


def _blocks(file: Any, info: Any, among: Sequence[int] | None) -> Iterator[Postings]:
    """Documents and weights block by block, as Whoosh's matcher decodes them.

    The matcher gives one posting a call, which would be most of a search's time; its blocks, each
    at once, are five times as fast. Blocks without any of ``among`` (ascending) are passed over.
    """
    whoosh = parts()
    matcher = whoosh.matcher(file, *info.extent(), whoosh.format)
    place = 0
    while not matcher._atend:
        before = place
        if among is not None:
            place = bisect_right(among, matcher._maxid, place)
        if among is None or place > before:
            matcher._read_data()
            deltas, weights, _ = matcher._data
            documents = list(accumulate(deltas))
            if not isinstance(weights, tuple):
                weights = (1.0 if weights is None else weights,) * len(documents)
            yield documents, weights
        if among is not None and place == len(among):
            return
        matcher._next_block()


def counted(words: Iterable[str]) -> dict[str, Postings]:
    """The dictionary's field: each word with one posting, how many times it was given."""
    return {word: ((0,), (float(n),)) for word, n in Counter(words).items()}

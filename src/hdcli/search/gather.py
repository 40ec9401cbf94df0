"""From documents to a segment: their words counted and weighed."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from hdcli.model.plain import plain
from hdcli.search import analysis, segment
from hdcli.search.document import Document
from hdcli.search.postings import Postings
from hdcli.search.segment import Entry
from hdcli.search.weights import Lengths, text_weight, title_weight

_ROUNDED = 64
_Growing: TypeAlias = "tuple[array[int], array[float]]"


def new_name() -> str:
    """A name that no segment had before."""
    return f"{segment.PREFIX}_{os.urandom(8).hex()}"


def measure(documents: Sequence[Document]) -> Lengths | None:
    """How long titles and texts are on average; None without documents."""
    if not documents:
        return None
    titles = sum(_Counted(each.title).length for each in documents)
    texts = sum(_Counted(each.text).length for each in documents)
    count = len(documents)
    return Lengths(max(1.0, titles / count), max(1.0, (titles + texts) / count))


def write(folder: Path, documents: Sequence[Document], lengths: Lengths) -> Entry:
    """Writes a segment of documents of one kind, at least one; the last of a key counts."""
    by_key = {each.key: each for each in documents}
    keys = sorted(by_key)
    gathered = _Gathered(lengths)
    for number, key in enumerate(keys):
        gathered.add(number, by_key[key])
    return segment.write(folder, new_name(), documents[0].kind, keys, gathered.fields())


class _Gathered:
    """Postings as they come: term -> documents and weights."""

    def __init__(self, lengths: Lengths) -> None:
        self._lengths = lengths
        self._text: dict[str, _Growing] = {}
        self._title: dict[str, _Growing] = {}
        self._chunks: Counter[str] = Counter()

    def add(self, number: int, document: Document) -> None:
        """Counts one document; numbers ascend."""
        title, text = _Counted(document.title), _Counted(document.text)
        tags, names = _Counted(" ".join(document.tags)), _Counted(" ".join(document.names))
        in_title = Counter(chain.from_iterable(chain(title.terms, tags.terms)))
        in_text = in_title + Counter(chain.from_iterable(chain(text.terms, names.terms)))
        usual = self._lengths
        for term, times in in_title.items():
            _post(self._title, term, number, title_weight(times, title.length, usual.title))
        length = title.length + text.length
        for term, times in in_text.items():
            _post(self._text, term, number, text_weight(times, length, usual.text))
        self._chunks.update({*title.chunks, *text.chunks, *tags.chunks, *names.chunks})

    def fields(self) -> Mapping[str, Mapping[str, Postings]]:
        """What a segment is written from."""
        words: Counter[str] = Counter()
        for chunk, documents in self._chunks.items():
            for word in analysis.surfaces(chunk):
                words[word] += documents
        return {
            segment.TEXT: self._text,
            segment.TITLE: self._title,
            segment.WORD: {word: ((0,), (float(n),)) for word, n in words.items()},
        }


class _Counted:
    """A text's chunks and their terms; its ``length`` is how many of them are no stop words."""

    def __init__(self, text: str) -> None:
        self.chunks = analysis.chunks(plain(text))
        self.terms = list(map(analysis.terms, self.chunks))
        self.length = sum(map(bool, self.terms))


def _post(field: dict[str, _Growing], term: str, number: int, weight: float) -> None:
    postings = field.get(term)
    if postings is None:
        postings = field[term] = (array("I"), array("f"))
    postings[0].append(number)
    # Rounded: weights that are alike pack better, and no ranking hangs on the rest.
    postings[1].append(round(weight * _ROUNDED) / _ROUNDED)

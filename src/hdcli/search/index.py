"""The index of a desk: opened, caught up, built anew; asked.

It is a projection: whoever reads it brings it up to date first. Readers never wait for one another
or for a writer of the desk; those who write the index hold its lock. What is damaged is built anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from hdcli.model.plain import plain
from hdcli.model.query import Word
from hdcli.search import answering, building, gather, manifest, merging, spelling
from hdcli.search.answering import Found, Texts
from hdcli.search.document import KINDS, Document, Kind
from hdcli.search.manifest import Manifest
from hdcli.search.question import Question, Synonyms, asked
from hdcli.search.ranking import Allowed, Corpus
from hdcli.search.segment import WORD, Entry, Segment

_TRIES = 10
# So many more segments than it was built with make a search slow: it is built anew.
_MOST_MORE = 64


@dataclass(frozen=True, slots=True)
class Index:
    """An index as it was when it was opened; empty where there is none that can be read."""

    folder: Path
    manifest: Manifest | None
    corpus: Corpus

    @classmethod
    def open(cls, folder: Path) -> Index:
        """The index in a folder. What is missing, damaged or of another version is empty."""
        for _ in range(_TRIES):
            listed = manifest.read(folder)
            if listed is None:
                break
            try:
                segments = [Segment(folder, each) for each in listed.segments]
            except FileNotFoundError:
                continue  # merged and deleted since the list was read: there is a newer one
            except Exception:  # damage shows itself to Whoosh in any way; the index is built anew
                break
            return cls(folder, listed, Corpus(segments, listed.documents))
        return cls(folder, None, Corpus((), 0))

    @property
    def commit(self) -> str | None:
        """The commit that it reflects; None for an empty one."""
        return self.manifest.commit if self.manifest else None

    @property
    def documents(self) -> int:
        """How many documents it has."""
        return self.corpus.documents

    def close(self) -> None:
        """Frees its files."""
        for each in self.corpus.segments:
            each.close()

    def update(self, documents: Iterable[Document], removed: Iterable[str], commit: str) -> Index:
        """Puts documents in, in the place of those of their keys, and takes others out.

        Gives the index after it. Hold the lock (``guard.writing``).
        """
        assert self.manifest is not None
        new = list(documents)
        gone = {each.key for each in new} | set(removed)
        entries = [self._without(each, gone) for each in self.corpus.segments]
        for kind in KINDS:
            portion = [each for each in new if each.kind == kind]
            if portion:
                entries.append(gather.write(self.folder, portion, self.manifest.lengths[kind]))
        entries = list(merging.tidied(self.folder, entries))
        after = self.manifest._replace(commit=commit, segments=tuple(entries))
        manifest.write(self.folder, after)
        self.close()
        return Index.open(self.folder)

    def _without(self, segment: Segment, keys: Iterable[str]) -> Entry:
        gone = {number for key in keys if (number := segment.number_of(key)) is not None}
        if not gone:
            return segment.entry
        return segment.entry._replace(gone=tuple(sorted(segment.gone | gone)))

    @property
    def worn(self) -> bool:
        """Whether it should be built anew: outgrown, or full of what is gone."""
        if self.manifest is None:
            return True
        entries, count = self.manifest.segments, self.manifest.documents
        return (
            len(entries) > self.manifest.built + _MOST_MORE
            or sum(each.documents for each in entries) > 2 * count + 1000
            or (self.manifest.measured < building.SAMPLE and count > 2 * self.manifest.measured + 8)
        )

    def question(self, words: Iterable[Word], synonyms: Synonyms = ()) -> Question:
        """What words of the query language ask of this index."""
        return asked(words, self._beginning, self._nearly, synonyms)

    def answer(
        self,
        question: Question,
        *,
        kinds: Collection[Kind] = KINDS,
        limit: int = 10,
        every: bool = True,
        allowed: Allowed | None = None,
        without: Collection[str] = (),
        texts: Texts | None = None,
    ) -> Found:
        """The best documents for a question: at least ``limit`` of them, where there are.

        ``every`` clause must be fulfilled, else any. Only keys that are ``allowed`` count, and
        none in ``without``. With their ``texts`` phrases are made sure of, and how the
        question is worded counts.
        """
        return answering.answer(
            self.corpus,
            question,
            kinds,
            limit,
            every=every,
            allowed=allowed,
            without=without,
            texts=texts,
        )

    def nearest_terms(self, word: str) -> list[str]:
        """Words of the index that somebody who typed this one perhaps meant, likeliest first."""
        return spelling.nearest(plain(word), self.uses, self._beginning)

    def uses(self, word: str) -> int:
        """How many documents have a word as it is written (plain)."""
        return int(sum(each.weight for each in self.corpus.found(WORD, word) if each))

    def reach(self, question: Question) -> dict[str, int]:
        """How many documents fulfil each clause, at most, by its label."""
        return {each.label: self.corpus.reach(each) for each in question.clauses}

    def _beginning(self, start: str) -> list[str]:
        words = (word for each in self.corpus.segments for word in each.words_from(start))
        return list(dict.fromkeys(words))

    def _nearly(self, word: str) -> list[str]:
        return [word, *spelling.one_slip_away(word, self.uses)]


def rebuild(
    folder: Path,
    documents: Iterable[Document],
    commit: str,
    progress: building.Progress | None = None,
) -> Index:
    """Builds the index anew from all documents; the old one answers until the new one is there.

    Hold the lock (``guard.writing``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries, lengths, measured = building.build(folder, documents, progress)
    manifest.write(folder, Manifest(commit, tuple(entries), lengths, measured, len(entries)))
    return Index.open(folder)


def drop(folder: Path) -> None:
    """Makes an index count as missing. Hold the lock."""
    (folder / manifest.NAME).unlink(missing_ok=True)

"""What is asked for, in terms of the index: clauses that a document fulfils one way or another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hdcli.model.plain import plain
from hdcli.model.query import Word
from hdcli.search import analysis
from hdcli.search.analysis import Form

# A synonym counts a little less than the word that was typed.
_SYNONYM = 0.8
# What the parts of something written together add to the whole, or count without it.
_PARTS = 0.5
Synonyms = Sequence[Sequence[str]]
Expand = Callable[[str], Iterable[str]]
"""The words of the dictionary that a beginning or a misspelling may mean."""


class Way(NamedTuple):
    """Terms that together fulfil a clause, and how much doing it so counts.

    ``synonym`` is what the desk lists as meaning the same, where that is what they are.
    """

    terms: tuple[str, ...]
    factor: float = 1.0
    synonym: str = ""


class Clause(NamedTuple):
    """A word of the query: the ways to fulfil it, the best of which counts.

    The ``parts`` of what is written together fulfil it too, and count on top: a document with the
    whole has them as well, and shall come before one that only has them.
    """

    label: str
    ways: tuple[Way, ...]
    parts: Way | None = None
    weight: float = 1.0

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term of every way, each once."""
        ways = (*self.ways, self.parts) if self.parts else self.ways
        return tuple(dict.fromkeys(term for way in ways for term in way.terms))


class Banned(NamedTuple):
    """What no document may have; with ``phrase`` only where the text has it in these words."""

    way: Way
    phrase: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A query's words. ``sequence`` has their terms in order, stop words too; None ends a run."""

    clauses: tuple[Clause, ...] = ()
    banned: tuple[Banned, ...] = ()
    phrases: tuple[re.Pattern[str], ...] = ()
    sequence: tuple[str | None, ...] = ()
    words: tuple[str, ...] = field(default=())
    """Plain words as typed, stop words too: what to look for in a text."""

    def loose(self) -> Question:
        """The same with the words of its phrases anywhere."""
        return Question(self.clauses, self.banned, (), self.sequence, self.words)

    def without(self, labels: Iterable[str]) -> Question:
        """The same without some clauses."""
        gone = frozenset(labels)
        kept = tuple(each for each in self.clauses if each.label not in gone)
        return Question(kept, self.banned, self.phrases, self.sequence, self.words)


def asked(
    words: Iterable[Word], beginning: Expand, nearly: Expand, synonyms: Synonyms = ()
) -> Question:
    """The question that words of the query language are; field terms are none of it."""
    known = _Synonyms(synonyms)
    clauses: list[Clause] = []
    banned: list[Banned] = []
    phrases: list[re.Pattern[str]] = []
    sequence: list[str | None] = []
    typed: list[str] = []
    run: list[Clause] = []
    for word in words:
        text = plain(word.text)
        chunks = analysis.chunks(text)
        forms = [analysis.form(each) for each in chunks]
        if word.negated:
            banned += _banned(word, text, forms, beginning, nearly)
            continue
        typed += chunks
        if word.prefix or word.fuzzy:
            clauses += known.applied(run)
            run = []
            expand = beginning if word.prefix else nearly
            clauses += [_plain_clause(c, f) for c, f in zip(chunks[:-1], forms[:-1], strict=True)]
            clauses += [_expanded(word, each, expand) for each in chunks[-1:]]
            sequence.append(None)
            continue
        run += [_plain_clause(c, f) for c, f in zip(chunks, forms, strict=True) if not f.stop]
        sequence += [each.whole for each in forms]
        if word.phrase:
            clauses += run
            run = []
            phrases.append(phrase(text))
    clauses += known.applied(run)
    return Question(
        _each_once(clauses), tuple(banned), tuple(phrases), tuple(sequence), tuple(typed)
    )


def of_text(parts: Iterable[tuple[float, str]], synonyms: Synonyms = ()) -> tuple[Clause, ...]:
    """The words of a text in parts, which count so many times each, as clauses; no stop words.

    They are labelled as they were first written, and weigh as often as they were said.
    """
    known = _Synonyms(synonyms)
    found: dict[Way, Clause] = {}
    for weight, part in parts:
        forms = ((original, analysis.form(chunk)) for chunk, original in analysis.written(part))
        run = [_plain_clause(original, form) for original, form in forms if not form.stop]
        for each in known.widened(run):
            before = found.setdefault(each.ways[0], each._replace(weight=0.0))
            ways = dict.fromkeys((*before.ways, *each.ways))
            found[each.ways[0]] = before._replace(ways=tuple(ways), weight=before.weight + weight)
    return tuple(found.values())


def phrase(text: str) -> re.Pattern[str]:
    """Finds a phrase in plain text, whatever spaces and signs are between its words."""
    words = re.findall(r"\w+", text)
    return re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, words)) + r"(?!\w)")


def _plain_clause(chunk: str, form: Form) -> Clause:
    parts = Way(form.parts, _PARTS) if form.parts else None
    return Clause(chunk, (Way((form.whole,)),), parts)


def _expanded(word: Word, chunk: str, expand: Expand) -> Clause:
    forms = [analysis.form(each) for each in expand(chunk)]
    ways = dict.fromkeys(Way((each.whole,)) for each in forms if not each.stop)
    return Clause(str(word), tuple(ways))


def _banned(
    word: Word, text: str, forms: Sequence[Form], beginning: Expand, nearly: Expand
) -> list[Banned]:
    if word.prefix or word.fuzzy:
        clause = _expanded(word, text, beginning if word.prefix else nearly)
        return [Banned(way) for way in clause.ways]
    terms = tuple(each.whole for each in forms if not each.stop)
    if not terms:
        return []
    exact = phrase(text) if word.phrase else None
    banned = [Banned(Way(terms), exact)]
    if len(forms) == 1 and forms[0].parts and not word.phrase:
        banned.append(Banned(Way(forms[0].parts), phrase(text)))
    return banned


def _each_once(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Clauses that are the same become one that weighs as all of them."""
    found: dict[tuple[Way, ...], Clause] = {}
    for each in clauses:
        if each.ways in found:
            before = found[each.ways]
            found[each.ways] = before._replace(weight=before.weight + each.weight)
        else:
            found[each.ways] = each
    return tuple(found.values())


class _Synonyms:
    """The desk's lists of words that mean the same; a list's items may be several words."""

    def __init__(self, lists: Synonyms) -> None:
        self._by_terms: dict[tuple[str, ...], list[Way]] = {}
        for each in lists:
            ways = [Way(terms, _SYNONYM, item) for item in each if (terms := _terms(item))]
            for way in ways:
                others = [other for other in ways if other.terms != way.terms]
                self._by_terms.setdefault(way.terms, []).extend(others)
        self._longest = max(map(len, self._by_terms), default=0)

    def applied(self, run: Sequence[Clause]) -> list[Clause]:
        """Neighbouring clauses, with what means the same as another way to fulfil them."""
        found: list[Clause] = []
        for clauses, others in self._listed(run):
            own, parts = clauses[0].ways, clauses[0].parts
            if len(clauses) > 1:
                own, parts = (Way(_first_terms(clauses)),), None
            label = " ".join(each.label for each in clauses)
            found.append(Clause(label, (*own, *others), parts))
        return found

    def widened(self, run: Sequence[Clause]) -> list[Clause]:
        """The same of a text, where something is shared by any of the words as well: each keeps a
        clause of its own."""
        if not self._by_terms:
            return list(run)
        return [
            each._replace(ways=(*each.ways, *others))
            for clauses, others in self._listed(run)
            for each in clauses
        ]

    def _listed(self, run: Sequence[Clause]) -> Iterator[tuple[Sequence[Clause], Sequence[Way]]]:
        """The clauses one by one, or as many as are an item of a list; with the others of it."""
        place = 0
        while place < len(run):
            longest = min(self._longest, len(run) - place)
            spans = (run[place : place + count] for count in range(longest, 0, -1))
            known = (each for each in spans if _first_terms(each) in self._by_terms)
            clauses = next(known, run[place : place + 1])
            yield clauses, self._by_terms.get(_first_terms(clauses), ())
            place += len(clauses)


def _first_terms(clauses: Iterable[Clause]) -> tuple[str, ...]:
    return tuple(each.ways[0].terms[0] for each in clauses)


def _terms(text: str) -> tuple[str, ...]:
    return tuple(each.whole for each in analysis.forms(plain(text)) if not each.stop)

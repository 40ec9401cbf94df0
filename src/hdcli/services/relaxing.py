"""What is asked instead where nothing has all that was asked for: slips put right, words let go.

Only a word that nothing has is put right by itself; what few have may be just what was meant, and
is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from hdcli.model.plain import plain
from hdcli.model.query import Query, Term, Word
from hdcli.search import analysis
from hdcli.search.index import Index
from hdcli.search.question import Question, Synonyms

# A word that few documents have may be a slip of one that so many times as many have.
_FEW = 3
_FAR_MORE = 20
_SUGGESTED = 3
_APART = "the words of the phrase apart"


class Attempt(NamedTuple):
    """A question, of which ``every`` clause must hold or any, and what it lets go of the query.

    ``corrected`` are the words put right, by the word as typed; ``instead`` is the query with them,
    or empty.
    """

    question: Question
    every: bool = True
    relaxed: str = ""
    corrected: Mapping[str, str] = {}
    instead: str = ""


def attempts(
    index: Index,
    query: Query,
    question: Question,
    synonyms: Synonyms,
    meant: Mapping[str, Sequence[str]],
    *,
    any_word: bool,
) -> Iterator[Attempt]:
    """What to ask, one after the other until something is found; ``question`` is the query's."""
    asked = Attempt(question, every=not any_word)
    yield from _strictly(asked)
    corrected = _corrected(index, question, meant)
    if corrected:
        right = replace(query, parts=tuple(_put_right(each, corrected) for each in query.parts))
        question = index.question(right.words, synonyms)
        asked = asked._replace(question=question, corrected=corrected, instead=str(right))
        yield from _strictly(asked)
    if not any_word:
        yield from _fewer(index, asked._replace(question=question.loose()))


def _strictly(asked: Attempt) -> Iterator[Attempt]:
    """All that is asked, then with the words of its phrases anywhere."""
    yield asked
    if asked.question.phrases and asked.every:
        yield asked._replace(question=asked.question.loose(), relaxed=_APART)


def _fewer(index: Index, asked: Attempt) -> Iterator[Attempt]:
    """The same with fewer and fewer of its words."""
    reach = index.reach(asked.question)
    unknown = [label for label, documents in reach.items() if not documents]
    if unknown and len(unknown) < len(reach):
        told = f"without {', '.join(unknown)}"
        yield asked._replace(question=asked.question.without(unknown), relaxed=told)
    if len(reach) - len(unknown) > 1:
        yield asked._replace(every=False, relaxed="any of the words")


def _corrected(
    index: Index, question: Question, meant: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """For the words that nothing has, each by itself, what was likely meant."""
    reach = index.reach(question)
    return {typed: near[0] for typed, near in meant.items() if not reach[typed]}


def _put_right(part: Word | Term, corrected: Mapping[str, str]) -> Word | Term:
    if not isinstance(part, Word) or not _whole(part):
        return part
    words = (corrected.get(plain(each), each) for each in part.text.split())
    return replace(part, text=" ".join(words))


def meant(index: Index, question: Question, words: Sequence[Word]) -> dict[str, list[str]]:
    """For words that nothing or little has, what has far more and is written nearly so."""
    typed = {label for each in words if _whole(each) for label in plain(each.text).split()}
    found: dict[str, list[str]] = {}
    for label, documents in index.reach(question).items():
        if documents >= _FEW or label not in typed:
            continue
        least = max(1, documents * _FAR_MORE)
        near = index.nearest_terms(analysis.stripped(label))
        if often := [each for each in near if index.uses(each) >= least]:
            found[label] = often[:_SUGGESTED]
    return found


def _whole(word: Word) -> bool:
    """Whether a word stands for itself: then a slip in it may be put right."""
    return not (word.prefix or word.fuzzy or word.negated)

"""Searching tickets and articles together: what a query finds, ranked, with the words shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from hdcli.errors import BadQuery, BadUsage
from hdcli.model import ids
from hdcli.model.query import Query, Word
from hdcli.search.answering import Found
from hdcli.search.document import KINDS, Kind, Scored
from hdcli.search.excerpt import Excerpt
from hdcli.search.index import Index
from hdcli.search.question import Question
from hdcli.search.ranking import Allowed
from hdcli.services import relaxing, showing
from hdcli.services.indexing import Progress, ask, opened_index
from hdcli.services.relaxing import Attempt
from hdcli.store import condition, listing, texts
from hdcli.store.desk import Desk

__all__ = ["Hit", "Results", "Search", "ask", "opened_index", "search"]

# Scores so near the best one's share of each other are equal: then the solved comes first, then
# what changed last.
_EQUAL = 0.01
_SHORTEST_ID = 3
# To ask the cache about one ticket takes as long as about so many when it is asked for all.
_DEARER = 10


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and how: ``now`` is UTC, ``me`` the asking agent's handle, or empty.

    ``strict``: nothing of the query is let go, even when it then finds nothing.
    """

    query: Query
    now: str
    me: str = ""
    kinds: Collection[Kind] = KINDS
    limit: int | None = 10
    any_word: bool = False
    strict: bool = False


class Hit(NamedTuple):
    """A ticket or an article that was found; ``score`` is 0 where nothing was ranked.

    ``values`` are those of its file, without the log and an article's texts.
    """

    kind: Kind
    key: str
    score: float
    values: dict[str, Any]
    title: Excerpt
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Results:
    """The best hits, how many there are in all, and what was done to find some.

    ``meant`` are words that were perhaps meant, by the word as typed; ``corrected`` those that were
    taken for them, and ``instead`` the query with them, or empty. ``relaxed`` says what else of the
    query was let go: nothing (empty), or as in ``any of the words``.
    """

    hits: Sequence[Hit]
    total: int
    meant: Mapping[str, Sequence[str]] = field(default_factory=dict)
    relaxed: str = ""
    corrected: Mapping[str, str] = field(default_factory=dict)
    instead: str = ""


class _Answer(NamedTuple):
    """The keys found, best first, before they are read."""

    found: list[Scored]
    total: int
    attempt: Attempt
    meant: dict[str, list[str]]


def search(desk: Desk, wanted: Search, progress: Progress | None = None) -> Results:
    """What a query finds. Raises BadQuery, Busy.

    Words are ranked by the index; terms on fields, which only tickets have, are answered by the
    cache, before anything is cut. Without a word to rank by, what changed last comes first.
    """
    _refuse_terms_of_articles(wanted)
    named = _named(desk, wanted)
    found = ask(desk, lambda index: _searched(desk, wanted, index, named), progress)
    return found


def _refuse_terms_of_articles(wanted: Search) -> None:
    if wanted.query.terms and "ticket" not in wanted.kinds:
        first = wanted.query.terms[0]
        message = "a term on a field is about tickets, and --kind article leaves them out"
        raise BadQuery(message, wanted.query.text, first.start, first.end)


def _named(desk: Desk, wanted: Search) -> list[Scored]:
    """The tickets that a query of nothing but ids names, or their slug's articles."""
    found: list[Scored] = []
    for part in wanted.query.parts:
        if not isinstance(part, Word) or part.negated or part.prefix or part.fuzzy or part.phrase:
            return []
        keys = _by_id(desk, part.text) if "ticket" in wanted.kinds else []
        if not keys:
            return []
        found += [Scored("ticket", key, 0.0) for key in keys]
    return list(dict.fromkeys(found))


def _by_id(desk: Desk, text: str) -> list[str]:
    """The tickets whose id (or old id) is or begins so; a mere word or number is none."""
    prefix = desk.settings.prefix
    prefixed = text.upper().startswith(f"{prefix}-")
    if not prefixed and (len(text) < _SHORTEST_ID or not any(map(str.isdigit, text))):
        return []
    try:
        key = ids.key(text, prefix)
    except BadUsage:
        return []
    if key.isdigit() and not prefixed and len(key) < ids.LENGTH:
        return []
    found = desk.cache.ask(lambda db: listing.by_prefix(db, key))
    return [each for each, title in found if title]


def _searched(desk: Desk, wanted: Search, index: Index, named: Sequence[Scored]) -> Results:
    question = index.question(wanted.query.words, desk.settings.synonyms)
    if not question.clauses:
        return _read(desk, wanted, _unranked(desk, wanted), index, named)
    ask_for = _asking(desk, wanted, index, frozenset(each.key for each in named))
    meant = {} if named else relaxing.meant(index, question, wanted.query.words)
    attempts = relaxing.attempts(
        index, wanted.query, question, desk.settings.synonyms, meant, any_word=wanted.any_word
    )
    for attempt in islice(attempts, 1 if named or wanted.strict else None):
        found = ask_for(attempt.question, attempt.every)
        if found.total:
            answer = _Answer(found.hits, found.total, attempt, meant)
            return _read(desk, wanted, answer, index, named)
    return _read(desk, wanted, _Answer([], 0, Attempt(question), meant), index, named)


def _asking(
    desk: Desk, wanted: Search, index: Index, without: Collection[str]
) -> Callable[[Question, bool], Found]:
    """Asks the index a question, of which every clause must hold or any."""
    allowed = _allowed(desk, wanted, index.documents)
    kinds: Collection[Kind] = KINDS[:1] if wanted.query.terms else wanted.kinds

    def plain_texts(kind: Kind, keys: Sequence[str]) -> dict[str, str]:
        return desk.cache.ask(lambda db: texts.texts(db, kind, keys))

    def answer(question: Question, every: bool) -> Found:
        return index.answer(
            question,
            kinds=kinds,
            limit=wanted.limit or index.documents,
            every=every,
            allowed=allowed,
            without=without,
            texts=plain_texts,
        )

    return answer


def _allowed(desk: Desk, wanted: Search, documents: int) -> Allowed | None:
    """Chooses among tickets those that the terms on fields leave; None without such terms."""
    if not wanted.query.terms:
        return None
    asked = condition.where(Query(wanted.query.terms), wanted.now, wanted.me)

    @cache
    def every() -> frozenset[str]:
        return desk.cache.ask(lambda db: listing.matching(db, asked))

    def allowed(keys: Sequence[str]) -> frozenset[str]:
        if len(keys) * _DEARER > documents:
            return every()
        return desk.cache.ask(lambda db: listing.matching_of(db, asked, keys))

    return allowed


def _unranked(desk: Desk, wanted: Search) -> _Answer:
    """The tickets that a query without a word to rank by finds, the last changed first."""
    if "ticket" not in wanted.kinds or not wanted.query.parts:
        return _Answer([], 0, Attempt(Question()), {})
    asked = condition.where(wanted.query, wanted.now, wanted.me)
    found = desk.cache.ask(lambda db: listing.ids_of(db, asked, "-updated", wanted.limit))
    total = desk.cache.ask(lambda db: listing.count(db, asked))
    scored = [Scored("ticket", each, 0.0) for each in found]
    return _Answer(scored, total, Attempt(Question()), {})


def _read(
    desk: Desk, wanted: Search, answer: _Answer, index: Index, named: Sequence[Scored]
) -> Results:
    """The hits with what is shown of them; those named first."""
    values = _values(desk, [*named, *answer.found])
    ranked = [each for each in answer.found if each.key in values]
    question, attempt = answer.attempt.question, answer.attempt
    if question.clauses:
        ranked = _ties_broken(ranked, values)
    chosen = [*(each for each in named if each.key in values), *ranked][: wanted.limit]
    shown = showing.shown(desk, chosen, values, question, index)
    hits = [
        Hit(each.kind, each.key, each.score, values[each.key], *shown[each.key]) for each in chosen
    ]
    total = answer.total + len(named)
    let_go = attempt.relaxed, attempt.corrected, attempt.instead
    return Results(hits, total, answer.meant, *let_go)


def _values(desk: Desk, found: Sequence[Scored]) -> dict[str, dict[str, Any]]:
    keys = {kind: [each.key for each in found if each.kind == kind] for kind in KINDS}
    tickets = desk.cache.ask(lambda db: listing.documents(db, keys["ticket"]))
    values = {each["id"]: each for each in map(json.loads, tickets)}
    if keys["article"]:
        from hdcli.store import articles

        others = desk.cache.ask(lambda db: articles.documents(db, keys["article"]))
        values |= {each["slug"]: _without_texts(each) for each in map(json.loads, others)}
    return values


def _without_texts(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ("steps", "body")}


def _ties_broken(found: Sequence[Scored], values: dict[str, dict[str, Any]]) -> list[Scored]:
    """Equal scores: what is solved or published first, then what changed last."""
    if not found:
        return []
    step = found[0].score * _EQUAL or 1.0
    newest = sorted(found, key=lambda each: str(values[each.key].get("updated", "")), reverse=True)
    return sorted(newest, key=lambda each: (-round(each.score / step), _unsolved(values[each.key])))


def _unsolved(values: dict[str, Any]) -> bool:
    return not (values.get("resolved") or values.get("state") == "published")

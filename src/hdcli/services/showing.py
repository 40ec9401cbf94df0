"""What is shown of a hit: its title and the piece of its text that has the words asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hdcli.search import excerpt
from hdcli.search.document import Scored
from hdcli.search.excerpt import Excerpt
from hdcli.search.index import Index
from hdcli.search.question import Question
from hdcli.search.spotting import Spotter
from hdcli.store import texts
from hdcli.store.desk import Desk
from hdcli.store.tables import file_name

# About two lines.
_LENGTH = 180


def shown(
    desk: Desk,
    hits: Sequence[Scored],
    values: Mapping[str, Mapping[str, Any]],
    question: Question,
    index: Index | None,
) -> dict[str, tuple[Excerpt, Excerpt | None]]:
    """Title and excerpt of each hit by its key, the words asked for marked."""
    terms = dict.fromkeys(term for clause in question.clauses for term in clause.terms)
    spotter = Spotter(terms, question.words)
    rarities = {each: index.corpus.text_rarity(each) for each in terms} if index else {}
    keys = [each.key for each in hits]
    written = desk.cache.ask(lambda db: texts.written(db, keys))
    return {
        key: (
            excerpt.whole(str(values[key].get("title", "")), spotter),
            excerpt.best(_pieces(written.get(key, ()), values[key]), spotter, rarities, _LENGTH),
        )
        for key in keys
    }


def _pieces(written: Iterable[str], values: Mapping[str, Any]) -> list[str]:
    """The texts of a ticket or an article as they were written, then its names."""
    found = list(written)
    found += [f"requester: {values['requester']}"] if values.get("requester") else []
    found += [f"tag: {each}" for each in values.get("tags", ())]
    found += [f"attachment: {file_name(each)}" for each in values.get("attachments", ())]
    return found

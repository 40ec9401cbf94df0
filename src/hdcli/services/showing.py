"""What is shown of a hit: its title and the piece of its text that has the words asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from hdcli.errors import BadData, NotFound
from hdcli.search import excerpt
from hdcli.search.document import Scored
from hdcli.search.excerpt import Excerpt
from hdcli.search.index import Index
from hdcli.search.question import Question
from hdcli.search.spotting import Spotter
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
    return {
        each.key: (
            excerpt.whole(str(values[each.key].get("title", "")), spotter),
            excerpt.best(_written(desk, each, values[each.key]), spotter, rarities, _LENGTH),
        )
        for each in hits
    }


def _written(desk: Desk, hit: Scored, values: Mapping[str, Any]) -> list[str]:
    """The texts of a ticket or an article as they were written, then its names."""
    found: list[str] = []
    with suppress(NotFound, BadData):  # it went, or broke, since it was indexed
        if hit.kind == "ticket":
            found += [entry.body for entry in desk.ticket(hit.key).log if entry.body]
        else:
            from hdcli.model.article import joined  # 8 ms, and not for tickets alone

            found.append(joined(desk.article(hit.key)))
    found += [f"requester: {values['requester']}"] if values.get("requester") else []
    found += [f"tag: {each}" for each in values.get("tags", ())]
    found += [f"attachment: {file_name(each)}" for each in values.get("attachments", ())]
    return found

"""What was taken out of a desk, or would be, and what a person has to look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hdcli.services.anonymising import Lost, Outcome


def lines(outcome: Outcome, *, dry: bool) -> Iterator[str]:
    """The outcome for people, a line each."""
    if not outcome:
        yield "nothing is left to anonymise"
    for pseudonym, who in outcome.people.items() if outcome else ():
        yield f"{pseudonym} stands for {who}"
    would = "would be" if dry else "is"
    for each in outcome.tickets:
        what = f"{would} anonymised" if each.whole else f"{would} without them"
        yield f"{each.key} {what}: {_lost(each)}{' (it is still open)' if each.open else ''}"
    for each in outcome.articles:
        yield f"kb {each.key} {would} without them: {_lost(each) or 'its text'}"
    if outcome.book:
        yield f"requesters.yaml {would} without them"
    if outcome.look_at:
        yield "look at these yourself:"
    for mention in outcome.look_at:
        yield f"  {mention.path}: {mention.what}"
    if outcome and not dry:
        yield "the history, other clones and sent mail keep what was: docs/privacy.md"


def _lost(each: Lost) -> str:
    parts = [(each.entries, "entry", "entries"), (each.files, "file", "files")]
    said = [f"{n} {one if n == 1 else many}" for n, one, many in parts if n]
    return ", ".join(said)


def document(outcome: Outcome, *, dry: bool) -> dict[str, Any]:
    """The outcome as a plain mapping; see docs/json.md."""
    return {
        "format": 1,
        "dry_run": dry,
        "pseudonyms": list(outcome.people),
        "tickets": [
            {"id": each.key, "entries": each.entries, "files": each.files, "whole": each.whole}
            for each in outcome.tickets
        ],
        "articles": [{"slug": each.key, "entries": each.entries} for each in outcome.articles],
        "address_book": outcome.book,
        "look_at": [{"path": each.path, "what": each.what} for each in outcome.look_at],
    }

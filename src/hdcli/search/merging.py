"""Few segments out of many: what keeps an index quick that is updated again and again.

New documents become a segment of their own. As soon as there are more than a few of about one size
these become one, so that each document is written again three times at most. The largest are left
alone, until so many of their documents are gone that the whole index is built anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from hdcli.search import segment
from hdcli.search.document import KINDS
from hdcli.search.gather import new_name
from hdcli.search.postings import Postings
from hdcli.search.segment import Entry, Segment

# Segments smaller than the first of these are one size, smaller than the second the next ...
_SIZES = (32, 256, 2048)
# Of one size there are at most so many. So an update costs some milliseconds, one in fifty a tenth
# of a second, one in a thousand a second or two.
_MOST = 7


def due(entries: Sequence[Entry]) -> list[Entry]:
    """The segments of one kind that should become one now; none when all is well."""
    for least, size in zip((0, *_SIZES), _SIZES, strict=False):
        alike = [each for each in entries if least <= each.documents < size]
        if len(alike) > _MOST:
            return alike
    return []


def tidied(folder: Path, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The segments with those merged that are due, and without those that are empty."""
    kept = [each for each in entries if each.live]
    for kind in KINDS:
        merging = due([each for each in kept if each.kind == kind])
        if merging:
            opened = [Segment(folder, each) for each in merging]
            new = _merged(folder, opened)
            kept = [each for each in kept if each not in merging] + [new]
            for each in opened:
                each.close()
    return tuple(kept)


def _merged(folder: Path, segments: Sequence[Segment]) -> Entry:
    """One segment with the documents of several of one kind that count."""
    keys = sorted(
        (key, at, number)
        for at, each in enumerate(segments)
        for number, key in enumerate(each.keys)
        if number not in each.gone
    )
    places: list[dict[int, int]] = [{} for _ in segments]
    for number, (_, at, old) in enumerate(keys):
        places[at][old] = number
    fields = {name: _merged_field(name, segments, places) for name in (segment.TEXT, segment.TITLE)}
    words: Counter[str] = Counter()
    for each in segments:
        for word, (_, weights) in each.all(segment.WORD):
            words[word] += int(weights[0])
    fields[segment.WORD] = {word: ((0,), (float(n),)) for word, n in words.items()}
    kind = segments[0].kind
    return segment.write(folder, new_name(), kind, [key for key, _, _ in keys], fields)


def _merged_field(
    name: str, segments: Iterable[Segment], places: Sequence[dict[int, int]]
) -> dict[str, Postings]:
    pairs: dict[str, list[tuple[int, float]]] = {}
    for each, renumbered in zip(segments, places, strict=True):
        for term, (documents, weights) in each.all(name):
            kept = [
                (renumbered[document], weight)
                for document, weight in zip(documents, weights, strict=True)
                if document in renumbered
            ]
            if kept:
                pairs.setdefault(term, []).extend(kept)
    fields: dict[str, Postings] = {}
    for term, found in pairs.items():
        found.sort()
        fields[term] = ([each for each, _ in found], [weight for _, weight in found])
    return fields

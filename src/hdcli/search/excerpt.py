"""The piece of a text that shows best why it was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hdcli.model.plain import plain_with_places
from hdcli.search.spotting import Spot, Spotter


class Excerpt(NamedTuple):
    """A piece of text on one line, and where in it the words asked for are: from, to."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


def whole(text: str, spotter: Spotter) -> Excerpt:
    """All of a short text, such as a title."""
    plain, places = plain_with_places(text)
    return _drawn(text, 0, len(text), [_moved(each, places) for each in spotter.spots(plain)])


def best(
    texts: Iterable[str], spotter: Spotter, rarities: Mapping[str, float], length: int
) -> Excerpt | None:
    """The piece of some texts, about so many characters, with the most of what was asked for.

    None when none of them has any.
    """
    chosen: tuple[float, str, int, list[tuple[int, int]]] | None = None
    for text in texts:
        plain, places = plain_with_places(text)
        spots = spotter.spots(plain)
        first, worth = _richest(spots, rarities, length)
        if spots and (chosen is None or worth > chosen[0]):
            moved = [_moved(each, places) for each in spots]
            chosen = worth, text, moved[first][0], moved
    if chosen is None:
        return None
    _, text, start, spans = chosen
    begin, end = _around(text, start, length)
    return _drawn(text, begin, end, spans)


def _richest(
    spots: Sequence[Spot], rarities: Mapping[str, float], length: int
) -> tuple[int, float]:
    """The spot from which a piece of that length has most, and how much: rare words first."""
    best_first, best_worth = 0, 0.0
    for first, spot in enumerate(spots):
        inside: dict[str, float] = {}
        for other in spots[first:]:
            if other.end > spot.start + length * 3 // 4:
                break
            inside[other.term] = rarities.get(other.term, 0.1)
        worth = sum(inside.values())
        if worth > best_worth:
            best_first, best_worth = first, worth
    return best_first, best_worth


def _moved(spot: Spot, places: Sequence[int]) -> tuple[int, int]:
    start, last = places[spot.start], places[spot.end - 1]
    return start, max(last + 1, places[spot.end])


def _around(text: str, start: int, length: int) -> tuple[int, int]:
    """A piece of the text with some words before ``start``; it begins and ends between words."""
    begin = max(0, start - length // 4)
    if begin:
        begin = max(text.find(" ", begin, start), text.find("\n", begin, start)) + 1 or begin
    end = min(len(text), begin + length)
    if end < len(text):
        end = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        end = end if end > start else min(len(text), begin + length)
    return begin, end


def _drawn(text: str, begin: int, end: int, spans: Iterable[tuple[int, int]]) -> Excerpt:
    """The piece on one line, spaces as one each, with dots where something is left out."""
    out = "…" if begin else ""
    marked: list[tuple[int, int]] = []
    place = begin
    for start, stop in spans:
        if start < place or stop > end:
            continue
        out = _joined(out, text[place:start])
        word = " ".join(text[start:stop].split())
        marked.append((len(out), len(out) + len(word)))
        out += word
        place = stop
    out = _joined(out, text[place:end]).rstrip()
    return Excerpt(out + ("…" if end < len(text) else ""), tuple(marked))


def _joined(out: str, text: str) -> str:
    """Text put behind what there is: every run of spaces becomes one, none at the beginning."""
    if not text:
        return out
    lead = " " if text[0].isspace() and out and not out.endswith((" ", "…")) else ""
    trail = " " if text[-1].isspace() and text.strip() else ""
    return f"{out}{lead}{' '.join(text.split())}{trail}"

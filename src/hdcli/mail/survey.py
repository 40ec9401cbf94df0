"""How a requester says what they think: links that prepare a mail, and what is read from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hdcli.mail import addressing

BEST = 5
_SUBJECT = re.compile(rf"([1-{BEST}]) ?/ ?{BEST}")
_LABEL = r"(?:note|score|rating)"
_THANKS = r"(?:merci|thanks|thank you|thx|danke)\b"
_STARS = r"(?:stars?|étoiles?)"
# A number alone; after "Note:" or with "/5" words may follow, but not what it may be a number of.
_FIRST = re.compile(
    rf"(?:{_LABEL}? ?:? ?(?P<alone>[1-{BEST}])(?: ?(?:/|of|sur) ?{BEST}| {_STARS})?[ .!]*"
    rf"|{_LABEL} ?: ?(?P<named>[1-{BEST}])(?: ?(?:/|of|sur) ?{BEST})?\b(?P<after>.*)"
    rf"|(?P<whole>[1-{BEST}]) ?/ ?{BEST}(?P<words> ?[,;.!:–-].*| {_THANKS}.*))",
    re.IGNORECASE,
)
_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "How was it? Click on a line and send the mail that opens, with words if you like:",
        "very good", "good", "fair", "poor", "very poor",
        "It is not solved", "not solved yet",
    ),
    "fr": (
        "Qu'en avez-vous pensé ? Cliquez sur une ligne et envoyez le message qui s'ouvre, avec vos "
        "mots si vous le souhaitez :",
        "très bien", "bien", "moyen", "mal", "très mal",
        "Ce n'est pas résolu", "toujours pas résolu",
    ),
}  # fmt: skip


class Score(NamedTuple):
    """From 1, very poor, to 5, and the words that came with it."""

    value: int
    words: str


def score_of(subject: str, text: str, prefix: str) -> Score | None:
    """The score that a mail gives: in its subject, as the links have it, or on the first line of
    what was typed, as a number alone, ``4/5, thanks`` or ``Note: 4``. None for any other mail."""
    if found := _SUBJECT.fullmatch(addressing.without_tokens(subject, prefix).strip()):
        return Score(int(found[1]), text.strip())
    first, _, rest = text.strip().partition("\n")
    if found := _FIRST.fullmatch(first.strip()):
        value = found["alone"] or found["named"] or found["whole"]
        beside = (found["after"] or found["words"] or "").strip(" ,;.:–-")
        return Score(int(value), f"{beside}\n{rest}".strip())
    return None


def invitation(address: str, ticket: str, language: str) -> str:
    """The lines that ask for a score: a link each, and one to say that it is not solved."""
    return "\n".join(_lines(address, ticket, _WORDS.get(language.partition("-")[0], _WORDS["en"])))


def _lines(address: str, ticket: str, words: tuple[str, ...]) -> Iterator[str]:
    asked, *grades, unsolved, subject = words
    yield asked
    for value, said in zip(range(BEST, 0, -1), grades, strict=True):
        yield f"{value} {said}: {_link(address, ticket, f'{value}/{BEST}')}"
    yield f"{unsolved}: {_link(address, ticket, subject)}"


def _link(address: str, ticket: str, subject: str) -> str:
    from urllib.parse import quote

    whole = f"{addressing.subject_token(ticket)} {subject}"
    return f"mailto:{quote(address, safe='@+')}?subject={quote(whole, safe='')}"

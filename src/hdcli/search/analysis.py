"""From text to terms: one analysis for every language, of documents and queries alike.

No query says its language, and a desk holds several, so each word takes one way: lower case, no
accents, elision off, then the English and the French stemmer one after the other. What is written
together but means several words (``wi-fi``, ``srv-print01.example.org``, ``KB5034441``) has a term
for the whole and terms for its parts. docs/search.md says why, and what it gains.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from hdcli.model.plain import plain
from hdcli.search.stopwords import STOP_WORDS

# Signs that tie letters and digits to one written whole. A slash or a backslash never does.
_TIES = ".@_&'’‐‑-"
_MAC = r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?!\w)"
_MAC_ADDRESS = re.compile(_MAC)
_CHUNK = re.compile(rf"{_MAC}|\w+(?:[{_TIES}]\w+)*(?:\+\+|#(?!\w))?")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)")
# The pronoun behind a French verb: peut-on, dois-je, a-t-il. A rendez-vous is none.
_PRONOUN = re.compile(r"(?<!rendez)(?:-t)?-(?:je|tu|ils?|elles?|ce|nous|vous|moi|toi)$|(?<=t)-on$")
_POSSESSIVE = ("'s", "’s")
# Signs that are dropped: wi-fi is wifi. What stands between dots stays apart.
_SOFT = re.compile(r"[_&'’‐‑:-]+")
_BREAK = re.compile(r"[@_&'’‐‑:-]+")
_ANY_TIE = re.compile(rf"[{_TIES}]+")
_RUNS = re.compile(r"[^\W\d_]+|\d+")
# Longer than any word: keys, hashes, encoded files.
LONGEST = 64
_LONGEST_WORD = 30
_MOST_LABELS = 6
_MOST_RUNS = 3
# Enough for the words of a large desk; a build must not grow without bounds.
_REMEMBERED = 400_000


class Form(NamedTuple):
    """A word as it was written, in terms: the whole, its parts, other ways to ask for it.

    ``stop`` words are not indexed and have no other terms.
    """

    whole: str
    parts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    stop: bool = False

    @property
    def all(self) -> tuple[str, ...]:
        """Every term that a document with this word is found by."""
        return (self.whole, *self.parts, *self.others)


class _Forms(dict[str, Form]):
    """Each chunk's form, made when it is first met."""

    def __missing__(self, chunk: str) -> Form:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[chunk] = _form(chunk)
        return found


class _Terms(dict[str, tuple[str, ...]]):
    """Each chunk's terms; none for a stop word."""

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        made = _form(chunk)
        found = self[chunk] = () if made.stop else made.all
        return found


_forms = _Forms()
_terms = _Terms()


def chunks(text: str) -> list[str]:
    """What is written together in text that is plain (``model.plain``)."""
    return _CHUNK.findall(text)


def written(text: str) -> Iterator[tuple[str, str]]:
    """The chunks of any text in plain form, each with how it was written: small, ``l'`` off."""
    originals = {plain(each): each for each in chunks(text.lower())}
    for chunk in chunks(plain(text)):
        yield chunk, stripped(originals.get(chunk, chunk))


def chunk_at(text: str, place: int) -> str:
    """What is written together from a place of plain text on."""
    found = _CHUNK.match(text, place)
    return found[0] if found else ""


def form(chunk: str) -> Form:
    """The terms of one chunk of plain text."""
    return _forms[chunk]


def forms(text: str) -> list[Form]:
    """The words of plain text, in order."""
    return [_forms[chunk] for chunk in _CHUNK.findall(text)]


def terms(chunk: str) -> tuple[str, ...]:
    """What a document with this chunk is found by; nothing for a stop word."""
    return _terms[chunk]


def surfaces(chunk: str) -> Iterator[str]:
    """The words of a chunk as they are written, for spelling and ``word*``: parts and whole."""
    bare = stripped(chunk)
    whole = _joined(bare)
    pieces = _ANY_TIE.split(bare)
    for each in pieces if whole in pieces else (whole, *pieces):
        if 2 <= len(each) <= LONGEST:
            yield each


@cache
def _stemmers() -> tuple[Callable[[str], str], Callable[[str], str]]:
    from hdcli.search.whooshed import stemmers

    return stemmers()


def stem(word: str) -> str:
    """What the inflections of a word have in common, whether it is English or French."""
    if not 2 < len(word) <= _LONGEST_WORD:
        return word
    english, french = _stemmers()
    return french(english(word)) or word


def stripped(chunk: str) -> str:
    """Without ``l'`` before, ``'s`` or ``-elle`` behind."""
    elided = _ELISION.match(chunk)
    bare = chunk[elided.end() :] if elided else chunk
    if len(bare) > 2 and bare.endswith(_POSSESSIVE):
        return bare[:-2]
    return _PRONOUN.sub("", bare) if "-" in bare else bare


def _joined(bare: str) -> str:
    return _SOFT.sub("", bare)


def _form(chunk: str) -> Form:
    bare = stripped(chunk)
    joined = _joined(bare)
    if not joined or joined in STOP_WORDS or len(joined) > LONGEST:
        return Form(joined[:LONGEST] or chunk, stop=True)
    if joined.isalpha() and joined == bare:
        return Form(stem(bare))
    labels = bare.rpartition("@")[2].split(".")
    if 1 < len(labels) <= _MOST_LABELS:
        return _dotted(bare, labels)
    return _compound(bare, joined)


def _compound(bare: str, joined: str) -> Form:
    """``wi-fi``, ``ana_lopez``, ``srv-print01``: written as one, said as several."""
    pieces = _BREAK.split(bare)
    if len(pieces) == 1:
        return _code(bare)
    if all(each in STOP_WORDS for each in pieces):
        return Form(joined, stop=True)
    if _MAC_ADDRESS.fullmatch(bare):
        return Form(joined)
    inner = [_form(each) for each in pieces if each]
    parts = [each.whole for each in inner if not each.stop and len(each.whole) > 1]
    others = [term for each in inner for term in (*each.parts, *each.others)]
    return _made(stem(joined) if joined.isalpha() else joined, parts, others)


def _code(code: str) -> Form:
    """``kb5034441``, ``0x80070005``, ``office365``: its letters and its digits are parts of it."""
    if code.startswith("0x") and len(code) > 4:
        return Form(code, (code[2:],))
    runs = _RUNS.findall(code)
    if not 1 < len(runs) <= _MOST_RUNS:
        return Form(code)
    return _made(code, [stem(each) if each.isalpha() else each for each in runs], [])


def _dotted(bare: str, labels: list[str]) -> Form:
    """A host, an address, a version, a file: from the left (10.0.0), from the right (example.org).

    ``labels`` stand between the dots, behind an ``@`` where there is one.
    """
    count = len(labels)
    numeric = all(each.lstrip("v").isdigit() for each in labels)
    others = [".".join(labels[:n]) for n in range(2, count)]
    if not numeric:
        others += [".".join(labels[n:]) for n in range(1, count - 1)]
    if labels[0][:1] == "v" and labels[0][1:].isdigit():  # v2.3 is 2.3
        plain = [labels[0][1:], *labels[1:]]
        others += [".".join(plain[:n]) for n in range(2, count + 1)]
    user, at, domain = bare.rpartition("@")
    named = [] if numeric else [each for each in labels if not each.isdigit()]
    if at:
        others += [_joined(domain)]
        named = [each for each in (user, *named) if each]
    inner = [_form(each) for each in named]
    parts = [each.whole for each in inner if not each.stop]
    others += [term for each in inner for term in (*each.parts, *each.others)]
    return _made(_joined(bare), parts, [_joined(each) for each in others])


def _made(whole: str, parts: Iterable[str], others: Iterable[str]) -> Form:
    several = dict.fromkeys(each for each in parts if each != whole)
    more = dict.fromkeys(each for each in others if each != whole and each not in several)
    return Form(whole, tuple(several), tuple(more))

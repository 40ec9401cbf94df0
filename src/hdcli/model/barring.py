"""A person who is to be found and hidden in texts: letters barred, lines and blanks left."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from hdcli.model.person import address
from hdcli.model.plain import plain, plain_with_places

BAR = "█"


@dataclass(frozen=True)
class Person:
    """Who is taken out: the pseudonym that stands for them from now on, the mail addresses (or
    names, of who has none) that they are told apart by, and all words that are barred wherever
    they stand, whatever the case and the accents. ``files`` are attachments that go with them."""

    pseudonym: str
    keys: frozenset[str]
    words: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()

    def is_meant(self, text: str) -> bool:
        """Whether ``Name <mail>``, ``mail`` or ``Name`` is this person."""
        return address(text) in self.keys

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """What finds the words in a plain text; None without any."""
        found = sorted({plain(each) for each in self.words if each.strip()}, key=len, reverse=True)
        return re.compile("|".join(map(_alone, found))) if found else None


def _alone(word: str) -> str:
    """A word, not as a part of another one, nor an address as the end of a longer one."""
    text = r"\s+".join(map(re.escape, word.split()))
    if "@" in word:
        return rf"(?<![\w.+-]){text}(?![\w-]|\.\w)"
    return rf"(?<!\w){text}(?!\w)"


def barred(text: str, who: Person) -> str:
    """A text with bars over each letter of the person's words; lines and blanks stay."""
    if who.pattern is None or not text:
        return text
    folded, places = plain_with_places(text)
    spans = [(places[m.start()], places[m.end()]) for m in who.pattern.finditer(folded)]
    if not spans:
        return text
    letters = list(text)
    for start, end in spans:
        letters[start:end] = (each if each.isspace() else BAR for each in letters[start:end])
    return "".join(letters)


def names(text: str, who: Person) -> bool:
    """Whether one of the person's words stands in a text."""
    return who.pattern is not None and who.pattern.search(plain(text)) is not None

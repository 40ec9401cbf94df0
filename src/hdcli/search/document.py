"""What is indexed, and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["ticket", "article"]
KINDS: tuple[Kind, ...] = ("ticket", "article")


@dataclass(frozen=True, slots=True)
class Document:
    """A ticket or an article as the index takes it; ``key`` is its id or slug.

    ``names`` are found like the text but are none: people, addresses, files. ``tags`` count as the
    title does.
    """

    kind: Kind
    key: str
    title: str
    text: str
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A document that was found, and how well it fits."""

    kind: Kind
    key: str
    score: float

"""Slugs: the names of articles and of their files, made of a title or typed."""

from __future__ import annotations

import re
from collections.abc import Callable

from hdcli.model.kind import Form
from hdcli.model.plain import plain

MAX_SLUG = 80
_GOOD_LENGTH = 60
PATTERN = re.compile(rf"(?=.{{1,{MAX_SLUG}}}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
FORM = Form(PATTERN, "a slug: lower-case letters and digits, words apart by dashes")
# What no decomposition turns into letters of ASCII.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_OTHERS = re.compile(r"[^a-z0-9]+")


def slug_of(title: str) -> str:
    """The slug of a title: accents folded, cut behind a word; ``article`` where nothing is left."""
    text = _OTHERS.sub("-", plain(title).translate(_LETTERS)).strip("-")
    if len(text) > _GOOD_LENGTH:
        head, dash, _ = text[: _GOOD_LENGTH + 1].rpartition("-")
        text = head if dash else text[:_GOOD_LENGTH]
    return text or "article"


def unused(slug: str, taken: Callable[[str], bool]) -> str:
    """The slug, or the first of slug-2, slug-3 ... that is not taken."""
    number, found = 1, slug
    while taken(found):
        number += 1
        tail = f"-{number}"
        found = f"{slug[: MAX_SLUG - len(tail)].rstrip('-')}{tail}"
    return found


def beginning(reference: str) -> str:
    """What was typed for a slug, or for the path of its file; empty where it can't begin a slug."""
    start = reference.strip().removeprefix("kb/").removesuffix(".yaml").lower()
    return start if start.isascii() and start.replace("-", "").isalnum() else ""


def article_path(slug: str) -> str:
    """Where an article lies in the desk: ``kb/reset-password.yaml``."""
    return f"kb/{slug}.yaml"


def slug_of_path(path: str) -> str | None:
    """The slug of the article at ``path``; None when the path is not an article's."""
    folder, _, name = path.partition("/")
    if folder != "kb" or not name.endswith(".yaml"):
        return None
    slug = name.removesuffix(".yaml")
    return slug if PATTERN.fullmatch(slug) else None

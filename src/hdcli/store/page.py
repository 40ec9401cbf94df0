"""An article as a page to edit: its values and steps as front matter, then the Markdown.

---
slug: reset-password
title: Reset a password
---

Open the portal ...
"""

from __future__ import annotations

from hdcli.errors import BadData
from hdcli.model.article import Article, body_from
from hdcli.store import yamlpatch, yamlsplice, yamlwrite

_FENCE = "---"


def page_of(data: bytes, article: Article) -> bytes:
    """The page of an article's file, its comments with it; the log is not to be edited."""
    top = yamlsplice.drop(yamlpatch.split(data).top, article.path, ("body",))
    values = top.decode().replace("\r\n", "\n").strip("\n")
    text = f"{_FENCE}\n{values}\n{_FENCE}\n"
    return (f"{text}\n{article.body}\n" if article.body else text).encode()


def file_of(page: bytes, where: str, old: bytes = b"") -> bytes:
    """The file that a page means, with the log of the file that it was made of.

    Raises BadData with the line in the page.
    """
    values, body = _parts(page, where)
    top = f"{values}\n" if values else ""
    if yamlpatch.split(top.encode()).log:
        line = next(n for n, each in enumerate(values.split("\n"), 2) if each.startswith("log"))
        raise BadData("the log is not edited here", where, line)
    if body:
        top += yamlwrite.text_lines("body", body)
    return top.encode() + yamlpatch.split(old).log


def _parts(page: bytes, where: str) -> tuple[str, str]:
    """The front matter without its fences, and the body."""
    try:
        text = page.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BadData("not UTF-8", where, remedy="save it as UTF-8") from None
    lines = text.lstrip("\n").split("\n")
    fences = [number for number, line in enumerate(lines) if line.rstrip() == _FENCE]
    if not fences or fences[0] != 0:
        raise BadData("its values come first, between two lines ---", where, 1)
    if len(fences) == 1:
        raise BadData("the line --- behind its values is missing", where, 1)
    return "\n".join(lines[1 : fences[1]]), body_from("\n".join(lines[fences[1] + 1 :]))

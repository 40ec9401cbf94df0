"""The text of an HTML mail, as somebody would read it aloud: lines, lists, links, quotes marked.

lxml's parser gives tags and texts one by one; there is no tree, so that time and memory grow with
the input alone. What is quoted stands behind ``> ``, as in plain mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_HTML = 2_000_000
_MAX_TEXT = 1_000_000
_MAX_LINKS = 2000
_MAX_URL = 1000
_MAX_PIECES = 20
_MAX_QUOTED = 20
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE
)
_UNSEEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_SKIPPED = frozenset(("script", "style", "head", "title", "template", "noscript", "object", "svg"))
_APART = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote")
)
_LINES = frozenset(
    ("div", "tr", "li", "dt", "dd", "section", "article", "header", "footer", "address", "center")
) | frozenset(("form", "fieldset", "figure", "main", "aside", "nav", "body", "caption", "thead"))


def charset(data: bytes) -> str:
    """The charset that a page names by itself; empty where it does not."""
    found = _META.search(data[:4000])
    return found[1].decode("ascii") if found else ""


def text(html: str) -> str:
    """The text of a page. Of a very long one its beginning."""
    from lxml import etree

    writer = _Writer()
    parser = etree.HTMLParser(target=writer, encoding="utf-8", recover=True, huge_tree=False)
    try:
        parser.feed(html[:MAX_HTML].encode("utf-8", "replace"))
        parser.close()
    except (etree.LxmlError, AssertionError, ValueError):
        pass  # what was read so far is what there is
    return writer.text()


class _Writer:
    """Makes lines of what the parser meets."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._blank: int | None = None
        self._hidden: list[str] = []
        self._open: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._linked = 0
        self._lists: list[int | None] = []
        self._quoted = 0
        self._pre = 0
        self._size = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if self._hidden or tag in _SKIPPED or _UNSEEN.search(attributes.get("style", "")[:2000]):
            if tag not in _EMPTY:
                self._hidden.append(tag)
            return
        if tag == "br":
            self._break()
        elif tag == "hr":
            self._rule()
        elif tag == "img":
            self._image(attributes.get("alt", ""))
        elif tag in ("td", "th"):
            self._write(" ")
        elif tag in _APART or tag in _LINES:
            self._begin(tag)
        elif tag == "a":
            self._links.append((attributes.get("href", "").strip(), len(self._line)))

    def _begin(self, tag: str) -> None:
        self._end_line()
        if tag in _APART:
            self._apart()
        if tag == "blockquote":
            self._quoted += 1
        elif tag == "pre":
            self._pre += 1
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item()

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._hidden:
            if self._hidden[-1] == tag:
                self._hidden.pop()
            return
        if tag == "a" and self._links:
            self._link(*self._links.pop())
        elif tag in _APART or tag in _LINES:
            self._end_line()
            if tag in _APART:
                self._apart()
            if tag == "blockquote":
                self._quoted = max(0, self._quoted - 1)
            elif tag == "pre":
                self._pre = max(0, self._pre - 1)
            elif tag in ("ul", "ol") and self._lists:
                self._lists.pop()

    def data(self, data: str) -> None:
        """Text between tags."""
        if self._hidden:
            return
        if self._pre:
            first, *rest = data.split("\n")
            self._write(first)
            for line in rest:
                self._break()
                self._write(line)
            return
        clean = _SPACE.sub(" ", data)
        if clean == " " and not self._line:
            return
        self._write(clean)

    def comment(self, text: str) -> None:
        """Comments say nothing."""

    def close(self) -> None:
        """The end of the page."""
        self._end_line()

    def text(self) -> str:
        """All lines, without empty ones at either end."""
        self._end_line()
        return "\n".join(self._lines).strip("\n")

    def _write(self, text: str) -> None:
        if self._size < _MAX_TEXT:
            self._size += len(text)
            self._line.append(text)

    def _break(self) -> None:
        if self._line:
            self._end_line()
        else:
            self._apart()

    def _apart(self) -> None:
        if self._lines:
            self._blank = min(self._quoted, self._quoted if self._blank is None else self._blank)

    def _end_line(self) -> None:
        whole = "".join(self._line).replace("\xa0", " ").replace("\u200b", "").replace("\u200c", "")
        self._line = []
        line = whole.rstrip() if self._pre else " ".join(whole.split())
        if not line:
            return
        mark = "> " * min(self._quoted, _MAX_QUOTED)
        if self._blank is not None:
            self._lines.append(("> " * min(self._blank, self._quoted, _MAX_QUOTED)).rstrip())
            self._blank = None
        self._lines.append(mark + line)
        self._size += len(mark)

    def _rule(self) -> None:
        self._end_line()
        self._write("_" * 20)
        self._end_line()

    def _image(self, said: str) -> None:
        words = " ".join(said.split())[:100]
        if words:
            self._write(f"[{words}]")

    def _item(self) -> None:
        if self._lists and (number := self._lists[-1]) is not None:
            self._lists[-1] = number + 1
            self._write(f"{number + 1}. ")
        else:
            self._write("- ")

    def _link(self, url: str, since: int) -> None:
        if not url.lower().startswith(("http://", "https://", "mailto:", "ftp://", "tel:")):
            return
        # Its beginning will do: each of many links, one within the other, is as long as all text.
        begin = self._line[since : since + _MAX_PIECES]
        said = "".join(each[:_MAX_URL] for each in begin).strip()
        bare = url.partition(":")[2].strip("/")
        same = said.strip("<>") and said.strip("<>").strip("/") in (url.strip("/"), bare)
        if same or not said or len(url) > _MAX_URL or self._linked >= _MAX_LINKS:
            return
        self._linked += 1
        self._write(f" <{bare if url[:7].lower() == 'mailto:' else url}>")


_EMPTY = frozenset(("br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr"))

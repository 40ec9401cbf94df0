"""Markdown as text for a terminal: wrapped, with few colours, and safe.

markdown-it-py reads it (CommonMark and tables), without HTML. Nothing of the text reaches the
terminal but as characters to display, and a link always shows where it leads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from hdcli.render.text import safe, safe_block, width, wrap

if TYPE_CHECKING:
    from hdcli.render.style import Palette

_BULLETS = "•◦▪"
_BAR = "│ "
_CODE_MARGIN = "    "
_RULE = "─" * 20
# Deeper than anybody writes: what lies below is left out, for a recursion must end.
_NESTING = 50
_LEAST = 20


class Piece(NamedTuple):
    """A run of text in one look: ``strong em code link``, in any combination."""

    text: str
    looks: frozenset[str] = frozenset()


def rendered(text: str, palette: Palette, columns: int) -> list[str]:
    """The lines of a Markdown text, none longer than ``columns`` but code and single long words.

    Without colours a heading keeps its ``#`` and code its backquotes, so that they show.
    """
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING}).enable("table")
    return list(_Page(palette).blocks(SyntaxTreeNode(reader.parse(text)), columns))


class _Page:
    """Renders nodes of one text, which have a method each; others show as their own text."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self._lists = 0

    def blocks(self, parent: Any, columns: int, *, tight: bool = False) -> Iterator[str]:
        for number, node in enumerate(parent.children):
            if number and not (tight and node.type != "paragraph"):
                yield ""
            yield from self._block(node, max(columns, _LEAST))

    def _block(self, node: Any, columns: int) -> Iterator[str]:
        render: Callable[[Any, int], Iterator[str]] | None
        render = getattr(self, f"_{node.type}", None)
        return render(node, columns) if render else self._paragraph(node, columns)

    def _paragraph(self, node: Any, columns: int) -> Iterator[str]:
        yield from self._flowing(_pieces(node), columns)

    def _heading(self, node: Any, columns: int) -> Iterator[str]:
        mark = "" if self._palette.enabled else "#" * int(node.tag[1:]) + " "
        for line in self._flowing([Piece(mark), *_pieces(node)], columns, plain=True):
            yield self._palette.heading(line)

    def _bullet_list(self, node: Any, columns: int) -> Iterator[str]:
        bullet = _BULLETS[min(self._lists, len(_BULLETS) - 1)]
        yield from self._items(node, [f"{bullet} " for _ in node.children], columns)

    def _ordered_list(self, node: Any, columns: int) -> Iterator[str]:
        first = int(node.attrs.get("start", 1))
        marks = [f"{number}. " for number in range(first, first + len(node.children))]
        longest = max(map(len, marks), default=0)
        yield from self._items(node, [mark.rjust(longest) for mark in marks], columns)

    def _items(self, node: Any, marks: Sequence[str], columns: int) -> Iterator[str]:
        self._lists += 1
        tight = all(each.hidden for item in node.children for each in _paragraphs(item))
        for number, (item, mark) in enumerate(zip(node.children, marks, strict=True)):
            if number and not tight:
                yield ""
            margin, rest = mark, " " * width(mark)
            lines = self.blocks(item, columns - width(mark), tight=tight)
            for line in list(lines) or [""]:
                yield (margin + line).rstrip()
                margin = rest
        self._lists -= 1

    def _blockquote(self, node: Any, columns: int) -> Iterator[str]:
        for line in self.blocks(node, columns - len(_BAR)):
            yield (_BAR + line).rstrip()

    def _fence(self, node: Any, columns: int) -> Iterator[str]:
        for line in safe_block(node.content.rstrip("\n")).split("\n"):
            yield (_CODE_MARGIN + self._palette.id(line)).rstrip()

    _code_block = _fence

    def _hr(self, node: Any, columns: int) -> Iterator[str]:
        yield _RULE[:columns]

    def _table(self, node: Any, columns: int) -> Iterator[str]:
        from hdcli.render.table import Column, table

        head, *rows = (row.children for part in node.children for row in part.children)
        headers = [Column(_plain(each), _align(each), weight=1) for each in head]
        cells = [[_plain(each) for each in row] for row in rows]
        yield from table(cells, headers, columns, self._palette.heading).split("\n")

    def _flowing(
        self, pieces: Sequence[Piece], columns: int, *, plain: bool = False
    ) -> Iterator[str]:
        """Pieces wrapped as one text, then each coloured where it came to stand."""
        if not self._palette.enabled:
            pieces = [_marked(each) for each in pieces]
        text = "".join(each.text for each in pieces)
        lines = wrap(text, columns).split("\n")
        if plain or not self._palette.enabled:
            yield from lines
            return
        looks = [each.looks for each in pieces for _ in each.text]
        place = 0
        for line in lines:
            done = ""
            for look, run in _runs(line, text, looks, place):
                done += self._coloured(run, look)
            place = _behind(line, text, place)
            yield done

    def _coloured(self, run: str, looks: frozenset[str]) -> str:
        if "code" in looks:
            return self._palette.id(run)
        if "strong" in looks:
            return self._palette.heading(run)
        if "em" in looks:
            return self._palette.emphasis(run)
        return self._palette.dim(run) if "link" in looks else run


def _paragraphs(item: Any) -> list[Any]:
    return [each for each in item.children if each.type == "paragraph"]


def _marked(piece: Piece) -> Piece:
    return Piece(f"`{piece.text}`") if "code" in piece.looks else piece


def _plain(node: Any) -> str:
    return "".join(_marked(each).text for each in _pieces(node)).replace("\n", " ")


def _align(cell: Any) -> Any:
    return "right" if "right" in str(cell.attrs.get("style", "")) else "left"


def _pieces(node: Any, looks: frozenset[str] = frozenset()) -> list[Piece]:
    """The inline contents of a node, safe to display."""
    found: list[Piece] = []
    for each in node.children:
        match each.type:
            case "strong" | "em":
                found += _pieces(each, looks | {each.type})
            case "code_inline":
                found.append(Piece(safe(each.content), looks | {"code"}))
            case "softbreak":
                found.append(Piece(" ", looks))
            case "hardbreak":
                found.append(Piece("\n", looks))
            case "link":
                found += _link(each, looks)
            case "image":
                found.append(Piece(f"[{safe(each.content)}]", looks))
                found.append(Piece(f" ({safe(str(each.attrs.get('src', '')))})", looks | {"link"}))
            case _:
                text = safe(each.content)
                found += _pieces(each, looks) if each.children else [Piece(text, looks)]
    return found


def _link(node: Any, looks: frozenset[str]) -> list[Piece]:
    said = _pieces(node, looks)
    target = safe(str(node.attrs.get("href", "")))
    text = "".join(each.text for each in said)
    if target in ("", text, f"mailto:{text}"):
        return said
    return [*said, Piece(f" ({target})", looks | {"link"})]


def _runs(
    line: str, text: str, looks: Sequence[frozenset[str]], place: int
) -> Iterator[tuple[frozenset[str], str]]:
    """The parts of a wrapped line, each in the look that it has in ``text`` from ``place`` on."""
    run, look = "", frozenset[str]()
    for character in line:
        while text[place] != character:
            place += 1  # white space at which the text was wrapped
        if run and looks[place] != look:
            yield look, run
            run = ""
        run, look = run + character, looks[place]
        place += 1
    if run:
        yield look, run


def _behind(line: str, text: str, place: int) -> int:
    for character in line:
        place = text.index(character, place) + 1
    return place

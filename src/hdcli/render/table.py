"""Tables that fit the terminal: long titles are cut, then the least important columns left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hdcli.render.text import Align, fit, pad, safe, width

Style = Callable[[str], str]
Cell = str | tuple[str, Style]
"""A text, or a text and what colours it. Colour is put on last, so it does not change widths."""

GAP = 2
"""Spaces between two columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is headed and what happens to it when the terminal is narrow."""

    name: str
    align: Align = "left"
    weight: int = 0
    """Its share of the shortening; 0 is never shortened while another column can give."""
    least: int = 8
    """It is not shortened below so many columns of the terminal; only for ``weight`` > 0."""
    drop: int = 0
    """The column with the highest number is left out first; 0 stays to the end."""


def table(
    rows: Sequence[Sequence[Cell]],
    headers: Sequence[Column],
    width: int | None,
    heading: Style | None = None,
) -> str:
    """The lines of a table, one a row below one of headers, without a line break at the end.

    ``width`` is the terminal's; None (no terminal) shortens nothing. Texts are made safe here.
    Raises ValueError when a row has not as many cells as there are headers.
    """
    return Table(headers, width, heading).portion(rows)


class Table:
    """The same for more rows than memory should hold: portion by portion.

    A portion's columns are as wide as those before it, or wider where its own texts need that.
    """

    def __init__(
        self, headers: Sequence[Column], width: int | None, heading: Style | None = None
    ) -> None:
        self._headers = headers
        self._width = width
        self._heading = heading
        self._names = [safe(column.name) for column in headers]
        self._natural = [0] * len(headers)
        self._begun = False

    def portion(self, rows: Sequence[Sequence[Cell]]) -> str:
        """The lines of the next rows; the first portion begins with the line of headers."""
        headers, names = self._headers, self._names
        if not headers:
            return ""
        texts = [[safe(_text(cell)) for cell, _ in zip(row, headers, strict=True)] for row in rows]
        found = _natural(names, texts)
        self._natural = list(map(max, self._natural, found))
        widths = list(self._natural)
        shown = range(len(headers)) if self._width is None else _kept(headers, widths, self._width)
        if self._width is not None:
            widths = _shrunk(headers, widths, shown, self._width)
        last = shown[-1]
        lines = [
            [_drawn(text[i], _style(row[i]), headers[i], widths[i], last=i == last) for i in shown]
            for row, text in zip(rows, texts, strict=True)
        ]
        header = []
        if not self._begun:
            self._begun = True
            look = self._heading
            header = [_drawn(names[i], look, headers[i], widths[i], last=i == last) for i in shown]
        return _draw(lines, header)


def _draw(lines: list[list[str]], header: list[str]) -> str:
    from hdcli.render._tabulate import load

    # Cells come padded and coloured: with no alignment tabulate leaves them as they are.
    return load()(
        lines,
        headers=header,
        tablefmt="plain",
        disable_numparse=True,
        stralign=None,
        numalign=None,
    )


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def _style(cell: Cell) -> Style | None:
    return None if isinstance(cell, str) else cell[1]


def _natural(names: list[str], texts: list[list[str]]) -> list[int]:
    return [max(map(width, column)) for column in zip(names, *texts, strict=True)]


def _drawn(text: str, style: Style | None, column: Column, columns: int, *, last: bool) -> str:
    cut = fit(text, columns)
    # Nothing follows the last column, so spaces there would only make lines wrap.
    padded = cut if last and column.align == "left" else pad(cut, columns, column.align)
    return style(padded) if style is not None and cut else padded


def _kept(headers: Sequence[Column], widths: list[int], room: int) -> list[int]:
    """The columns that fit when each flexible one is as short as it may be; at least one."""
    shortest = [
        min(w, column.least) if column.weight else w
        for column, w in zip(headers, widths, strict=True)
    ]
    shown = list(range(len(headers)))
    while len(shown) > 1 and _total(shortest, shown) > room:
        # Of two equally unimportant columns the right one goes.
        last = max(shown, key=lambda i: (headers[i].drop, i))
        if headers[last].drop == 0 and _total([1] * len(headers), shown) <= room:
            break
        shown.remove(last)
    return shown


def _total(widths: list[int], shown: Sequence[int]) -> int:
    return sum(widths[i] for i in shown) + GAP * (len(shown) - 1)


def _shrunk(
    headers: Sequence[Column], widths: list[int], shown: Sequence[int], room: int
) -> list[int]:
    """The widths at which the shown columns fit into ``room``: first the flexible ones give, in
    proportion to weight, down to ``least``; if that is not enough, every column gives."""
    result = list(widths)
    flexible = {i: headers[i].weight for i in shown if headers[i].weight}
    _take(result, flexible, [column.least for column in headers], _total(result, shown) - room)
    everyone = dict.fromkeys(shown, 1)
    _take(result, everyone, [1] * len(headers), _total(result, shown) - room)
    return result


def _take(widths: list[int], weights: dict[int, int], least: list[int], excess: int) -> None:
    """Shorten ``widths`` in place by ``excess`` columns in all, as far as ``least`` allows."""
    while excess > 0:
        giving = {i: weight for i, weight in weights.items() if widths[i] > least[i]}
        if not giving:
            return
        # The one that is longest for its weight gives next: columns even out.
        longest = max(giving, key=lambda i: widths[i] / giving[i])
        widths[longest] -= 1
        excess -= 1

"""The inbox as people read it: a line an event, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hdcli.render.table import Cell, Column

if TYPE_CHECKING:
    from hdcli.render.look import Look
    from hdcli.services.inbox import Item

COLUMNS = (
    Column("ID"),
    Column("WHY"),
    Column("WHO", drop=2),
    Column("WHEN", drop=1),
    Column("WHAT", weight=3, least=16),
    Column("TITLE", weight=2, least=12, drop=3),
)


def rows(items: Iterable[Item], look: Look) -> list[list[Cell]]:
    """The rows of the table, below COLUMNS; what is done already is dim."""
    return [_row(each, look) for each in items]


def _row(item: Item, look: Look) -> list[Cell]:
    event, palette = item.event, look.palette
    cells = (event.place, why(item), event.writer, look.short(event.at), event.what, item.title)
    if item.done:
        return [(each, palette.dim) for each in cells]
    return [(cells[0], palette.id), (cells[1], palette.heading), *cells[2:]]


def why(item: Item) -> str:
    """Why an event concerns an agent: ``mention``, ``escalation (network)``."""
    is_team = item.why in ("mention", "assignment", "escalation") and item.to != item.agent
    return f"{item.why} ({item.to})" if is_team else item.why


def line(item: Item) -> str:
    """An event on one line, for who is done with it."""
    return f"{item.event.place} done: {why(item)} by {item.event.writer}: {item.event.what}"

"""Lists of tickets: a row each, the columns that fit, colours that carry meaning; or CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from hdcli.errors import BadUsage
from hdcli.model.fields import DATES, OPEN_STATUSES, ORDER, SETS
from hdcli.render.table import Cell, Column, Table

if TYPE_CHECKING:
    from hdcli.render.look import Look

Document = Mapping[str, Any]
# For a morning at the desk; those that are empty in every row are left out.
DEFAULT = ("id", "priority", "level", "status", "age", "due", "assignee", "requester", "title")
CSV = (
    *("id", "title", "status", "level", "priority", "category", "team", "assignee", "requester"),
    *("channel", "tags", "due", "created", "updated", "resolved"),
)
_MADE = ("id", "age")
_COLUMNS = {
    "id": Column("id"),
    "priority": Column("priority", drop=2),
    "level": Column("level", "right", drop=6),
    "status": Column("status", drop=1),
    "age": Column("age", "right", drop=5),
    "due": Column("due", drop=4),
    "assignee": Column("assignee", weight=1, drop=3),
    "requester": Column("requester", weight=2, drop=7),
    "title": Column("title", weight=6, least=20),
}


def known_columns(custom: Iterable[str] = ()) -> tuple[str, ...]:
    """Every column that can be asked for, with the desk's own fields."""
    return (*_MADE, *ORDER, *custom)


def chosen(text: str, custom: Sequence[str]) -> tuple[str, ...]:
    """The columns of ``--columns``: names with commas between them. Raises BadUsage."""
    from hdcli.model.suggest import nearest

    known = known_columns(custom)
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean '{near}'?" if near else f"known: {', '.join(known)}"
            raise BadUsage(f"no column '{name}'", hint)
    if not names:
        raise BadUsage("--columns names none", f"known: {', '.join(known)}")
    return tuple(names)


def tickets_table(
    portions: Iterable[Sequence[Document]], columns: Sequence[str] | None, look: Look
) -> Iterator[str]:
    """The text of a table, portion by portion; None for the columns of a morning at the desk.

    Of these, what is empty in the whole first portion is left out when that is all there is.
    """
    rest = iter(portions)
    first, second = next(rest, []), next(rest, None)
    names = columns or [n for n in DEFAULT if second or any(map(_filled(n), first))]
    headers = [_COLUMNS.get(name, Column(name, weight=1, drop=8)) for name in names]
    drawn = Table(headers, look.columns, look.palette.heading)
    for portion in chain((first, *([second] if second else [])), rest):
        yield drawn.portion([[_cell(n, each, look) for n in names] for each in portion]) + "\n"


def tickets_csv(documents: Iterable[Document], columns: Sequence[str]) -> Iterator[str]:
    """The lines of a CSV file: values as they are stored, lists with ``; `` between the items."""
    from hdcli.render.csv import rows

    return rows(columns, ([_stored(d.get(name)) for name in columns] for d in documents))


def _stored(value: object) -> str | int:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value if isinstance(value, int) else "" if value is None else str(value)


def _filled(name: str) -> Any:
    return lambda document: name in _MADE or document.get(name)


def _cell(name: str, document: Document, look: Look) -> Cell:
    palette = look.palette
    text = _shown(name, document, look)
    match name:
        case "id":
            return text, palette.id
        case "status":
            return text, palette.status
        case "priority":
            return text, look.priority
        case "due" if _is_overdue(document, look):
            return text, palette.overdue
        case "level" if document.get("level", 1) > 1:
            return text, palette.heading
        case "age" | "created" | "updated":
            return text, palette.dim
    return text


def _is_overdue(document: Document, look: Look) -> bool:
    open_work = document.get("status") in OPEN_STATUSES
    return open_work and look.is_past(str(document["due"])) if "due" in document else False


def _shown(name: str, document: Document, look: Look) -> str:
    if name == "age":
        return look.ago(str(document["created"])) if "created" in document else ""
    value = document.get(name)
    if value is None:
        return ""
    if name in DATES:
        return look.short(str(value))
    if name in SETS or isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "requester":
        return person(str(value))
    return str(value)


def person(text: str) -> str:
    """The name in ``Name <mail>``; an address alone stays."""
    name, _, rest = text.partition("<")
    return name.strip() or rest.rstrip("> ") or text

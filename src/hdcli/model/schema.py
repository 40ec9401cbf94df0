"""From plain mappings (a parsed YAML or JSON document) to tickets and back, checked field by field.

Unknown keys are kept: a newer hd or a curious person may have written them. What is known must be
of its kind. Errors are BadField with the path of the value; the store turns that into a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hdcli.errors import BadField
from hdcli.model import fields, ids
from hdcli.model.dates import format_utc, parse_utc
from hdcli.model.entry import KEYS, Entry
from hdcli.model.ticket import Ticket, fold

Path = tuple[str | int, ...]
MAX_TITLE = 500
MAX_BODY = 1_000_000
MAX_DEPTH = 20
MAX_NAME = 200
# Any day up to the 28th exists; the few others are asked of the calendar.
_AT = re.compile(
    r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
)
_LONE = re.compile("[\ud800-\udfff]")
_BIGGEST = 10**18


def ticket_from(data: object) -> Ticket:
    """The ticket that a document describes, with its log in order.

    A document without a log (written by hand) gives an empty one. Raises BadField.
    """
    if not isinstance(data, Mapping):
        raise BadField("a ticket is a mapping of fields to values", ())
    identifier = data.get("id")
    if not isinstance(identifier, str) or not ids.ID_PATTERN.fullmatch(identifier):
        raise BadField(
            f"'id' must be a ticket id such as HD-7K3QF, not {brief(identifier)}", ("id",)
        )
    values = values_from({k: v for k, v in data.items() if k not in ("id", "log")})
    for name in fields.REQUIRED:
        if name not in values:
            raise BadField(f"'{name}' is missing", ())
    return Ticket(identifier, values, log_from(data.get("log", [])))


def values_from(data: Mapping[Any, Any], path: Path = ()) -> dict[str, Any]:
    """The values on top of a document, checked.

    Nothing means not set; so do ``""`` and ``[]`` for a field that hd knows.
    """
    values: dict[str, Any] = {}
    for name, value in data.items():
        _name(name, path)
        found = None if value is None else checked(name, value, (*path, name))
        if found is not None and not _is_blank(name, found):
            values[name] = found
    return values


def _is_blank(name: str, value: object) -> bool:
    return value in ("", []) and name in fields.KNOWN


def _name(name: object, path: Path) -> str:
    if not isinstance(name, str):
        raise BadField(f"names are text, not {brief(name)}", path)
    if len(name) > MAX_NAME or not name.isprintable():
        raise BadField(f"{brief(name)} can't be a name: one line, {MAX_NAME} characters", path)
    return name


def checked(name: str, value: object, path: Path) -> object:
    """One field's value in its canonical form. Raises BadField."""
    if name in fields.SETS:
        return _texts(name, value, path)
    if name in fields.SINGLE:
        return _known(name, value, path)
    return _plain(value, path)


def _known(name: str, value: object, path: Path) -> object:
    if name == "level":
        if type(value) is not int or not 1 <= value <= 9:
            raise BadField(f"'level' must be a number from 1 to 9, not {brief(value)}", path)
        return value
    text = _text(name, value, path).strip()
    if not text and name not in fields.REQUIRED:
        return text
    if not text.isprintable() and len(text.splitlines()) > 1:
        raise BadField(f"'{name}' must be on one line", path)
    if name in fields.DATES:
        return _date(name, text, path)
    if name in fields.CHOICES and text not in fields.CHOICES[name]:
        raise BadField(
            f"'{name}' must be one of {', '.join(fields.CHOICES[name])}, not {brief(text)}", path
        )
    if name == "title" and not 1 <= len(text) <= MAX_TITLE:
        raise BadField(f"'title' must have 1 to {MAX_TITLE} characters", path)
    return text


def _text(name: str, value: object, path: Path) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # a title or category that is a bare number in YAML
    if not isinstance(value, str):
        raise BadField(f"'{name}' must be text, not {brief(value)}", path)
    return whole(value)


def whole(text: str) -> str:
    """The text without lone surrogates, which neither UTF-8 nor YAML can hold."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def _texts(name: str, value: object, path: Path) -> list[str]:
    if not isinstance(value, list):
        raise BadField(f"'{name}' must be a list, as in [a, b], not {brief(value)}", path)
    found = (_text(name, item, (*path, index)) for index, item in enumerate(value))
    return list(dict.fromkeys(found))


def _date(name: str, text: str, path: Path) -> str:
    if is_time(text):
        return text
    try:
        return format_utc(parse_utc(text))
    except ValueError:
        raise BadField(
            f"'{name}' must be a UTC time such as 2026-11-24T09:12:44Z, not {brief(text)}", path
        ) from None


def is_time(text: str) -> bool:
    """Whether this is an instant as it is stored: ``2026-11-24T09:12:44Z``."""
    if _AT.fullmatch(text):
        return True
    try:
        return text[8:10] in ("29", "30", "31") and format_utc(parse_utc(text)) == text
    except ValueError:
        return False


def _plain(value: object, path: Path, depth: int = 0) -> object:
    """A value of an unknown key: what both JSON and YAML know, not too deep.

    Numbers that the file's YAML would read back as text (1.5, 20 digits) are text from the start.
    """
    if depth > MAX_DEPTH:
        raise BadField(f"nested more than {MAX_DEPTH} deep", path)
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= _BIGGEST):
        return str(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, list):
        return [_plain(item, (*path, i), depth + 1) for i, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {
            _name(k, path): _plain(item, (*path, str(k)), depth + 1) for k, item in value.items()
        }
    raise BadField(f"a {type(value).__name__} can't be kept", path)


def log_from(data: object) -> tuple[Entry, ...]:
    """The entries of a ``log:`` list, in their order. Raises BadField."""
    if not isinstance(data, list):
        raise BadField("'log' must be a list of entries", ("log",))
    entries = [_entry(item, ("log", index)) for index, item in enumerate(data)]
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.id in seen:
            raise BadField(f"entry {entry.id} is there twice", ("log", index, "id"))
        seen.add(entry.id)
    return tuple(sorted(entries, key=lambda each: each.order))


def _entry(data: object, path: Path) -> Entry:
    if not isinstance(data, Mapping):
        raise BadField("an entry is a mapping with id, at, by and action", path)
    for name in ("id", "at", "by", "action"):
        if not isinstance(data.get(name), str):
            raise BadField(f"an entry's '{name}' must be text, not {brief(data.get(name))}", path)
    if not ids.ENTRY_PATTERN.fullmatch(data["id"]):
        raise BadField(f"{brief(data['id'])} is not an entry id", (*path, "id"))
    if not is_time(data["at"]):
        raise BadField(f"'at' must be a UTC time, not {brief(data['at'])}", (*path, "at"))
    for name in ("body", "of", "undoes", "merged"):
        if not isinstance(data.get(name, ""), str):
            raise BadField(f"an entry's '{name}' must be text", (*path, name))
    return Entry(
        id=data["id"],
        at=data["at"],
        by=whole(data["by"]),
        action=whole(data["action"]),
        set=_changes(data.get("set"), (*path, "set")),
        add=_items(data.get("add"), (*path, "add")),
        remove=_items(data.get("remove"), (*path, "remove")),
        body=whole(data.get("body", "")).strip("\n"),
        of=data.get("of", ""),
        undoes=data.get("undoes", ""),
        merged=data.get("merged", ""),
        extra={_name(k, path): _plain(v, (*path, k)) for k, v in data.items() if k not in KEYS},
    )


def _changes(data: object, path: Path) -> dict[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise BadField("'set' must be a mapping of fields to values", path)
    result: dict[str, Any] = {}
    for name, value in data.items():
        if _name(name, path) in fields.NOT_A_FIELD or name in fields.SETS:
            raise BadField(f"{brief(name)} can't be set by an entry", path)
        found = None if value is None else checked(name, value, (*path, name))
        result[name] = None if _is_blank(name, found) else found
        if result[name] is None and name in fields.REQUIRED:
            raise BadField(f"'{name}' can't be cleared", (*path, name))
    return result


def _items(data: object, path: Path) -> dict[str, list[str]]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise BadField("must be a mapping of fields to lists", path)
    for name in data:
        if not isinstance(name, str) or name not in fields.SETS:
            raise BadField(f"{brief(name)} is not a list of things", path)
    found = {name: _texts(name, value, (*path, name)) for name, value in data.items()}
    return {name: items for name, items in found.items() if items}


def document(ticket: Ticket) -> dict[str, Any]:
    """The ticket as a plain mapping in the order of its file, values that are not set left out."""
    data: dict[str, Any] = {"id": ticket.id}
    for name in fields.ORDER:
        if name in ticket.values:
            data[name] = ticket.values[name]
    data.update((k, v) for k, v in ticket.values.items() if k not in data)
    data["log"] = [entry_document(entry) for entry in ticket.log]
    return data


def entry_document(entry: Entry) -> dict[str, Any]:
    """An entry as a plain mapping, what is empty left out."""
    data: dict[str, Any] = {"id": entry.id, "at": entry.at, "by": entry.by, "action": entry.action}
    for name in ("of", "undoes", "merged", "set", "add", "remove"):
        value = getattr(entry, name)
        if value:
            data[name] = dict(value) if isinstance(value, Mapping) else value
    data.update(entry.extra)
    if entry.body:
        data["body"] = entry.body
    return data


def refolded(ticket: Ticket) -> Ticket:
    """The ticket with the values that its log amounts to."""
    return Ticket(ticket.id, fold(ticket.log), ticket.log)


def brief(value: object) -> str:
    """A value as an error message shows it: short, quoted."""
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."

"""From plain mappings (a parsed YAML or JSON document) to records and back, checked field by field.

Unknown keys are kept: a newer hd or a curious person may have written them. What is known must be
of its kind. Errors are BadField with the path of the value; the store turns that into a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hdcli.errors import BadField
from hdcli.model import ids
from hdcli.model.dates import format_utc, parse_utc
from hdcli.model.entry import KEYS, Entry
from hdcli.model.fields import TICKET
from hdcli.model.kind import Kind
from hdcli.model.record import Record
from hdcli.model.ticket import Ticket

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
    """The ticket that a document describes, with its log in order. Raises BadField."""
    return Ticket(*parts_from(data, TICKET))


def parts_from(data: object, kind: Kind) -> tuple[str, dict[str, Any], tuple[Entry, ...]]:
    """Key, values and log of a document of some kind; its texts are left to the kind.

    A document without a log (written by hand) gives an empty one. Raises BadField.
    """
    if not isinstance(data, Mapping):
        raise BadField(f"{_a(kind.name)} is a mapping of fields to values", ())
    key = data.get(kind.key)
    if not isinstance(key, str) or not kind.key_form.pattern.fullmatch(key):
        said = f"'{kind.key}' must be {kind.key_form.said}, not {brief(key)}"
        raise BadField(said, (kind.key,))
    top = {k: v for k, v in data.items() if k not in (kind.key, "log", *kind.texts)}
    values = values_from(top, (), kind)
    for name in kind.required:
        if name not in values:
            raise BadField(f"'{name}' is missing", ())
    return key, values, log_from(data.get("log", []), kind)


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def values_from(data: Mapping[Any, Any], path: Path = (), kind: Kind = TICKET) -> dict[str, Any]:
    """The values on top of a document, checked.

    Nothing means not set; so do ``""`` and ``[]`` for a field that hd knows.
    """
    values: dict[str, Any] = {}
    for name, value in data.items():
        _name(name, path)
        found = None if value is None else checked(name, value, (*path, name), kind)
        if found is not None and not _is_blank(name, found, kind):
            values[name] = found
    return values


def _is_blank(name: str, value: object, kind: Kind) -> bool:
    return value in ("", []) and name in kind.known


def _name(name: object, path: Path) -> str:
    if not isinstance(name, str):
        raise BadField(f"names are text, not {brief(name)}", path)
    if len(name) > MAX_NAME or not name.isprintable():
        raise BadField(f"{brief(name)} can't be a name: one line, {MAX_NAME} characters", path)
    return name


def checked(name: str, value: object, path: Path, kind: Kind = TICKET) -> object:
    """One field's value in its canonical form. Raises BadField."""
    if name in kind.sets:
        return _texts(name, value, path)
    if name in kind.single:
        return _known(name, value, path, kind)
    return _plain(value, path)


def _known(name: str, value: object, path: Path, kind: Kind) -> object:
    if span := kind.numbers.get(name):
        if type(value) is not int or value not in span:
            limits = f"from {span[0]} to {span[-1]}"
            raise BadField(f"'{name}' must be a number {limits}, not {brief(value)}", path)
        return value
    text = _text(name, value, path).strip()
    if not text and name not in kind.required:
        return text
    if not text.isprintable() and len(text.splitlines()) > 1:
        raise BadField(f"'{name}' must be on one line", path)
    if name in kind.dates:
        return _date(name, text, path)
    if name in kind.choices and text not in kind.choices[name]:
        raise BadField(
            f"'{name}' must be one of {', '.join(kind.choices[name])}, not {brief(text)}", path
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


def log_from(data: object, kind: Kind = TICKET) -> tuple[Entry, ...]:
    """The entries of a ``log:`` list, in their order. Raises BadField."""
    if not isinstance(data, list):
        raise BadField("'log' must be a list of entries", ("log",))
    entries = [_entry(item, ("log", index), kind) for index, item in enumerate(data)]
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.id in seen:
            raise BadField(f"entry {entry.id} is there twice", ("log", index, "id"))
        seen.add(entry.id)
    return tuple(sorted(entries, key=lambda each: each.order))


def _entry(data: object, path: Path, kind: Kind) -> Entry:
    if not isinstance(data, Mapping):
        raise BadField("an entry is a mapping with id, at, by and action", path)
    for name in ("id", "at", "by", "action"):
        if not isinstance(data.get(name), str):
            raise BadField(f"an entry's '{name}' must be text, not {brief(data.get(name))}", path)
    if not ids.ENTRY_PATTERN.fullmatch(data["id"]):
        raise BadField(f"{brief(data['id'])} is not an entry id", (*path, "id"))
    if not is_time(data["at"]):
        raise BadField(f"'at' must be a UTC time, not {brief(data['at'])}", (*path, "at"))
    for name in ("body", "of", "undoes", "merged", "text"):
        if not isinstance(data.get(name, ""), str):
            raise BadField(f"an entry's '{name}' must be text", (*path, name))
    return Entry(
        id=data["id"],
        at=data["at"],
        by=whole(data["by"]),
        action=whole(data["action"]),
        set=_changes(data.get("set"), (*path, "set"), kind),
        add=_items(data.get("add"), (*path, "add"), kind),
        remove=_items(data.get("remove"), (*path, "remove"), kind),
        body=whole(data.get("body", "")).strip("\n"),
        of=data.get("of", ""),
        undoes=data.get("undoes", ""),
        merged=data.get("merged", ""),
        text=whole(data.get("text", "")),
        extra={_name(k, path): _plain(v, (*path, k)) for k, v in data.items() if k not in KEYS},
    )


def _changes(data: object, path: Path, kind: Kind) -> dict[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise BadField("'set' must be a mapping of fields to values", path)
    result: dict[str, Any] = {}
    for name, value in data.items():
        if _name(name, path) in kind.no_field or name in kind.sets:
            raise BadField(f"{brief(name)} can't be set by an entry", path)
        found = None if value is None else checked(name, value, (*path, name), kind)
        result[name] = None if _is_blank(name, found, kind) else found
        if result[name] is None and name in kind.required:
            raise BadField(f"'{name}' can't be cleared", (*path, name))
    return result


def _items(data: object, path: Path, kind: Kind) -> dict[str, list[str]]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise BadField("must be a mapping of fields to lists", path)
    for name in data:
        if not isinstance(name, str) or name not in kind.sets:
            raise BadField(f"{brief(name)} is not a list of things", path)
    found = {name: _texts(name, value, (*path, name)) for name, value in data.items()}
    return {name: items for name, items in found.items() if items}


def document(record: Record) -> dict[str, Any]:
    """The record as a plain mapping in the order of its file, what is not set left out."""
    data: dict[str, Any] = {record.kind.key: record.id}
    for name in record.kind.order:
        if name in record.values:
            data[name] = record.values[name]
    data.update((k, v) for k, v in record.values.items() if k not in data)
    data.update(record.texts)
    data["log"] = [entry_document(entry) for entry in record.log]
    return data


def entry_document(entry: Entry) -> dict[str, Any]:
    """An entry as a plain mapping, what is empty left out."""
    data: dict[str, Any] = {"id": entry.id, "at": entry.at, "by": entry.by, "action": entry.action}
    for name in ("of", "undoes", "merged", "set", "add", "remove", "text"):
        value = getattr(entry, name)
        if value:
            data[name] = dict(value) if isinstance(value, Mapping) else value
    data.update(entry.extra)
    if entry.body:
        data["body"] = entry.body
    return data


def brief(value: object) -> str:
    """A value as an error message shows it: short, quoted."""
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."

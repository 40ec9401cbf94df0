"""What a value in ``desk.yaml`` may be: one line, a list of names, one of some words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hdcli.errors import BadField
from hdcli.model.schema import Path, brief

HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MAX_NAME = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_RESERVED = ("me", "none")


def one_line(value: object, what: str, path: Path) -> str:
    """A text of one line, no longer than a name may be. Raises BadField."""
    if not isinstance(value, str) or not value.strip():
        quoted = " in quotes" if isinstance(value, int) else ""
        raise BadField(f"{what} must be text{quoted}, not {brief(value)}", path)
    if len(value) > MAX_NAME or _CONTROL.search(value):
        raise BadField(f"{what} must be one line of at most {MAX_NAME} characters", path)
    return value


def mapping(data: object, path: Path) -> Mapping[Any, Any]:
    """A mapping; an empty one for nothing. Raises BadField."""
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise BadField(f"'{path[-1]}' must be a mapping, not {brief(data)}", path)
    return data


def listed(value: object, what: str, path: Path) -> tuple[str, ...]:
    """A list of names, none of them twice. Raises BadField."""
    if not isinstance(value, list):
        raise BadField(f"{what} must be a list of names, as in [a, b], not {brief(value)}", path)
    names = [one_line(each, f"a name in {what}", (*path, at)) for at, each in enumerate(value)]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise BadField(f"{what} has '{name}' twice", (*path, at))
    return tuple(names)


def optional(data: Mapping[Any, Any], name: str, what: str, path: Path) -> tuple[str, ...]:
    """The list of names under a key; empty without it. Raises BadField."""
    value = data.get(name)
    return () if value is None else listed(value, what, (*path, name))


def choice(
    data: Mapping[Any, Any], within: Path, name: str, known: tuple[str, ...], default: str
) -> str:
    """One of the words known, under a key; the default without it. Raises BadField."""
    value = data.get(name)
    if value is None:
        return default
    if not isinstance(value, str) or value not in known:
        names = ", ".join(known) or "nothing yet: there is none"
        raise BadField(f"'{name}' must be one of {names}, not {brief(value)}", (*within, name))
    return value


def is_handle(name: str) -> bool:
    """Whether an agent or a team may be called so."""
    return bool(HANDLE.fullmatch(name)) and name not in _RESERVED


def require_handle(kind: str, name: object, path: Path) -> None:
    """Raises BadField for what can't name an agent or a team (``kind``)."""
    if not isinstance(name, str) or not is_handle(name):
        raise BadField(
            f"{brief(name)} can't name a {kind}: letters, digits, '.', '_' and '-', not me or none",
            path,
        )


def number(data: Mapping[Any, Any], name: str, known: range, default: int) -> int:
    """A whole number in a range, under a key; the default without it. Raises BadField."""
    value = data.get(name)
    if value is None:
        return default
    if type(value) is not int or value not in known:
        limits = f"from {known[0]} to {known[-1]}"
        raise BadField(f"'{name}' must be a number {limits}, not {brief(value)}", (name,))
    return value

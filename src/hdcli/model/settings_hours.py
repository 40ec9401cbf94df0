"""Working hours in ``desk.yaml``: the desk's own, and those of an agent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hdcli.errors import BadField
from hdcli.model.hours import DAYS, Hours, days, frames, is_holiday, written
from hdcli.model.schema import Path, brief
from hdcli.model.settings_values import mapping, optional

_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}")
_OWN = ("zone", "holidays")


def hours_from(data: object, path: Path, default: Hours) -> Hours:
    """The hours at a path; the default's zone and holidays hold where nothing else is said.

    Raises BadField.
    """
    found = mapping(data, path)
    if not found:
        return default
    zone = found.get("zone", default.zone)
    if not isinstance(zone, str) or not _ZONE.fullmatch(zone):
        raise BadField(f"{brief(zone)} is no time zone such as Europe/Paris", (*path, "zone"))
    holidays = optional(found, "holidays", "'holidays'", path)
    for at, day in enumerate(holidays):
        if not is_holiday(day):
            said = f"{brief(day)} is no day such as 2026-12-25, or 12-25 in quotes for every year"
            raise BadField(said, (*path, "holidays", at))
    return Hours(zone, _frames(found, path), default.holidays | frozenset(holidays))


def _frames(data: Mapping[Any, Any], path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in data.items():
        if name in _OWN:
            continue
        which = days(name) if isinstance(name, str) else ()
        if not which:
            said = f"{brief(name)} is no day of the week: mon, mon-fri, sat; or zone, holidays"
            raise BadField(said, (*path, str(name)))
        try:
            opened = frames(value) if isinstance(value, str) else frames("?")
        except ValueError:
            said = f"'{name}' must be such as 08:30-12:00, 13:30-18:00, not {brief(value)}"
            raise BadField(said, (*path, name)) from None
        found.update(dict.fromkeys(which, opened))
    return found


def document(hours: Hours) -> dict[str, Any]:
    """The hours in the form of the file; nothing where there are none."""
    if not hours:
        return {}
    week = {day: written(hours.frames.get(day, ())) for day in DAYS}
    return {"zone": hours.zone, **week, "holidays": sorted(hours.holidays)}

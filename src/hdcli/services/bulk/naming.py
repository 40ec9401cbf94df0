"""The names of a file's columns and the fields that they mean (``--map``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hdcli.errors import BadData, BadUsage
from hdcli.model import fields, suggest
from hdcli.model.settings import NotOnDesk, Settings

# What a record may have beside the fields of a ticket.
TEXTS = ("body", "solution")
NAMES = ("id", *fields.ORDER, *TEXTS)
REST = "*"
_JOINED = {"tags": " ", "cc": ", ", "body": "\n\n"}


class UnknownColumn(BadUsage):
    """A column that is no field of the desk and that ``--map`` does not name."""

    def __init__(self, column: str, near: str) -> None:
        way = f"did you mean '{near}'? --map '{column}={near}'" if near else f"--map '{column}='"
        drop = "drops it" if not near else f"takes it so, --map '{column}=' drops it"
        super().__init__(f"no field '{column}' on this desk", f"{way} {drop}")


class Naming:
    """Which column is which field; ``""`` leaves a column out, ``*`` stands for all unknown."""

    def __init__(self, settings: Settings, maps: Iterable[str]) -> None:
        """``maps`` are ``column=field``. Raises BadUsage, NotOnDesk."""
        self._known = (*NAMES, *settings.fields)
        self._by_key = {_key(name): name for name in self._known}
        self._given: dict[str, str] = {}
        for each in maps:
            column, equals, field = (part.strip() for part in each.rpartition("="))
            if not equals or not column:
                raise BadUsage(f"'{each}' is no mapping", "write --map COLUMN=FIELD")
            if column == REST and field:
                raise BadUsage("* stands for all unknown columns", f"--map '{REST}=' drops them")
            if field and field not in self._known:
                raise NotOnDesk("field", field, self._known)
            self._given[column] = field
        self._drop_rest = REST in self._given

    def knows(self, column: str) -> bool:
        """Whether the column means something."""
        return column in self._given or _key(column) in self._by_key

    def field(self, column: str) -> str:
        """The field that a column means, empty for one to leave out. Raises UnknownColumn."""
        if column in self._given:
            return self._given[column]
        found = self._by_key.get(_key(column))
        if found is None and not self._drop_rest:
            raise UnknownColumn(column, suggest.nearest(column, self._known))
        return found or ""

    def require(self, columns: Sequence[str]) -> None:
        """Raises UnknownColumn for a column that means nothing, BadUsage for one mapped in vain."""
        for name in self._given:
            if name != REST and name not in columns:
                near = suggest.nearest(name, columns)
                hint = f"did you mean '{near}'?" if near else f"it has: {', '.join(columns)}"
                raise BadUsage(f"the file has no column '{name}'", hint)
        for name in columns:
            self.field(name)

    def apply(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """A record by fields, what is empty left out.

        Several columns may give the tags, cc and body; they are joined. Raises UnknownColumn,
        BadData.
        """
        found: dict[str, Any] = {}
        for column, value in data.items():
            name = self.field(column)
            if not name or value is None or value == "" or value == []:
                continue
            found[name] = _joined(name, found[name], value) if name in found else value
        return found


def _key(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _joined(name: str, first: Any, second: Any) -> Any:
    if name not in _JOINED:
        raise BadData(f"two columns give '{name}'")
    if isinstance(first, list) or isinstance(second, list):
        return [*_listed(first), *_listed(second)]
    return f"{first}{_JOINED[name]}{second}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

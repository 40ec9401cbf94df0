"""The names of a file's columns and the fields that they mean (``--map``)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from hdcli.errors import BadData, BadUsage
from hdcli.model import fields, suggest
from hdcli.model.settings import NotOnDesk, Settings

# What a record may have beside the fields of a ticket.
TEXTS = ("body", "solution")
NAMES = ("id", *fields.ORDER, *TEXTS)
REST = "*"
_JOINED = {"tags": " ", "cc": ", ", "body": "\n\n"}


# What other programs call a field; it is proposed, never taken for granted.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "title": ("subject", "summary", "short_description", "titre", "objet", "sujet"),
    "body": ("description", "details", "message", "text", "content", "texte"),
    "requester": ("from", "email", "mail", "user", "caller", "reporter", "demandeur", "auteur"),
    "created": ("date", "opened", "created_at", "timestamp", "ouvert_le", "créé_le", "cree_le"),
    "assignee": ("assigned_to", "technician", "technicien"),
    "tags": ("labels", "keywords", "étiquettes", "etiquettes"),
    "category": ("catégorie", "categorie", "topic"),
    "external_id": ("ticket", "number", "reference", "référence", "ref"),
    "status": ("state", "statut", "état", "etat"),
    "priority": ("priorité", "priorite"),
    "solution": ("resolution", "résolution"),
}


class UnknownColumns(BadUsage):
    """Columns that are no fields of the desk and that ``--map`` does not name; all at once.

    ``near`` has what each may mean, empty where nothing is like it.
    """

    def __init__(self, near: Mapping[str, str]) -> None:
        maps = " ".join(f"--map '{column}={field}'" for column, field in near.items())
        if len(near) > 1:
            names = ", ".join(f"'{column}'" for column in near)
            remedy = f"{maps} takes them so (one without a field is dropped), --map '*=' drops all"
            super().__init__(f"no fields {names} on this desk", remedy)
            return
        ((column, field),) = near.items()
        guess = f"did you mean '{field}'? {maps} takes it so, " if field else ""
        remedy = f"{guess}--map '{column}=' drops it"
        super().__init__(f"no field '{column}' on this desk", remedy)


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
        """The field that a column means, empty for one to leave out, or that means nothing."""
        if column in self._given:
            return self._given[column]
        return self._by_key.get(_key(column), "")

    def require(self, columns: Sequence[str]) -> None:
        """Raises UnknownColumns for what means nothing, BadUsage for a column mapped in vain."""
        for name in self._given:
            if name != REST and name not in columns:
                near = suggest.nearest(name, columns)
                hint = f"did you mean '{near}'?" if near else f"it has: {', '.join(columns)}"
                raise BadUsage(f"the file has no column '{name}'", hint)
        self._require_known(columns)

    def _require_known(self, columns: Collection[str]) -> None:
        strange = [] if self._drop_rest else [name for name in columns if not self.knows(name)]
        if not strange:
            return
        taken = {self.field(name) for name in columns}.difference(_JOINED)
        near = dict.fromkeys(strange, "")
        for name in sorted(strange, key=lambda each: not _usual(each)):
            field = _usual(name) or suggest.nearest(name, self._known)
            if field not in taken:
                near[name] = field
                taken.update({field}.difference(_JOINED))
        raise UnknownColumns(near)

    def apply(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """A record by fields, what is empty left out.

        Several columns may give the tags, cc and body; they are joined. Raises UnknownColumns,
        BadData.
        """
        self._require_known(data)
        found: dict[str, Any] = {}
        for column, value in data.items():
            name = self.field(column)
            if not name or value is None or value == "" or value == []:
                continue
            found[name] = _joined(name, found[name], value) if name in found else value
        return found


def _usual(column: str) -> str:
    """The field that other programs call so; empty for none."""
    return next((field for field, names in _USUAL.items() if _key(column) in names), "")


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

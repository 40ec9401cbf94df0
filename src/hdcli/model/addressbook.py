"""What the desk knows of requesters beside their tickets: ``requesters.yaml``.

An address, or ``*@example.org`` for all of a domain, with what is known of it; a person's own entry
comes before the domain's, fact by fact. Unknown keys are kept in the file and not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hdcli.errors import BadField
from hdcli.model.person import address
from hdcli.model.schema import Path, brief
from hdcli.model.settings_agents import ADDRESS
from hdcli.model.settings_values import mapping, one_line, optional
from hdcli.model.suggest import SLIP, nearest

FILE = "requesters.yaml"
_TEXTS = ("name", "site", "phone", "language", "note")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a requester; empty where nothing is. ``address`` is in lower case."""

    address: str
    name: str = ""
    vip: bool = False
    site: str = ""
    phone: str = ""
    language: str = ""
    note: str = ""
    machines: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As a ticket names them."""
        return f"{self.name} <{self.address}>" if self.name else self.address

    def facts(self) -> dict[str, tuple[str, ...]]:
        """The same as texts by name, without what is empty; for rules and for JSON."""
        texts = {name: (value,) for name in _TEXTS if (value := str(getattr(self, name)))}
        vip = {"vip": ("true",)} if self.vip else {}
        return {**texts, **vip, **({"machines": self.machines} if self.machines else {})}


@dataclass(frozen=True, slots=True)
class AddressBook:
    """The entries by address in lower case, or by ``*@domain``."""

    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, requester: str) -> Known | None:
        """What is known of a requester, written as a ticket has it; None for a stranger."""
        key = address(requester)
        own = self.entries.get(key)
        everybody = self.entries.get(f"*@{key.rpartition('@')[2]}") if "@" in key else None
        if own is None and everybody is None:
            return None
        return Known(key, **{**_facts(everybody or {}), **_facts(own or {})})

    def __iter__(self) -> Iterator[Known]:
        """All people in it, in the order of the file."""
        for key in self.entries:
            if not key.startswith("*") and (found := self.of(key)):
                yield found


def slips(data: object) -> Iterator[tuple[Path, str]]:
    """The keys of a sound file that are likely mistyped, each where it is first, with its path:
    others are somebody's own, and kept."""
    known, seen = (*_TEXTS, "vip", "machines"), set[str]()
    for address_, entry in data.items() if isinstance(data, Mapping) else ():
        for key in map(str, entry or ()):
            if key in known or key in seen:
                continue
            seen.add(key)
            if near := nearest(key, known, SLIP):
                yield (str(address_), key), f"unknown key '{key}', did you mean '{near}'?"


def _facts(data: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: data[name] for name in _TEXTS if data.get(name)}
    if "vip" in data:
        found["vip"] = data["vip"]
    if data.get("machines"):
        found["machines"] = tuple(data["machines"])
    return found


def address_book(data: object) -> AddressBook:
    """The book that a parsed ``requesters.yaml`` is. Raises BadField."""
    if data is None:
        return AddressBook()
    if not isinstance(data, Mapping):
        raise BadField("requesters.yaml is a mapping of addresses to what is known of them", ())
    found: dict[str, Mapping[str, Any]] = {}
    for key, value in data.items():
        path: Path = (str(key),)
        if not isinstance(key, str) or not ADDRESS.fullmatch(key):  # "*" may stand in an address
            raise BadField(f"{brief(key)} is no address, nor *@ and a domain", path)
        if key.lower() in found:
            raise BadField(f"{key} is there twice", path)
        entry = mapping(value, path)
        for name in _TEXTS:
            if entry.get(name) is not None:
                one_line(entry[name], f"'{name}'", (*path, name))
        if not isinstance(entry.get("vip", False), bool):
            raise BadField(f"'vip' must be true or false, not {brief(entry['vip'])}", path)
        optional(entry, "machines", "'machines'", path)
        found[key.lower()] = entry
    return AddressBook(found)

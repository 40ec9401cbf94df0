"""What tickets and articles have in common: a key, values on top, and the log behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from hdcli.model.entry import Entry, Values
from hdcli.model.fold import Change, difference, fold
from hdcli.model.kind import Kind

NO_TEXT = "empty"
"""The digest of a record without texts."""


@dataclass(frozen=True, slots=True)
class Record:
    """A file of a kind. ``values`` are those on top, without the key, texts and ``log``."""

    id: str
    values: Mapping[str, Any]
    log: tuple[Entry, ...]
    kind: ClassVar[Kind]

    @property
    def path(self) -> str:
        """Where its file lies in the desk."""
        return self.kind.place(self.id)

    @property
    def title(self) -> str:
        return str(self.values.get("title", ""))

    def text(self, name: str) -> str:
        """A single value as text; empty when it is not set."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def items(self, name: str) -> tuple[str, ...]:
        """A set-like value; empty when it is not set."""
        return tuple(self.values.get(name) or ())

    @property
    def texts(self) -> Mapping[str, Any]:
        """What stands on top and is no value, in the order of the file."""
        return {}

    @property
    def digest(self) -> str:
        """What tells these texts from others."""
        return NO_TEXT

    def with_entry(self, entry: Entry) -> Self:
        """The same after one more action, folded again."""
        return self.with_log((*self.log, entry))

    def with_log(self, log: Iterable[Entry]) -> Self:
        """The same with another log, and the values that it amounts to."""
        entries = tuple(log)
        return replace(self, values=fold(entries, self.kind), log=entries)


def hand_edit(record: Record) -> Change:
    """What somebody changed on top of the file without an entry; empty when all is in the log."""
    return edited(fold(record.log, record.kind), logged_text(record.log), record)


def edited(values: Values, digest: str, record: Record) -> Change:
    """What a record has otherwise than these values and the texts of this digest."""
    change = difference(values, record.values, record.kind)
    return change if record.digest == digest else replace(change, text=record.digest)


def logged_text(log: Sequence[Entry]) -> str:
    """The digest of the texts as a log (in its order) has them last."""
    return next((entry.text for entry in reversed(log) if entry.text), NO_TEXT)

"""What the files of a kind may hold: tickets and articles are read, folded and written alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Milestone(NamedTuple):
    """A date that the fold derives: when ``of`` last left the values of ``before``."""

    name: str
    of: str
    before: tuple[str, ...]


class Form(NamedTuple):
    """What a key must look like, and how an error says so."""

    pattern: re.Pattern[str]
    said: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Names, order and types of the values on top of a file.

    ``key`` is the value that names the file, which lies at ``place(key)``. ``order`` is that of the
    file; ``sets`` hold several items, ``numbers`` a whole number in a range, all others one line.
    ``derived`` follow from the log. ``texts`` stand on top too but are no values: the log does not
    have them.
    """

    name: str
    key: str
    key_form: Form
    place: Callable[[str], str]
    order: tuple[str, ...]
    sets: frozenset[str]
    dates: frozenset[str]
    derived: frozenset[str]
    required: tuple[str, ...]
    milestone: Milestone
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, range] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    known: frozenset[str] = field(init=False)
    single: frozenset[str] = field(init=False)
    no_field: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        known = frozenset(self.order)
        object.__setattr__(self, "known", known)
        object.__setattr__(self, "single", known - self.sets)
        object.__setattr__(self, "no_field", frozenset((self.key, "log", "format", *self.texts)))

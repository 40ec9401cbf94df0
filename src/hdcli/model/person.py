"""People outside the desk, as a ticket names them: ``Name <mail>``, ``mail`` or ``Name``."""

from __future__ import annotations

import re

from hdcli.errors import BadUsage
from hdcli.model.message import one_line

MAX_LENGTH = 300
_ADDRESS = re.compile(r"[^\s<>@,;\"]+@[^\s<>@,;\"]+")
# What stands behind a comma and is no name: titles, and the initials of a department.
_AFTER_A_NAME = re.compile(r"\W*|[A-Z]{2,3}\W*|(?i:(?:phd|ph\.d|m\.?d|jr|sr|esq|ing)\.?,?)")
_REMEDY = 'write "Name <mail@example.org>"'


def person(text: str) -> str:
    """A requester in canonical form, on one line; empty for an empty text. Raises BadUsage."""
    clean = one_line(text)
    if len(clean) > MAX_LENGTH:
        raise BadUsage(f"a requester has at most {MAX_LENGTH} characters", _REMEDY)
    if "<" not in clean and ">" not in clean:
        if "@" in clean and not _ADDRESS.fullmatch(clean):
            raise _unreadable(clean)
        return clean
    name, _, rest = clean.partition("<")
    found, _, tail = rest.partition(">")
    name, found = _unquoted(name.strip()), found.strip()
    if tail.strip() or ">" in name or not _ADDRESS.fullmatch(found):
        raise _unreadable(clean)
    return f"{name} <{found}>" if name else found


def people(text: str) -> list[str]:
    """Several, separated by commas; one inside quotes belongs to a name. Raises BadUsage."""
    parts = re.findall(r'(?:"[^"]*"|[^,])+', text)
    return list(dict.fromkeys(found for part in parts if (found := person(part))))


def address(text: str) -> str:
    """Whom a requester is told apart by: the mail address in lower case, else the name."""
    inside = text.rpartition("<")[2].removesuffix(">").strip()
    return (inside or text).casefold()


def name(text: str) -> str:
    """What a requester is called; empty where only an address is known."""
    if "<" in text:
        return _unquoted(text.partition("<")[0].strip())
    return "" if "@" in text else text.strip()


def first_name(called: str) -> str:
    """What to greet a person by, of what they are called: ``Jürgen`` of ``Jürgen Müller`` and of
    ``Müller, Jürgen``, as directories write it. ``Ana Silva, PhD`` is ``Ana``."""
    last, _, rest = called.partition(",")
    words = rest.split()
    if words and not _AFTER_A_NAME.fullmatch(words[0]):
        return words[0].rstrip(",")
    return next(iter(last.split()), "")


def _unquoted(name: str) -> str:
    quoted = len(name) > 1 and name[0] == name[-1] == '"'
    return name[1:-1].replace('\\"', '"').strip() if quoted else name


def _unreadable(text: str) -> BadUsage:
    shown = text if len(text) <= 60 else text[:57] + "..."
    return BadUsage(f"'{shown}' is no requester", _REMEDY)

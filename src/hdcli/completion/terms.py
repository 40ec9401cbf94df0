"""Fields with their values: ``field:value`` of a query, ``field=value`` of ``hd set``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hdcli.completion import articles, ids, names, procedures
from hdcli.completion.candidate import Candidate, Source, plain
from hdcli.completion.line import Line
from hdcli.store.peek import Peek

_COMMON: Mapping[str, Source] = {
    "priority": names.priorities,
    "impact": names.impacts,
    "urgency": names.urgencies,
    "category": names.categories,
    "team": names.teams,
    "assignee": names.assignees,
    "channel": names.channels,
}
# Every field that `hd set` knows.
SETTABLE: Mapping[str, Source] = {
    **_COMMON,
    "title": names.nothing,
    "requester": names.requesters,
    "cc": names.nothing,
    "tags": names.tags,
    "due": names.deadlines,
    "external_id": names.nothing,
}
_QUERIED: Mapping[str, Source] = {
    **_COMMON,
    "level": names.levels,
    "tag": names.tags,
    "watcher": names.assignees,
    "id": ids.tickets,
    "link": ids.tickets,
    "requester": names.addresses,
    "procedure": procedures.procedures,
    "article": articles.slugs,
}
_OPTIONAL = ("category", "team", "assignee", "watcher")
_DATES = (
    Candidate("today"),
    Candidate("yesterday"),
    Candidate("this-week"),
    Candidate("last-week"),
    Candidate("this-month"),
    Candidate("last-month"),
    Candidate(">-7d", "in the last seven days"),
    Candidate("<-7d", "longer ago"),
)


def ids_and_fields(desk: Peek, line: Line) -> list[Candidate]:
    """``hd set``: ids, then fields, then a field's values."""
    name, equals, typed = line.word.partition("=")
    if equals:
        value = replace(line, word=typed)
        found: Iterable[Candidate] = SETTABLE.get(name.lower(), names.nothing)(desk, value)
        if name.lower() == "tags":
            found = names.several(value, found)
        return [Candidate(f"{name}={each.value}", each.help) for each in found]
    if not any("=" not in each for each in line.arguments):
        return ids.tickets(desk, line)
    custom = desk.settings.fields if desk.settings else ()
    known = [Candidate(f"{each}=") for each in (*SETTABLE, *custom)]
    if any(each.value.startswith(line.word) for each in known):
        return known
    return ids.tickets(desk, line)


def query(desk: Peek, line: Line) -> list[Candidate]:
    """A query's terms: fields, then a field's values, after ``-`` or ``!`` and with commas too."""
    from hdcli.model.query import ALIASES, FIELDS

    word = line.word.lstrip("-!")
    sign = line.word[: len(line.word) - len(word)]
    name, colon, typed = word.partition(":")
    if not colon:
        custom = desk.settings.fields if desk.settings else ()
        known = [Candidate(f"{sign}{each}:", field.help) for each, field in FIELDS.items()]
        return known + plain(f"{sign}{each}:" for each in custom)
    field = ALIASES.get(name.lower(), name.lower())
    operator = typed[: len(typed) - len(typed.lstrip("<>="))]
    head, comma, last = typed[len(operator) :].rpartition(",")
    values = _values(desk, replace(line, word=last, path="list"), field)
    if operator:
        values = [each for each in values if each.value[:1] not in "<>"]
    start = f"{sign}{name}:{operator}{head}{comma}"
    taken = head.split(",")
    return [Candidate(f"{start}{v.value}", v.help) for v in values if v.value not in taken]


def _values(desk: Peek, line: Line, field: str) -> list[Candidate]:
    from hdcli.model.query import FIELDS

    known = FIELDS.get(field)
    if known is None:
        return []
    if known.kind == "date":
        return list(_DATES)
    if field not in _QUERIED:
        return plain(known.choices)
    found = list(_QUERIED[field](desk, line))
    return [*found, Candidate("none", "empty")] if field in _OPTIONAL else found

"""The names that a desk knows: agents, teams, levels, categories, priorities, tags."""

from __future__ import annotations

from collections.abc import Iterable

from hdcli.completion.candidate import Candidate, plain
from hdcli.completion.line import Line
from hdcli.model import fields
from hdcli.store.peek import Peek


def agents(desk: Peek, line: Line) -> list[Candidate]:
    """The agents who are active."""
    known = desk.settings.agents.values() if desk.settings else ()
    return [Candidate(each.handle, each.name) for each in known if each.active]


def remotes(desk: Peek, line: Line) -> list[Candidate]:
    """The remotes of this clone."""
    return [Candidate(name, url) for name, url in desk.remotes]


def assignees(desk: Peek, line: Line) -> list[Candidate]:
    """The agents, and ``me``."""
    return [*agents(desk, line), Candidate("me", "yourself")]


def teams(desk: Peek, line: Line) -> list[Candidate]:
    """The teams, with their levels."""
    known = desk.settings.teams.values() if desk.settings else ()
    return [Candidate(each.name, f"{each.title}, level {each.level}") for each in known]


def webhooks(desk: Peek, line: Line) -> list[Candidate]:
    """The rooms and programs that are told what is done, with their forms."""
    known = desk.settings.webhooks.values() if desk.settings else ()
    return [Candidate(each.name, each.form) for each in known]


def targets(desk: Peek, line: Line) -> list[Candidate]:
    """Whom ``hd assign`` gives tickets to."""
    return [*assignees(desk, line), *teams(desk, line), Candidate("none", "nobody")]


def levels(desk: Peek, line: Line) -> list[Candidate]:
    """The support levels."""
    known = desk.settings.levels if desk.settings else ()
    return [Candidate(str(each.number), each.name) for each in known]


def categories(desk: Peek, line: Line) -> list[Candidate]:
    """What tickets are about."""
    return plain(desk.settings.categories if desk.settings else ())


def priorities(desk: Peek, line: Line) -> list[Candidate]:
    """The desk's priorities, the highest first."""
    return plain(reversed(desk.settings.priorities if desk.settings else ()))


def impacts(desk: Peek, line: Line) -> list[Candidate]:
    """The desk's impacts, the highest first."""
    return plain(reversed(desk.settings.impacts if desk.settings else ()))


def urgencies(desk: Peek, line: Line) -> list[Candidate]:
    """The desk's urgencies, the highest first."""
    return plain(reversed(desk.settings.urgencies if desk.settings else ()))


def tags(desk: Peek, line: Line) -> list[Candidate]:
    """The tags in use, the most used first."""
    begun = line.word.rpartition(",")[2]
    return [Candidate(tag, f"on {count:,}") for tag, count in desk.tags(begun)]


def requesters(desk: Peek, line: Line) -> list[Candidate]:
    """Those who asked before, as tickets name them; by their address where that is typed."""
    known = _known(desk, line)
    begun = [(each, n) for each, n in known if each.lower().startswith(line.word.lower())]
    if not begun:
        return addresses(desk, line)
    return [Candidate(each, f"{n:,} ticket{'s' * (n != 1)}") for each, n in begun]


def _known(desk: Peek, line: Line) -> list[tuple[str, int]]:
    """Those who asked before, and behind them those whom only the address book knows."""
    from hdcli.model.person import address

    asked = desk.requesters(line.word)
    there = {address(each) for each, _ in asked}
    return asked + [(each, 0) for each in desk.book(line.word) if address(each) not in there]


def addresses(desk: Peek, line: Line) -> list[Candidate]:
    """The addresses of those who asked before, with their names."""
    from hdcli.model.person import address, name

    known = _known(desk, line)
    return [Candidate(address(each), name(each)) for each, _ in known if "@" in each]


def statuses(desk: Peek, line: Line) -> list[Candidate]:
    """Where a ticket may stand."""
    return plain(fields.STATUSES)


def channels(desk: Peek, line: Line) -> list[Candidate]:
    """How a request comes in."""
    return plain(fields.CHANNELS)


def relations(desk: Peek, line: Line) -> list[Candidate]:
    """How a ticket is linked to another."""
    return plain(fields.RELATIONS)


def languages(desk: Peek, line: Line) -> list[Candidate]:
    """The languages that hd knows its way in."""
    return [Candidate("en", "English"), Candidate("fr", "French")]


def filters(desk: Peek, line: Line) -> list[Candidate]:
    """What a clone may leave to its host."""
    return [Candidate("blob:none", "files of the past, until they are read")]


def waits(desk: Peek, line: Line) -> list[Candidate]:
    """What a pending ticket waits for."""
    return plain(fields.PENDING_ON)


def deadlines(desk: Peek, line: Line) -> list[Candidate]:
    """Some of the ways to write one."""
    return plain(("today", "tomorrow", "monday", "friday", "+2d", "+1w"))


def past(desk: Peek, line: Line) -> list[Candidate]:
    """Some of the ways to write a day that is past."""
    return plain(("today", "yesterday", "monday", "this-week", "last-week", "last-month", "-7d"))


def sorts(desk: Peek, line: Line) -> list[Candidate]:
    """What a list may be sorted by, ``-`` before a name to reverse it."""
    from hdcli.store.listing import SORTS

    reverse = "-" if line.word.rpartition(",")[2].startswith("-") else ""
    return several(line, plain(f"{reverse}{name}" for name in SORTS))


def columns(desk: Peek, line: Line) -> list[Candidate]:
    """The columns that a table of tickets may have."""
    from hdcli.render.tickets import known_columns

    return several(line, plain(known_columns(desk.settings.fields if desk.settings else ())))


def keys(desk: Peek, line: Line) -> list[Candidate]:
    """The keys of desk.yaml, with the names of this desk in them."""
    from hdcli.model.settings_keys import KINDS

    settings = desk.settings
    if settings is None:
        return []
    own: dict[tuple[str, ...], Iterable[str]] = {
        ("teams",): settings.teams,
        ("agents",): settings.agents,
        ("webhooks",): settings.webhooks,
        ("matrix",): settings.impacts,
    }
    found: list[str] = []
    for path in KINDS:
        begun = [path[0]]
        for place, part in enumerate(path[1:], 1):
            names = own.get(path[:place], settings.urgencies) if part == "*" else (part,)
            begun = [f"{each}.{name}" for each in begun for name in names]
        found += begun
    return plain(found)


def several(line: Line, values: Iterable[Candidate]) -> list[Candidate]:
    """The values behind those that the word has already, with commas between."""
    head, comma, _ = line.word.rpartition(",")
    taken = head.split(",")
    return [
        Candidate(f"{head}{comma}{each.value}", each.help)
        for each in values
        if each.value not in taken
    ]


def nothing(desk: Peek, line: Line) -> list[Candidate]:
    """Free text, which nobody can guess."""
    return []

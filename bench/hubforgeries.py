"""Forgeries of a ticket's log, each in many places of a history; and files changed at random."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from bench.hubstage import Field
from hdcli.errors import HdError
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket

Log = list[Entry]


class Case(NamedTuple):
    """A push to be tried: what to do, and what hd says of it (empty: it is taken).

    ``push`` gives the refs to push; the default is main. A refusal that is git's own (of what no
    git would make) names no file.
    """

    name: str
    act: Callable[[Field], object]
    reason: str = ""
    gits_own: bool = False


def _at(log: Log, place: int, entry: Entry) -> Log:
    found = list(log)
    found[place] = entry
    return found


def _new(log: Log, **values: object) -> Log:
    last = log[-1]
    made = Entry(f"{len(log) + 40:04d}-abcdef", last.at, "bob", "note", body="Indeed")
    return [*log, replace(made, **values)]  # type: ignore[arg-type]


def _swapped(log: Log) -> Log:
    first, second = log[0], log[1]
    return [replace(first, id=second.id), replace(second, id=first.id), *log[2:]]


_LOST = "was taken out of the log"
_ALTERED = "of the log was altered"
_FOREIGN = r"entry \S+ is by .+, the commit by bob"
# What is done to a log of three entries and more, by bob, and what is said of it.
LOGS: dict[str, tuple[Callable[[Log], Log], str]] = {
    "first body": (lambda log: _at(log, 0, replace(log[0], body="Never")), _ALTERED),
    "last body": (lambda log: _at(log, -1, replace(log[-1], body="Never")), _ALTERED),
    "time": (lambda log: _at(log, 1, replace(log[1], at="2020-01-01T00:00:00Z")), _ALTERED),
    "author": (lambda log: _at(log, 1, replace(log[1], by="alice2")), _ALTERED),
    "action": (lambda log: _at(log, 1, replace(log[1], action="reply")), _ALTERED),
    "id": (lambda log: _at(log, 1, replace(log[1], id="0002-zzzzzz")), _LOST),
    "value": (
        lambda log: _at(log, 0, replace(log[0], set={**log[0].set, "priority": "urgent"})),
        _ALTERED,
    ),
    "value gone": (lambda log: _at(log, -2, replace(log[-2], set={"due": None})), _ALTERED),
    "item": (lambda log: _at(log, 0, replace(log[0], add={"tags": ["x"]})), _ALTERED),
    "unknown key": (lambda log: _at(log, 0, replace(log[0], extra={"x": 1})), _ALTERED),
    "told elsewhere": (lambda log: _at(log, 1, replace(log[1], of="HD-00000")), _ALTERED),
    "taken back": (lambda log: _at(log, -1, replace(log[-1], undoes=log[1].id)), _ALTERED),
    "redacted": (
        lambda log: _at(log, 0, replace(log[0], body="[removed]", extra={"redacted": True})),
        _ALTERED,
    ),
    "ids swapped": (_swapped, _ALTERED),
    "first out": (lambda log: log[1:], _LOST),
    "last out": (lambda log: log[:-1], _LOST),
    "middle out": (lambda log: [log[0], *log[2:]], _LOST),
    "all out": (lambda log: [], _LOST),
    "other's note": (lambda log: _new(log, by="carol"), _FOREIGN),
    "lead's note": (lambda log: _new(log, by="alice"), _FOREIGN),
    "nobody's note": (lambda log: _new(log, by="zoe"), _FOREIGN),
    "note by name": (lambda log: _new(log, by="Carol Weber <carol@example.org>"), _FOREIGN),
    "first of all": (lambda log: _new(log, by="carol", at="2000-01-01T00:00:00Z"), _FOREIGN),
    "invented story": (lambda log: _new(log, by="carol", of="HD-00000"), "is not in HD-00000"),
    "anonymised": (
        lambda log: _new(
            _at(log, 0, replace(log[0], body="[removed]", extra={"redacted": True})),
            action="anonymise",
            extra={"redacts": [log[0].id]},
        ),
        "to anonymise takes a lead",
    ),
}


def _forge(field: Field, name: str, change: Callable[[Log], Log]) -> None:
    ticket = field.ticket(name)
    log = tuple(sorted(change(list(ticket.log)), key=lambda each: each.order))
    values = {**ticket.values, **fold(log)} if log else ticket.values
    field.put(Ticket(ticket.id, values, log))


def _alone(field: Field, forge: Callable[[], None]) -> None:
    forge()
    field.commit("Tidy up")


def _between(field: Field, forge: Callable[[], None]) -> None:
    field.hd("note", field.ids["old"], "-m", "Before")
    forge()
    field.commit("Tidy up")
    field.hd("note", field.ids["old"], "-m", "After")


def _restored(field: Field, forge: Callable[[], None]) -> None:
    forge()
    field.commit("Tidy up")
    field.git("revert", "--no-edit", "HEAD")


def _aside(field: Field, forge: Callable[[], None]) -> None:
    field.git("checkout", "-q", "-b", "side")
    forge()
    field.commit("Tidy up")
    field.git("checkout", "-q", "main")
    field.hd("note", field.ids["old"], "-m", "Meanwhile")
    field.git("merge", "-q", "--no-ff", "-m", "merge", "side")


def _in_a_merge(field: Field, forge: Callable[[], None]) -> None:
    field.git("checkout", "-q", "-b", "side")
    field.write("canned/side.yaml", "title: Side\n")
    field.commit("canned: side")
    field.git("checkout", "-q", "main")
    field.hd("note", field.ids["old"], "-m", "Meanwhile")
    field.git("merge", "-q", "--no-ff", "--no-commit", "side")
    forge()
    field.commit("merge")


PLACES = {
    "alone": _alone,
    "between others": _between,
    "put back after": _restored,
    "on a merged branch": _aside,
    "in a merge": _in_a_merge,
}


def forgeries() -> Iterator[Case]:
    """Every forgery of two tickets' logs, in every place of a history."""
    for name, (change, reason) in LOGS.items():
        for where, place in PLACES.items():
            for ticket in ("plain", "into"):
                yield Case(f"{name}, {where}, {ticket}", _forgery(ticket, change, place), reason)


def _forgery(
    ticket: str,
    change: Callable[[Log], Log],
    place: Callable[[Field, Callable[[], None]], None],
) -> Callable[[Field], None]:
    return lambda field: place(field, lambda: _forge(field, ticket, change))


def at_random(seed: int, count: int) -> Iterator[Case]:
    """Lines of a ticket's file taken out, doubled, swapped or changed, as chance will.

    Whether it is to be taken is found by comparing the logs: what hd judges by, told in one line.
    """
    for number in range(count):
        draw = random.Random(f"{seed} {number}")
        yield Case(f"random {seed} {number}", _random(draw), "?")


def _random(draw: random.Random) -> Callable[[Field], str]:
    def act(field: Field) -> str:
        path = field.place("plain")
        before = field.ticket("plain")
        lines = field.read(path).split("\n")
        for _ in range(draw.randint(1, 3)):
            at, other = draw.randrange(len(lines)), draw.randrange(len(lines))
            deed = draw.randrange(5)
            if deed == 0:
                del lines[at]
            elif deed == 1:
                lines.insert(other, lines[at])
            elif deed == 2:
                lines[at], lines[other] = lines[other], lines[at]
            elif deed == 3:
                lines[at] = lines[at][: draw.randint(0, len(lines[at]))]
            else:
                lines[at] = lines[at].replace("a", "e", 1)
        field.write(path, "\n".join(lines))
        field.commit("Tidy up")
        return "" if _honest(field, before) else "."

    return act


def _honest(field: Field, before: Ticket) -> bool:
    try:
        after = field.ticket("plain")
    except HdError:
        return False
    kept = {each.id: each for each in after.log}
    whole = all(kept.get(each.id) == each for each in before.log)
    return whole and len(kept) == len(before.log) and after.path == before.path

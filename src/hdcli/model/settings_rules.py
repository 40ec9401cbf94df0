"""The rules of ``desk.yaml``: from what the file says to rules, checked part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hdcli.errors import BadField, BadQuery
from hdcli.model import fields, suggest
from hdcli.model.hours import DAYS, days, frames
from hdcli.model.pattern import BadPattern, Pattern
from hdcli.model.plain import plain
from hdcli.model.rules import (
    ABOUT,
    ACTIONS,
    FLAGS,
    STRATEGIES,
    Condition,
    Rule,
    Spell,
    name_of,
)
from hdcli.model.schema import Path, brief
from hdcli.model.settings import Settings
from hdcli.model.settings_values import MAX_NAME, mapping, one_line

_KEYS = ("name", "when", "unless", "then", "stop", "override")
_MAX_VALUE = 500
# The fields that a request can have when it comes in.
_FIELDS = tuple(n for n in fields.ORDER if n not in (*fields.DATES, "checklist", "aliases"))
_TIMES = ("working", "outside")
_ESCAPED = re.compile(r"\\.|[^\\]+", re.DOTALL)


def rules_from(settings: Settings) -> tuple[Rule, ...]:
    """The rules of a desk. Raises BadField with the path of what is wrong."""
    found: list[Rule] = []
    for at, data in enumerate(settings.rules):
        rule = _rule(settings, data, ("rules", at), at + 1)
        if any(each.name == rule.name for each in found):
            raise BadField(f"two rules are called '{rule.name}'", ("rules", at, "name"))
        found.append(rule)
    return tuple(found)


def sound_rules(settings: Settings) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """The rules but for those that are wrong, and what is wrong with these: no rule can keep a
    request out."""
    found: list[Rule] = []
    wrong: list[str] = []
    for at, data in enumerate(settings.rules):
        try:
            found.append(_rule(settings, data, ("rules", at), at + 1))
        except BadField as error:
            wrong.append(f"rule '{name_of(data, at + 1)}' is passed over: {error.message}")
    return tuple(found), tuple(wrong)


def _rule(settings: Settings, data: Mapping[str, Any], path: Path, number: int) -> Rule:
    one_line(data.get("name", f"rule {number}"), "a rule's name", (*path, "name"))
    name = name_of(data, number)
    if not name.isprintable():
        raise BadField(f"{brief(name)} has characters that nobody can see", (*path, "name"))
    strange: list[str] = []
    when = tuple(_conditions(settings, data, (*path, "when"), strange))
    unless = tuple(_conditions(settings, data, (*path, "unless"), strange))
    then = dict(_actions(settings, data, (*path, "then")))
    if not then:
        raise BadField(f"rule '{name}' does nothing: 'then' says what to do", path)
    stop, override = (_flag(data, each, path) for each in ("stop", "override"))
    return Rule(name, when, unless, then, stop, override, tuple(strange))


def _flag(data: Mapping[str, Any], name: str, path: Path) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise BadField(f"'{name}' must be true or false, not {brief(value)}", (*path, name))
    return value


def _conditions(
    settings: Settings, data: Mapping[str, Any], path: Path, strange: list[str]
) -> Iterator[Condition]:
    known = (*_FIELDS, *ABOUT, *settings.fields)
    for name, value in mapping(data.get(str(path[-1])), path).items():
        if name not in known:
            strange.append(str(name))
            continue
        wanted = _wanted(value, (*path, name))
        if name in FLAGS and not set(wanted) <= {"true", "false"}:
            raise BadField(f"'{name}' must be true or false, not {brief(value)}", (*path, name))
        yield Condition(name, wanted, tuple(_made(name, wanted, (*path, name))))


def _wanted(value: object, path: Path) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(each, str | int) for each in items):
        raise BadField(f"'{path[-1]}' must be text or a list of texts, not {brief(value)}", path)
    found = tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in items)
    if any(not each.strip() or len(each) > _MAX_VALUE for each in found):
        raise BadField(f"'{path[-1]}' has a text that is empty or too long", path)
    return found


def _made(name: str, wanted: tuple[str, ...], path: Path) -> Iterator[Pattern | Spell]:
    for text in wanted:
        if name == "pattern":
            try:
                yield Pattern(_folded(text))
            except BadPattern as error:
                raise BadField(f"{brief(text)} is no pattern: {error}", path) from None
        elif name == "time" and text not in _TIMES:
            spell = _spell(text)
            if spell is None:
                said = (
                    f"working, outside, 'sat-sun', '18:00-24:00' or 'fri 12:00-18:00', not {text}"
                )
                raise BadField(f"'time' must be {said}", path)
            yield spell


def _folded(text: str) -> str:
    """A pattern as it is looked for in plain text: what is escaped stays as it is."""
    return _ESCAPED.sub(lambda each: each[0] if each[0][0] == "\\" else plain(each[0]), text)


def _spell(text: str) -> Spell | None:
    head, _, rest = text.strip().partition(" ")
    which = days(head)
    try:
        if not which:
            return Spell(DAYS, frames(text)) if frames(text) else None
        return Spell(which, frames(rest) if rest.strip() else ((0, 24 * 60),))
    except ValueError:
        return None


def _actions(settings: Settings, data: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
    for name, value in mapping(data.get("then"), path).items():
        if name not in (*ACTIONS, *settings.fields):
            continue  # a newer hd may know it; doubts names it
        place: Path = (*path, name)
        match name:
            case "tags":
                yield name, _tags(value, place)
            case "at_work":
                yield name, _flag(mapping(data.get("then"), path), name, path)
            case "escalate":
                yield name, _escalate(settings, value, place)
            case "reason":
                yield name, _text(value, place)
            case _:
                yield name, one_line(value, f"'{name}'", place)


def _tags(value: object, path: Path) -> tuple[str, ...]:
    found = _wanted(value, path)
    for each in found:
        if not fields.TAG.fullmatch(each):
            raise BadField(f"{brief(each)} is no tag", path)
    return found


def _escalate(settings: Settings, value: object, path: Path) -> object:
    if value is True or (type(value) is int and 2 <= value <= settings.last_level):
        return value
    if isinstance(value, str) and value in settings.teams:
        return value
    said = f"true, a level from 2 to {settings.last_level} or a team"
    raise BadField(f"'escalate' must be {said}, not {brief(value)}", path)


def _text(value: object, path: Path) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_NAME * 20:
        raise BadField(f"'{path[-1]}' must be text, not {brief(value)}", path)
    return value


def doubts(settings: Settings) -> Iterator[tuple[Path, str]]:
    """What valid rules say that is likely a slip: keys and names that this desk does not have."""
    for at, data in enumerate(settings.rules):
        for path, said in _slips(settings, data):
            yield ("rules", at, *path), f"rule '{name_of(data, at + 1)}': {said}"


def _slips(settings: Settings, data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    tests = (*_FIELDS, *ABOUT, *settings.fields)
    known = {"when": tests, "unless": tests, "then": (*ACTIONS, *settings.fields)}
    for name in data:
        if name not in _KEYS:
            yield (name,), f"unknown key '{name}'{_near(name, _KEYS)}"
    for part, names in known.items():
        for name, value in (data.get(part) or {}).items():
            if name not in names:
                yield (part, name), f"unknown '{name}' in '{part}'{_near(name, names)}"
            for said in _nowhere(settings, str(name), value, tested=part != "then"):
                yield (part, name), said
    yield from _bad_query(settings, data)


def _bad_query(settings: Settings, data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The query of ``outage``, where it is none."""
    from hdcli.model.asking import context
    from hdcli.model.query_parser import parse

    try:
        parse((data.get("then") or {}).get("outage", ""), context(settings, datetime.now(UTC)))
    except BadQuery as error:
        yield ("then", "outage"), error.message


def _nowhere(settings: Settings, name: str, value: object, *, tested: bool) -> Iterator[str]:
    """Values of a field that no ticket of this desk has, or can get."""
    there: Mapping[str, tuple[str, ...]] = {
        "category": settings.categories,
        "impact": settings.impacts,
        "urgency": settings.urgencies,
        "priority": settings.priorities,
        "team": tuple(settings.teams),
        "assignee": (*settings.agents, *(() if tested else STRATEGIES)),
        "channel": fields.CHANNELS if tested else (),
    }
    names = there.get(name, ())
    for each in map(str, value if isinstance(value, list) else [value]) if names else ():
        if each not in names and not (tested and (each == "none" or set("*?") & set(each))):
            yield f"no {name} '{each}' on this desk{_near(each, names)}"


def _near(name: object, known: tuple[str, ...]) -> str:
    near = suggest.nearest(str(name), known)
    return f", did you mean '{near}'?" if near else ""

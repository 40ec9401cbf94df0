"""A procedure's steps, and where somebody is who follows them.

The rules, all of them:
1. A step done or skipped leads to the one below it; done, it leads where its ``then`` says.
2. A step that failed leads where its ``else`` says: to another step, or to an escalation, at which
   the checklist stops. Without ``else`` it leads to the one below it.
3. A checklist is a list of items such as ``3 done``. The last item about a step counts.
4. Whoever is sent back to a step goes through what follows it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from hdcli.errors import BadField
from hdcli.model.entry import Entry
from hdcli.model.schema import brief, whole

Path = tuple[str | int, ...]
Outcome = Literal["done", "skip", "fail"]
OUTCOMES: tuple[Outcome, ...] = ("done", "skip", "fail")
MARKS: Mapping[Outcome, str] = {"done": "[x]", "skip": "[-]", "fail": "[!]"}
"""How a checklist shows what came of a step, wherever it is text."""
MAX_STEPS = 100
MAX_TEXT = 5_000
LAST_LEVEL = 9
_KEYS = ("do", "expect", "command", "then", "else")
_ITEM = re.compile(r"([1-9][0-9]{0,2}) (done|skip|fail)")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do or ask. ``commands`` are by system, ``""`` where it is the same on all.

    ``then`` is the number of the step that follows when it is done, ``goto`` when it failed (0: the
    one below); ``escalate`` the team or level that is asked when it failed. ``extra`` holds keys
    that this version does not know.
    """

    do: str
    expect: str = ""
    commands: Mapping[str, str] = field(default_factory=dict)
    then: int = 0
    goto: int = 0
    escalate: str | int = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def steps_from(data: object, path: Path = ("steps",)) -> tuple[Step, ...]:
    """The steps of an article's ``steps:``, checked. Raises BadField."""
    if not isinstance(data, list):
        raise BadField(f"'steps' must be a list of steps, not {brief(data)}", path)
    if len(data) > MAX_STEPS:
        raise BadField(f"a procedure has at most {MAX_STEPS} steps", path)
    return tuple(_step(each, number, data, path) for number, each in enumerate(data, 1))


def _step(data: object, number: int, every: Sequence[object], above: Path) -> Step:
    path = (*above, number - 1)
    if not isinstance(data, Mapping):
        raise BadField(f"a step is a mapping with 'do', not {brief(data)}", path)
    _require_known(data, path)
    if data.get("do") is None:
        raise BadField(f"step {number} does not say what to 'do'", path)
    expect = data.get("expect")
    otherwise = _way("else", data.get("else"), ("goto", "escalate"), path)
    then = _way("then", data.get("then"), ("goto",), path)
    step = Step(
        do=_text("do", data["do"], (*path, "do")),
        expect="" if expect is None else _text("expect", expect, (*path, "expect")),
        commands=_commands(data.get("command"), (*path, "command")),
        then=_target(then.get("goto"), number, len(every), (*path, "then", "goto")),
        goto=_target(otherwise.get("goto"), number, len(every), (*path, "else", "goto")),
        escalate=_whom(otherwise.get("escalate"), (*path, "else", "escalate")),
        extra={name: value for name, value in data.items() if name not in _KEYS},
    )
    if step.then and step.then <= number:
        raise BadField(f"step {number}, done, must lead onwards", (*path, "then", "goto"))
    return step


def _require_known(data: Mapping[Any, Any], path: Path) -> None:
    """Unknown keys are a newer hd's; one that looks like a slip of a known one is a slip."""
    for name in data:
        if name in _KEYS:
            continue
        from hdcli.model.suggest import nearest

        if not isinstance(name, str):
            raise BadField(f"names are text, not {brief(name)}", path)
        if near := nearest(name, _KEYS):
            raise BadField(f"a step has no {name!r}, did you mean {near!r}?", (*path, name))


def _text(name: str, value: object, path: Path) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise BadField(f"'{name}' must be text, not {brief(value)}", path)
    if len(value) > MAX_TEXT:
        raise BadField(f"'{name}' has more than {MAX_TEXT:,} characters", path)
    return whole(value).strip("\n")


def _commands(value: object, path: Path) -> dict[str, str]:
    """A command for all systems, or one for each: ``{windows: ipconfig, linux: ip address}``."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        return {"": _text("command", value, path)}
    for name in value:
        if not isinstance(name, str) or not name.strip() or not name.isprintable():
            raise BadField(f"{brief(name)} can't be the name of a system", path)
    return {name: _text("command", each, (*path, name)) for name, each in value.items()}


def _way(name: str, value: object, known: tuple[str, ...], path: Path) -> Mapping[Any, Any]:
    if value is None:
        return {}
    forms = " or ".join("{" + f"{each}: …" + "}" for each in known)
    if not isinstance(value, Mapping) or len(value) != 1 or next(iter(value)) not in known:
        raise BadField(f"'{name}' must be {forms}, not {brief(value)}", (*path, name))
    return value


def _target(value: object, number: int, last: int, path: Path) -> int:
    if value is None:
        return 0
    if type(value) is not int or not 1 <= value <= last:
        raise BadField(f"'goto' must be a step from 1 to {last}, not {brief(value)}", path)
    if value == number:
        raise BadField(f"step {number} leads to itself", path)
    return value


def _whom(value: object, path: Path) -> str | int:
    if value is None:
        return ""
    if type(value) is int and 1 <= value <= LAST_LEVEL:
        return value
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise BadField(f"'escalate' must be a team or a level, not {brief(value)}", path)
    return whole(value).strip()


def step_document(step: Step) -> dict[str, Any]:
    """The step as a plain mapping in the order of its file, what is empty left out."""
    data: dict[str, Any] = {"do": step.do}
    if step.expect:
        data["expect"] = step.expect
    if step.commands:
        data["command"] = step.commands.get("") or dict(step.commands)
    if step.then:
        data["then"] = {"goto": step.then}
    if step.goto or step.escalate:
        data["else"] = {"goto": step.goto} if step.goto else {"escalate": step.escalate}
    return {**data, **step.extra}


def outcomes(checklist: Iterable[str]) -> dict[int, Outcome]:
    """What came of each step, by number, in the order in which it was said last."""
    found: dict[int, Outcome] = {}
    for item in checklist:
        if match := _ITEM.fullmatch(item):
            number = int(match[1])
            found.pop(number, None)
            found[number] = _OUTCOME[match[2]]
    return found


_OUTCOME: Mapping[str, Outcome] = {each: each for each in OUTCOMES}


def item_of(entry: Entry) -> str:
    """The item that an entry speaks of: one that it added, or that was there and is said again."""
    added = entry.add.get("checklist", ())
    return str(added[0] if added else entry.extra.get("step", ""))


def slug_of(entry: Entry) -> str:
    """The procedure that an entry began, or followed; empty where it ended one."""
    return str(entry.set.get("procedure") or entry.extra.get("procedure") or "")


def leads_to(steps: Sequence[Step], number: int, outcome: Outcome) -> int:
    """The step that follows; the same one where the checklist stops, 0 behind the last."""
    step = steps[number - 1]
    below = number + 1 if number < len(steps) else 0
    if outcome == "done":
        return step.then or below
    if outcome == "fail":
        return number if step.escalate else step.goto or below
    return below


def position(steps: Sequence[Step], checklist: Iterable[str]) -> int:
    """The number of the step where the checklist is: the next to do, or the one that failed and
    asks for an escalation; 0 when all was gone through."""
    known = outcomes(checklist)
    said = {number: place for place, number in enumerate(known)}
    number, since = (1 if steps else 0), -1
    while number and number in known and said[number] > since:
        following = leads_to(steps, number, known[number])
        if following == number:
            break
        if 0 < following < number:
            since = said[number]
        number = following
    return number


def is_stopped(steps: Sequence[Step], checklist: Iterable[str]) -> bool:
    """Whether the checklist waits at a step that failed, for the escalation that it names."""
    items = tuple(checklist)
    at = position(steps, items)
    return bool(at and steps[at - 1].escalate and outcomes(items).get(at) == "fail")


@dataclass(frozen=True, slots=True)
class Mark:
    """What saying the outcome of a step adds to a checklist, and what it takes out."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


def mark(steps: Sequence[Step], checklist: Iterable[str], number: int, outcome: Outcome) -> Mark:
    """The change of the checklist; whoever is sent back has all that follows before them again."""
    item = f"{number} {outcome}"
    following = leads_to(steps, number, outcome)
    again = range(following, MAX_STEPS + 1) if 0 < following < number else ()
    gone = [
        each
        for each in checklist
        if (match := _ITEM.fullmatch(each))
        and each != item
        and (int(match[1]) == number or int(match[1]) in again)
    ]
    return Mark((item,), tuple(gone))

"""A procedure's steps, and where somebody is who follows them.

The rules, all of them:
1. A step done or skipped leads to the one below it; done, it leads where its ``then`` says.
2. A step that failed leads where its ``else`` says: to another step, or to an escalation, at which
   the checklist stops. Without ``else`` it leads to the one below it.
3. A checklist is a list of items such as ``3 done``. The last item about a step counts.
4. Whoever is sent back to a step goes through what follows it again, in a new round: ``3 done #2``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

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
_ITEM = re.compile(r"([1-9][0-9]{0,2}) (done|skip|fail)(?: #([1-9][0-9]{0,3}))?")


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


class Said(NamedTuple):
    """What came of a step, and in which round."""

    outcome: Outcome
    round: int


def said(checklist: Iterable[str]) -> dict[int, Said]:
    """What was said last of each step, by number; items that hd does not know are passed over."""
    found: dict[int, Said] = {}
    for item in checklist:
        if match := _ITEM.fullmatch(item):
            number, each = int(match[1]), Said(_OUTCOME[match[2]], int(match[3] or 1))
            if number not in found or each.round >= found[number].round:
                found[number] = each
    return found


_OUTCOME: Mapping[str, Outcome] = {each: each for each in OUTCOMES}


def item_of(entry: Entry) -> str:
    """The item that an entry speaks of: one that it added, or that was there and is said again."""
    added = entry.add.get("checklist", ())
    return str(added[0] if added else entry.extra.get("step", ""))


def slug_of(entry: Entry) -> str:
    """The procedure that an entry began or followed; empty where it ended one."""
    if entry.action == "procedure" and entry.set.get("procedure", "") is None:
        return ""
    return str(entry.set.get("procedure") or entry.extra.get("procedure") or "")


def deed(entry: Entry) -> str:
    """What an entry says of a procedure, in a few words: ``step 3 done (reset-password)``."""
    slug = slug_of(entry)
    if entry.action == "step":
        return f"step {item_of(entry)} ({slug})"
    return (
        f"start procedure {slug}" if slug else f"stop procedure {entry.extra.get('procedure', '')}"
    )


def leads_to(steps: Sequence[Step], number: int, outcome: Outcome) -> int:
    """The step that follows; the same one where the checklist stops, 0 behind the last."""
    step = steps[number - 1]
    below = number + 1 if number < len(steps) else 0
    if outcome == "done":
        return step.then or below
    if outcome == "fail":
        return number if step.escalate else step.goto or below
    return below


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a checklist is. ``at`` is the number of the step to do, or of the one that failed and
    asks for an escalation (``stopped``); 0 when all was gone through. ``outcomes`` are those that
    count: what is to be gone through again has none.
    """

    at: int
    round: int
    stopped: bool
    outcomes: Mapping[int, Outcome]


def progress(steps: Sequence[Step], checklist: Iterable[str]) -> Progress:
    """How far a checklist is: from the first step on, along what came of each."""
    known = said(checklist)
    number, lap, stopped = (1 if steps else 0), 1, False
    passed: set[int] = set()
    while number in known and known[number].round >= lap:
        outcome, lap = known[number]
        passed.add(number)
        following = leads_to(steps, number, outcome)
        if following == number:
            stopped = True
            break
        if 0 < following < number:
            lap += 1
            passed = {each for each in passed if each < following}
        number = following
    counting = {
        each: found.outcome
        for each, found in sorted(known.items())
        if each <= len(steps) and (each in passed or found.round >= lap)
    }
    return Progress(number, lap, stopped, counting)


@dataclass(frozen=True, slots=True)
class Mark:
    """What saying the outcome of a step adds to a checklist, and what it takes out."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


def mark(steps: Sequence[Step], checklist: Iterable[str], number: int, outcome: Outcome) -> Mark:
    """The change of the checklist: what is said now takes the place of what was said before."""
    items = tuple(checklist)
    lap = progress(steps, items).round
    item = f"{number} {outcome}" + (f" #{lap}" if lap > 1 else "")
    matches = ((each, _ITEM.fullmatch(each)) for each in items)
    gone = (each for each, match in matches if match and int(match[1]) == number and each != item)
    return Mark((item,), tuple(gone))

"""What the desk does with a new ticket by itself: conditions over what came in, and actions.

The rules, all of them. A desk's rules are read from top to bottom. A rule matches when each test of
``when`` holds and none of ``unless``; a later one sees what earlier ones have set. A single value
belongs to whoever said it first, the request itself before any rule, unless a rule says
``override``; tags and all else add up. ``rules_apply: first`` ends with the first that matches, as
does ``stop``. Nothing here reads or writes anything: the same facts give the same verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from hdcli.model.hours import DAYS, Hours
from hdcli.model.pattern import Pattern
from hdcli.model.plain import plain

FLAGS = ("vip", "known")
FACTS = ("site", "language", "phone", "machines")
"""What ``requesters.yaml`` knows of the requester."""
ABOUT = ("sender", "domain", "recipient", "words", "pattern", "time", *FLAGS, *FACTS)
"""What is tested beside the fields of a ticket."""
SINGLE = ("category", "impact", "urgency", "priority", "team", "assignee")
STRATEGIES = ("round-robin", "least-loaded")
ACTIONS = (*SINGLE, "skill", "at_work", "tags", "canned", "outage", "escalate", "reason")
_MOST_TEXT = 20_000
_WORD = re.compile(r"\w+\*?")


class Spell(NamedTuple):
    """Some days of the week and the minutes of the day in them."""

    days: tuple[str, ...]
    frames: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule tests: ``name`` is a field or one of ABOUT, ``wanted`` what it may be.

    ``made`` is the same ready for use: patterns, and spells of time.
    """

    name: str
    wanted: tuple[str, ...]
    made: tuple[Pattern | Spell, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {', '.join(self.wanted)}"


def name_of(data: Mapping[str, Any], number: int) -> str:
    """What a rule is called, by its name or its number; odd spaces in it are plain ones."""
    name = data.get("name")
    return " ".join(name.split()) if isinstance(name, str) else f"rule {number}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; ``then`` has values by the names of ACTIONS, or of the desk's own fields.

    ``strange`` are the conditions that this hd does not know: it never matches then.
    """

    name: str
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    then: Mapping[str, Any] = field(default_factory=dict)
    stop: bool = False
    override: bool = False
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What came in. ``values`` are the fields' by name, several of a list.

    ``given`` names those that the request itself has said. ``person`` is what requesters.yaml knows
    of the requester; ``recipient`` the addresses that mail was for; ``now`` is aware.
    """

    values: Mapping[str, tuple[str, ...]]
    body: str
    now: datetime
    hours: Hours = field(default_factory=Hours)
    given: frozenset[str] = frozenset()
    person: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recipient: tuple[str, ...] = ()

    def text(self) -> str:
        """Title and body, as far as they are looked at, plain."""
        return plain("\n".join((*self.values.get("title", ()), self.body))[:_MOST_TEXT])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule said of some facts.

    ``failed`` is the test that did not hold, in words; empty where the rule matches. ``did`` are
    the actions by name, ``kept`` those left undone because the value was said before, and by whom
    (a rule, or ``the request``). ``passed`` is true where an earlier rule ended it.
    """

    rule: Rule
    failed: str = ""
    did: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    passed: bool = False

    @property
    def matches(self) -> bool:
        """Whether the rule was come to, and all of its tests hold."""
        return not (self.failed or self.passed)


def judged(rules: Iterable[Rule], facts: Facts, *, first: bool = False) -> list[Verdict]:
    """What each rule says, in order. With ``first`` the first that matches is the last."""
    values = dict(facts.values)
    said_by = dict.fromkeys(facts.given, "the request")
    text = _Text(facts.text())
    found: list[Verdict] = []
    ended = False
    for rule in rules:
        if ended:
            found.append(Verdict(rule, passed=True))
            continue
        if failed := _failed(rule, facts, values, text):
            found.append(Verdict(rule, failed))
            continue
        did, kept = _done(rule, said_by)
        for name, value in did.items():
            if name == "tags":
                values["tags"] = (*values.get("tags", ()), *value)
            elif name not in ACTIONS[len(SINGLE) :]:
                values[name] = (str(value),)
        found.append(Verdict(rule, "", did, kept))
        ended = first or rule.stop
    return found


def _done(rule: Rule, said_by: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    did: dict[str, Any] = {}
    kept: dict[str, str] = {}
    for name, value in rule.then.items():
        single = name in SINGLE or name not in ACTIONS
        if single and name in said_by and not rule.override:
            kept[name] = said_by[name]
            continue
        did[name] = value
        if single:
            said_by[name] = rule.name
    return did, kept


def _failed(rule: Rule, facts: Facts, values: Mapping[str, tuple[str, ...]], text: _Text) -> str:
    """The first test that does not hold; empty where all do."""
    if rule.strange:
        return f"this hd does not know: {', '.join(rule.strange)}"
    for condition in rule.when:
        if not _holds(condition, facts, values, text):
            return str(condition)
    for condition in rule.unless:
        if _holds(condition, facts, values, text):
            return f"unless {condition}"
    return ""


def _holds(
    condition: Condition, facts: Facts, values: Mapping[str, tuple[str, ...]], text: _Text
) -> bool:
    name, wanted = condition.name, condition.wanted
    match name:
        case "words":
            return any(map(text.has, wanted))
        case "pattern":
            return any(isinstance(p, Pattern) and p.found_in(text.whole) for p in condition.made)
        case "time":
            return _in_time(condition, facts)
        case "domain":
            return any(_in_domain(facts, plain(each).lstrip("@*.")) for each in wanted)
        case "sender":
            return _one_of(_sender(values), wanted)
        case "recipient":
            return _one_of(facts.recipient, wanted)
        case "vip" | "known":
            is_so = bool(facts.person) if name == "known" else "true" in facts.person.get(name, ())
            return ("true" if is_so else "false") in wanted
    if name in FACTS:
        return _one_of(facts.person.get(name, ()), wanted)
    return _one_of(values.get(name, ()), wanted)


def _one_of(values: Sequence[str], wanted: Iterable[str]) -> bool:
    """Whether a value is as one of those wanted, which may have ``*`` and ``?``; ``none`` is
    nothing."""
    there = [plain(each) for each in values]
    return any(
        not there if each == "none" else any(_glob(plain(each)).fullmatch(v) for v in there)
        for each in wanted
    )


@lru_cache(maxsize=500)
def _glob(text: str) -> re.Pattern[str]:
    from fnmatch import translate  # each * takes what is nearest, and never gives it back

    return re.compile(translate(text))


def _sender(values: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    from hdcli.model.person import address

    return tuple(address(each) for each in values.get("requester", ()))


def _in_domain(facts: Facts, wanted: str) -> bool:
    found = [each.rpartition("@")[2] for each in _sender(facts.values) if "@" in each]
    return any(each == wanted or each.endswith(f".{wanted}") for each in found)


def _in_time(condition: Condition, facts: Facts) -> bool:
    is_open = facts.hours.is_open(facts.now)
    if ("working" in condition.wanted and is_open) or (
        "outside" in condition.wanted and not is_open
    ):
        return True
    local = facts.now.astimezone(facts.hours.tz)
    day, minute = DAYS[local.weekday()], local.hour * 60 + local.minute
    return any(
        isinstance(each, Spell)
        and day in each.days
        and any(start <= minute < end for start, end in each.frames)
        for each in condition.made
    )


class _Text:
    """A text, and its words, each between two spaces."""

    def __init__(self, whole: str) -> None:
        self.whole = whole
        self._words = f" {' '.join(_words(whole))} "

    def has(self, phrase: str) -> bool:
        """Whether these words stand in it, one after the other; a ``*`` ends any word."""
        words = " ".join(_words(plain(phrase)))
        end = "" if words.endswith("*") else " "
        return bool(words.strip("*")) and f" {words.rstrip('*')}{end}" in self._words


def _words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(text))


def together(verdicts: Iterable[Verdict]) -> dict[str, list[str]]:
    """Which rule did what, by the rule's name; those that did nothing are left out."""
    found: dict[str, list[str]] = {}
    for each in verdicts:
        if each.matches and each.did:
            found.setdefault(each.rule.name, []).extend(each.did)
    return found

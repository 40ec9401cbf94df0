"""Rules: which match, what they do, and who has the last word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from hdcli.errors import BadField
from hdcli.model.hours import Hours, days, frames
from hdcli.model.rules import Facts, judged, together
from hdcli.model.settings import Settings, Team
from hdcli.model.settings_rules import doubts, rules_from, sound_rules

HOURS = Hours("Europe/Paris", {day: frames("08:00-17:00") for day in days("mon-fri")})
BASE = Settings(
    categories=("network", "email"),
    teams={"net": Team("net", "Net", 1)},
    hours=HOURS,
    fields=("asset",),
)


def desk(*rules: dict[str, Any]) -> Settings:
    from dataclasses import replace

    return replace(BASE, rules=rules)


def facts(title: str = "Le VPN est coupé", body: str = "", **given: Any) -> Facts:
    now = given.pop("now", "2026-11-24T10:00:00+01:00")
    person, said = given.pop("person", {}), given.pop("said", ())
    values = {"title": (title,), **{n: (v,) if isinstance(v, str) else v for n, v in given.items()}}
    when = datetime.fromisoformat(now)
    return Facts(values, body, when, HOURS, frozenset(said), person)


def matches(when: dict[str, Any], came: Facts, part: str = "when") -> bool:
    (rule,) = rules_from(desk({part: when, "then": {"tags": "x"}}))
    return judged([rule], came)[0].matches


ANA = {"requester": "Ana Silva <Ana@Sales.example.org>"}


@pytest.mark.parametrize(
    ("when", "came"),
    [
        ({"words": "vpn"}, facts()),
        ({"words": ["wifi", "coupe"]}, facts()),
        ({"words": "vpn est coupé"}, facts()),
        ({"words": "imprim*"}, facts("L'imprimante fume")),
        ({"words": "error 42"}, facts(body="it says: Error-42!")),
        ({"pattern": "disk [a-z]+ is 9[0-9] ?%"}, facts(body="x\nDISK sda is 97% full")),
        ({"pattern": r"^\d{3}$"}, facts(body="a\n123\nb")),
        ({"domain": "example.org"}, facts(**ANA)),
        ({"sender": "ana@*"}, facts(**ANA)),
        ({"requester": "ana *"}, facts(**ANA)),
        ({"channel": ["web", "mail"]}, facts(channel="mail")),
        ({"category": "none"}, facts()),
        ({"tags": "outage"}, facts(tags=("a", "outage"))),
        ({"level": 2}, facts(level="2")),
        ({"asset": "pc-*"}, facts(asset="PC-42")),
        ({"vip": True, "site": "lyon"}, facts(person={"vip": ("true",), "site": ("Lyon",)})),
        ({"vip": False, "known": False}, facts()),
        ({"time": "working"}, facts()),
        ({"time": "outside"}, facts(now="2026-11-22T10:00:00+01:00")),
        ({"time": ["sat-sun", "17:00-24:00"]}, facts(now="2026-11-24T23:59:00+01:00")),
        ({"time": "tue 09:00-11:00"}, facts()),
    ],
)
def test_a_condition_holds(when: dict[str, Any], came: Facts) -> None:
    assert matches(when, came)
    assert not matches(when, came, "unless")


@pytest.mark.parametrize(
    ("when", "came"),
    [
        ({"words": "vp"}, facts()),
        ({"words": "*"}, facts()),
        ({"words": "est vpn"}, facts()),
        ({"pattern": "^vpn$"}, facts()),
        ({"domain": "ample.org"}, facts(**ANA)),
        ({"domain": "example.org"}, facts(requester="example.org")),
        ({"category": "network"}, facts()),
        ({"words": "vpn", "channel": "mail"}, facts(channel="web")),
        ({"time": "wed"}, facts()),
        ({"newer hd": "knows"}, facts()),
    ],
)
def test_a_condition_does_not_hold(when: dict[str, Any], came: Facts) -> None:
    assert not matches(when, came)


def test_who_said_a_value_first_has_the_last_word_and_tags_add_up() -> None:
    rules = rules_from(
        desk(
            {"name": "a", "when": {"words": "vpn"}, "then": {"category": "network", "tags": ["a"]}},
            {"name": "b", "when": {"category": "network"}, "then": {"category": "email"}},
            {"name": "c", "when": {"tags": "a"}, "then": {"urgency": "high", "tags": ["b"]}},
            {"name": "d", "then": {"urgency": "low"}, "override": True, "stop": True},
            {"name": "e", "then": {"tags": ["c"]}},
        )
    )
    found = judged(rules, facts(said=["urgency"]))
    assert together(found) == {"a": ["category", "tags"], "c": ["tags"], "d": ["urgency"]}
    assert [dict(each.kept) for each in found[1:3]] == [
        {"category": "a"},
        {"urgency": "the request"},
    ]
    assert [each.passed for each in found] == [False, False, False, False, True]
    first = judged(rules, facts(), first=True)
    assert [each.passed for each in first] == [False, True, True, True, True]


def test_a_verdict_says_which_test_failed() -> None:
    (rule,) = rules_from(
        desk({"when": {"words": "vpn"}, "unless": {"channel": "mail"}, "then": {"tags": "x"}})
    )
    assert judged([rule], facts("x"))[0].failed == "words: vpn"
    assert judged([rule], facts(channel="mail"))[0].failed == "unless channel: mail"


@pytest.mark.parametrize(
    ("rule", "path", "said"),
    [
        ({"when": {}}, ("rules", 0), "does nothing"),
        ({"when": {"words": []}, "then": {"tags": "x"}}, ("rules", 0, "when", "words"), "a list"),
        (
            {"when": {"pattern": "(a"}, "then": {"tags": "x"}},
            ("rules", 0, "when", "pattern"),
            "nothing closes",
        ),
        ({"when": {"time": "noon"}, "then": {"tags": "x"}}, ("rules", 0, "when", "time"), "noon"),
        ({"when": {"vip": "yes"}, "then": {"tags": "x"}}, ("rules", 0, "when", "vip"), "true"),
        ({"then": {"tags": ["a b"]}}, ("rules", 0, "then", "tags"), "no tag"),
        ({"then": {"escalate": 4}}, ("rules", 0, "then", "escalate"), "a level"),
        ({"then": {"tags": "x"}, "stop": "no"}, ("rules", 0, "stop"), "true or false"),
        ({}, ("rules", 0), "does nothing"),
        ({"name": 7, "then": {"tags": "x"}}, ("rules", 0, "name"), "must be text"),
    ],
)
def test_a_wrong_rule_is_refused_where_it_is_wrong_and_passed_over_at_work(
    rule: dict[str, Any], path: tuple[str | int, ...], said: str
) -> None:
    with pytest.raises(BadField, match=said) as error:
        rules_from(desk(rule))
    assert error.value.path == path
    sound = {"name": "sound", "then": {"tags": "x"}}
    found, wrong = sound_rules(desk(rule, sound))
    assert [each.name for each in found] == ["sound"]
    assert len(wrong) == 1
    assert said in wrong[0]


def test_likely_slips_are_doubted() -> None:
    rule = {
        "name": "r",
        "wen": {},
        "when": {"wrods": "x", "channel": ["phone", "fone"], "category": ["none", "net*"]},
        "then": {"category": "netwrok", "team": "nte", "assignee": "round-robin", "tag": "x"},
    }
    assert list(doubts(desk(rule))) == [
        (("rules", 0, *path), f"rule 'r': {said}")
        for path, said in (
            (("wen",), "unknown key 'wen', did you mean 'when'?"),
            (("when", "wrods"), "unknown 'wrods' in 'when', did you mean 'words'?"),
            (("when", "channel"), "no channel 'fone' on this desk, did you mean 'phone'?"),
            (("then", "category"), "no category 'netwrok' on this desk, did you mean 'network'?"),
            (("then", "team"), "no team 'nte' on this desk, did you mean 'net'?"),
            (("then", "tag"), "unknown 'tag' in 'then', did you mean 'tags'?"),
        )
    ]

from __future__ import annotations

from typing import Any

import pytest

from hdcli.errors import BadUsage
from hdcli.model.settings import Agent, NotOnDesk, Settings, Team
from hdcli.model.settings_file import settings_from
from hdcli.model.settings_keys import document, doubts, find, value_for

SETTINGS = Settings(
    teams={"desk": Team("desk", "Desk", 1)},
    agents={"ana.b": Agent("ana.b", "Ana", ("ana@example.org",), ("desk",))},
    default_team="desk",
)
SYNONYMS = [["vpn", "tunnel"], ["wifi", "wireless network"]]


def test_finds_values_and_mappings_by_dotted_key() -> None:
    assert find(SETTINGS, "defaults.team") == (("defaults", "team"), "desk")
    assert find(SETTINGS, "agents.ana.b.teams") == (("agents", "ana.b", "teams"), ["desk"])
    assert find(SETTINGS, "teams.desk")[1] == {"name": "Desk", "level": 1, "categories": []}
    assert find(SETTINGS, "matrix.low.high")[1] == "high"


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("defaults.tem", "did you mean 'defaults.team'"),
        ("langage", "did you mean 'language'"),
        ("agents.anna.b.email", "did you mean 'agents.ana.b.email'"),
        ("zzz", "known: format, name, prefix"),
    ],
)
def test_a_key_that_does_not_exist_gets_the_nearest(key: str, hint: str) -> None:
    with pytest.raises(NotOnDesk, match=f"no setting '{key}' on this desk; {hint}"):
        find(SETTINGS, key)


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (("name",), " The desk ", "The desk"),
        (("teams", "desk", "level"), "2", 2),
        (("agents", "a", "active"), "No", False),
        (("categories",), "a, b c,", ["a", "b c"]),
        (("categories",), "[a, 'b']", ["a", "b"]),
        (("agents", "a", "email"), "a@b.c", ["a@b.c"]),
        (("synonyms",), "vpn, tunnel; wifi, wireless network", SYNONYMS),
        (("synonyms",), "[[vpn, tunnel],[wifi, wireless network]]", SYNONYMS),
        (("synonyms",), "[vpn, tunnel]", SYNONYMS[:1]),
    ],
)
def test_reads_what_was_typed_by_the_kind_of_the_key(
    path: tuple[str, ...], text: str, value: object
) -> None:
    assert value_for(path, text) == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (("teams", "desk", "level"), "'teams.desk.level' must be a number, not 'x'"),
        (("agents", "a", "active"), "'agents.a.active' must be true or false"),
        (("teams",), "'teams' has keys of its own"),
    ],
)
def test_refuses_what_is_not_of_that_kind(path: tuple[str, ...], message: str) -> None:
    with pytest.raises(BadUsage, match=message):
        value_for(path, "x")


def test_the_document_of_settings_gives_the_same_settings() -> None:
    again = settings_from(document(SETTINGS))
    assert document(again) == document(SETTINGS)
    assert again.agents == SETTINGS.agents


def found(data: dict[str, Any]) -> list[str]:
    return [text for _, text in doubts(data, settings_from(data))]


def test_doubts_unknown_keys_at_any_depth_once_each() -> None:
    assert found({"categoris": ["a"]}) == ["unknown key 'categoris', did you mean 'categories'?"]
    assert found({"zzz": {"a": {"b": 1}}}) == ["unknown key 'zzz'"]
    agents = {"ana": {"email": "a@b.c", "phone": "1", "team": ["x"]}}
    assert found({"agents": agents}) == [
        "unknown key 'agents.ana.phone'",
        "unknown key 'agents.ana.team', did you mean 'teams'?",
    ]
    assert found({"defaults": {"tem": "x"}}) == ["unknown key 'defaults.tem', did you mean 'team'?"]


def test_doubts_a_category_that_no_ticket_can_have_and_gaps_in_the_matrix() -> None:
    teams = {"a": {"categories": ["netwrk"]}}
    assert found({"teams": teams, "categories": ["network"]}) == [
        "no category 'netwrk', did you mean 'network'?"
    ]
    assert found({"urgencies": ["now"], "impacts": ["one"], "matrix": {"one": {}}}) == [
        "no priority for urgency now: 'high' is taken"
    ]
    assert found({}) == []

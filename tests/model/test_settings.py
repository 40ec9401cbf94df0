from __future__ import annotations

import pytest

from hdcli.model.settings import Agent, Level, NotOnDesk, Settings, Team

SETTINGS = Settings(
    levels=(Level(1, "Desk"), Level(2, "Specialists"), Level(3, "Experts")),
    teams={
        "desk": Team("desk", "Desk", 1),
        "network": Team("network", "Network", 2, ("vpn", "wifi")),
        "systems": Team("systems", "Systems", 2, ("mail",)),
        "vendor": Team("vendor", "Vendors", 3),
    },
    agents={"ana": Agent("ana", "Ana", ("ana@example.org", "A.N.A@example.org"))},
    categories=("vpn", "wifi", "mail"),
    matrix={"high": {"high": "urgent"}},
)


def test_an_agent_is_known_by_any_address_in_any_case() -> None:
    for address in ("ana@example.org", "ANA@EXAMPLE.ORG", " a.n.a@example.org "):
        found = SETTINGS.agent_by_email(address)
        assert found is not None
        assert found.handle == "ana"
    assert SETTINGS.agent_by_email("bob@example.org") is None


def test_the_matrix_gives_the_priority_and_a_gap_in_it_the_middle_one() -> None:
    assert SETTINGS.priority_of("high", "high") == "urgent"
    assert SETTINGS.priority_of("low", "low") == "high"
    assert Settings(priorities=("only",)).priority_of("low", "low") == "only"


def test_the_team_of_a_level_is_the_one_for_the_category_else_the_only_one() -> None:
    assert SETTINGS.team_for(2, "wifi") == "network"
    assert SETTINGS.team_for(2, "other") == ""
    assert SETTINGS.team_for(3, "wifi") == "vendor"
    assert SETTINGS.last_level == 3


@pytest.mark.parametrize(
    ("kind", "name", "near"),
    [("agent", "anna", "ana"), ("team", "netwrok", "network"), ("category", "wfi", "wifi")],
)
def test_a_mistyped_name_gets_the_nearest(kind: str, name: str, near: str) -> None:
    with pytest.raises(NotOnDesk, match=f"no {kind} '{name}' on this desk; did you mean '{near}'"):
        getattr(SETTINGS, kind)(name)


def test_a_name_far_from_all_gets_the_list() -> None:
    with pytest.raises(NotOnDesk, match="known: desk, network, systems, vendor"):
        SETTINGS.team("zzz")
    assert Settings().category("anything") == "anything"

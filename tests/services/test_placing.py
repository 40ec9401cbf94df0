from __future__ import annotations

import pytest

from hdcli.errors import Refused
from hdcli.model.settings import Agent, Level, Settings, Team
from hdcli.model.ticket import Ticket
from hdcli.services import placing

SETTINGS = Settings(
    levels=(Level(1, "First"), Level(2, "Second"), Level(3, "Third")),
    teams={
        "desk": Team("desk", "Desk", 1),
        "network": Team("network", "Network", 2, ("vpn", "both")),
        "systems": Team("systems", "Systems", 2, ("mail", "both")),
        "vendor": Team("vendor", "Vendor", 3),
    },
    agents={
        "ann": Agent("ann", "Ann", ("ann@example.org",), ("desk", "network")),
        "bob": Agent("bob", "Bob", ("bob@example.org",), ("network", "systems")),
        "cleo": Agent("cleo", "Cleo", ("cleo@example.org",)),
    },
)


def ticket(level: int, category: str = "", team: str = "") -> Ticket:
    values = {"title": "x", "status": "open", "level": level, "category": category, "team": team}
    return Ticket("HD-7K3QF", {n: v for n, v in values.items() if v}, ())


@pytest.mark.parametrize(
    ("category", "team", "agent", "expected"),
    [
        ("vpn", None, None, ("network", None)),
        ("mail", None, None, ("systems", None)),
        ("both", None, None, (None, None)),
        ("", None, None, (None, None)),
        ("vpn", "systems", None, ("systems", None)),
        ("mail", None, "ann", ("network", "ann")),
        ("mail", None, "bob", ("systems", "bob")),
        ("mail", "network", "cleo", ("network", "cleo")),
        ("", None, "cleo", (None, "cleo")),
    ],
)
def test_a_level_is_reached_in_somebody_s_team(
    category: str, team: str | None, agent: str | None, expected: tuple[str | None, str | None]
) -> None:
    change = placing.at_level(SETTINGS, ticket(1, category), 2, team, agent)
    assert (change["level"], change["team"], change["assignee"]) == (2, *expected)


def test_the_only_team_of_a_level_needs_no_naming() -> None:
    assert placing.at_level(SETTINGS, ticket(2), 3, None, None)["team"] == "vendor"


@pytest.mark.parametrize(
    ("level", "team", "agent", "expected"),
    [
        (1, "desk", "ann", "desk"),
        (2, "systems", "ann", "network"),
        (2, "systems", "bob", "systems"),
        (2, "", "bob", None),
        (3, "vendor", "bob", None),
        (1, "desk", "cleo", None),
    ],
)
def test_the_team_follows_the_agent_where_that_leaves_no_doubt(
    level: int, team: str, agent: str, expected: str | None
) -> None:
    change = placing.with_agent(SETTINGS, ticket(level, team=team), agent)
    assert change["assignee"] == agent
    assert change.get("team") == expected


def test_a_level_is_named_by_number_by_team_or_by_neither() -> None:
    at_one = ticket(1)
    assert placing.level_for(SETTINGS, 2, None, None, at_one) == 2
    assert placing.level_for(SETTINGS, 2, None, "vendor", at_one) == 3
    assert placing.level_for(SETTINGS, 2, 3, "network", at_one) == 3
    with pytest.raises(Refused, match="no level 4 on this desk"):
        placing.level_for(SETTINGS, 2, 4, None, at_one)
    with pytest.raises(Refused, match="is at level 3, the desk's last"):
        placing.level_for(SETTINGS, 4, None, None, ticket(3))

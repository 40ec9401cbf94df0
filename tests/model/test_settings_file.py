from __future__ import annotations

import pytest

from hdcli.errors import BadData
from hdcli.model.settings import Agent, Level, Settings, Team
from hdcli.services.setup import template
from hdcli.store.codec import read_settings

WHOLE = """\
format: 1
name: Support
prefix: IT
language: fr
levels: [Desk, Experts]
teams:
  desk:
  net: {name: Network, level: 2, categories: [vpn]}
agents:
  ana: {email: ana@example.org, teams: [desk, net]}
  bob: {name: Bob, email: [b@example.org, bob@example.org], active: false}
categories: [vpn]
priorities: [p3, p2, p1]
impacts: [one, all]
urgencies: [later, now]
matrix:
  one: {later: p3, now: p2}
  all: {later: p2, now: p1}
defaults: {impact: one, urgency: now, team: desk}
fields: [asset]
suggestions: false
signatures: required
colour: red
"""


def test_reads_every_key_and_lets_unknown_ones_be() -> None:
    assert read_settings(WHOLE.encode()) == Settings(
        name="Support",
        prefix="IT",
        language="fr",
        levels=(Level(1, "Desk"), Level(2, "Experts")),
        teams={"desk": Team("desk", "desk", 1), "net": Team("net", "Network", 2, ("vpn",))},
        agents={
            "ana": Agent("ana", "ana", ("ana@example.org",), ("desk", "net")),
            "bob": Agent("bob", "Bob", ("b@example.org", "bob@example.org"), (), active=False),
        },
        categories=("vpn",),
        priorities=("p3", "p2", "p1"),
        impacts=("one", "all"),
        urgencies=("later", "now"),
        matrix={"one": {"later": "p3", "now": "p2"}, "all": {"later": "p2", "now": "p1"}},
        default_impact="one",
        default_urgency="now",
        default_team="desk",
        fields=("asset",),
        suggestions=False,
        signatures="required",
    )


def test_what_is_not_said_has_a_default() -> None:
    assert read_settings(b"{}") == Settings()
    assert read_settings(b"teams:\nagents:\ndefaults:\nname:\n") == Settings()


HEAD = "# first\n"
AGENT = "agents:\n  ana:\n    email: a@example.org\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("- a", 2, "desk.yaml is a mapping of settings"),
        ("format: x", 2, "'format' must be a number, not 'x'"),
        ("format: 0", 2, "'format' must be a number, not 0"),
        ("name: a\nformat: 2", 3, "this desk has format 2, this hd reads up to 1: upgrade hd"),
        ("name: 2024", 2, "'name' must be text in quotes, not 2024"),
        ("name: [a]", 2, "'name' must be text, not \\['a'\\]"),
        ('name: "a\\tb"', 2, "'name' must be one line"),
        ("prefix: hd", 2, "'prefix' is 1 to 10 capital letters"),
        ("language: de", 2, "'language' must be one of en, fr"),
        ("levels: []", 2, "'levels' must be a list of 1 to 9 names"),
        ("levels:\n- a\n- 2", 4, "a level's name must be text in quotes, not 2"),
        ("teams: [a]", 2, "'teams' must be a mapping"),
        ("teams:\n  a b:", 3, "'a b' can't name a team"),
        ("teams:\n  me:", 3, "'me' can't name a team"),
        ("teams:\n  7:", 3, "7 can't name a team"),
        ("teams:\n  a: {level: 2}", 3, "team 'a': 'level' must be from 1 to 1, not 2"),
        ("teams:\n  a:\n    level: true", 4, "'level' must be from 1 to 1, not True"),
        ("teams:\n  a:\n    name: [x]", 4, "a team's name must be text"),
        ("teams:\n  a:\n    categories: x", 4, "'categories' must be a list of names"),
        ("teams:\n  a:\n    categories:\n    - x\n    - x", 6, "has 'x' twice"),
        ("mail:\n  password: x", 3, "'password' is no part of the desk: git config hd.smtp"),
        ("agents:\n  none:\n", 3, "'none' can't name a agent|can't name an agent"),
        ("agents:\n  ana:\n", 3, "agent 'ana': 'email' is missing"),
        ("agents:\n  ana:\n    email: []", 3, "agent 'ana': 'email' is missing"),
        ("agents:\n  ana:\n    email: ana", 4, "agent 'ana': 'ana' is no address"),
        ("agents:\n  ana:\n    email: a@b <c>", 4, "is no address"),
        (f"{AGENT}    name: 5", 5, "an agent's name must be text"),
        (f"{AGENT}    teams: [x]", 5, "agent 'ana': no team 'x' in 'teams'"),
        (f"{AGENT}    teams: x", 5, "'teams' must be a list of names"),
        (f"{AGENT}    teams: [[x]]", 5, "must be text"),
        (f"{AGENT}    active: nope", 5, "'active' must be true or false, not 'nope'"),
        (f"{AGENT}  bob:\n    email: A@example.org", 6, "A@example.org belongs to 'ana' too"),
        (f"teams:\n  ana:\n{AGENT}", 5, "'ana' is a team already"),
        ("categories: a", 2, "'categories' must be a list of names"),
        ("categories:\n- a\n- 1", 4, "a name in 'categories' must be text in quotes, not 1"),
        ("priorities: []", 2, "'priorities' must have at least one name"),
        ("matrix: [a]", 2, "'matrix' must be a mapping"),
        ("matrix:\n  huge: {low: low}", 3, "'huge' is not one of 'impacts'"),
        ("matrix:\n  low: {soon: low}", 3, "'soon' is not one of 'urgencies'"),
        ("matrix:\n  low:\n    low: big", 4, "'big' is not one of 'priorities'"),
        ("matrix:\n  low:\n    low: [low]", 4, "is not one of 'priorities'"),
        ("defaults:\n  impact: huge", 3, "'impact' must be one of low, medium, high, not 'huge'"),
        ("defaults:\n  team: desk", 3, "'team' must be one of nothing yet"),
        ("defaults:\n  team: [a]", 3, "'team' must be one of"),
        ("fields: [status]", 2, "'status' can't be a field of the desk"),
        ("fields: [A]", 2, "'A' can't be a field of the desk"),
        ("suggestions: often", 2, "'suggestions' must be true or false, not 'often'"),
        ("signatures: no", 2, "'signatures' must be one of optional, required, not 'no'"),
        ("name: a\nname: b", 3, "'name' is there twice"),
        ("name: a\n  b: c", 3, "not valid YAML"),
    ],
)
def test_says_what_is_wrong_and_on_which_line(text: str, line: int, message: str) -> None:
    with pytest.raises(BadData, match=message) as caught:
        read_settings(f"{HEAD}{text}\n".encode())
    assert caught.value.line == line
    assert str(caught.value).startswith(f"desk.yaml:{line}: ")


def filled(language: str) -> Settings:
    text = template(language)
    for name, value in {
        "@NAME@": "Desk",
        "@PREFIX@": "HD",
        "@HANDLE@": "ana",
        "@PERSON@": "Ana",
        "@EMAIL@": "ana@example.org",
    }.items():
        text = text.replace(name, value)
    return read_settings(text.encode())


def test_the_templates_are_the_same_desk_in_two_languages() -> None:
    english, french = filled("en"), filled("fr")
    assert (english.language, french.language) == ("en", "fr")
    assert shape(english) == shape(french)
    assert len(english.levels) == 3
    assert english.default_team in english.agents["ana"].teams
    assert english.priority_of("high", "high") == "urgent"
    assert french.priority_of("fort", "forte") == "urgente"


def shape(settings: Settings) -> dict[str, object]:
    """A desk without its words: every name replaced by its place in its list."""
    categories = list(settings.categories)
    return {
        "levels": len(settings.levels),
        "teams": [
            (team.level, [categories.index(each) for each in team.categories])
            for team in settings.teams.values()
        ],
        "agents": [
            [list(settings.teams).index(each) for each in agent.teams]
            for agent in settings.agents.values()
        ],
        "categories": len(categories),
        "matrix": [
            [
                settings.priorities.index(settings.matrix[impact][urgency])
                for urgency in settings.urgencies
            ]
            for impact in settings.impacts
        ],
        "defaults": (
            settings.impacts.index(settings.default_impact),
            settings.urgencies.index(settings.default_urgency),
            list(settings.teams).index(settings.default_team),
        ),
    }

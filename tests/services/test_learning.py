"""What an agent may want to learn, counted."""

from __future__ import annotations

import pytest

from hdcli.model.settings import Agent, Level, Settings, Team
from hdcli.services.learning import colleagues, leads, lessons
from hdcli.store.learning import Done

SETTINGS = Settings(
    levels=(Level(1, "Desk"), Level(2, "Experts")),
    teams={
        "desk": Team("desk", "Desk", 1),
        "network": Team("network", "Network", 2),
        "apps": Team("apps", "Applications", 2),
    },
    agents={
        name: Agent(name, name, (f"{name}@example.org",), teams)
        for name, teams in (
            ("alice", ("desk",)),
            ("bob", ("desk",)),
            ("carol", ("desk", "network")),
            ("dave", ("network",)),
            ("erin", ("apps",)),
            ("frank", ()),
        )
    },
)


def work(agent: str, category: str, resolved: int, escalated: int = 0) -> list[Done]:
    return [
        Done(category, agent, "resolve", resolved),
        Done(category, agent, "escalate", escalated),
    ]


def test_who_escalates_what_the_team_solves_may_want_to_learn_it() -> None:
    done = [
        *work("bob", "network", 1, 5),
        *work("alice", "network", 8, 2),
        *work("bob", "email", 5),
    ]
    (lesson,) = lessons(done, "bob", {"alice"})
    assert (lesson.category, lesson.resolved, lesson.escalated) == ("network", 1, 5)
    assert (lesson.team_resolved, lesson.team_escalated) == (8, 2)
    assert lesson.more == pytest.approx(5 - 6 * 0.2)


def test_who_rarely_solves_what_the_team_solves_a_lot_may_want_to_learn_it() -> None:
    done = [
        *work("bob", "email", 20),
        *work("alice", "email", 10),
        *work("alice", "printing", 10),
        *work("alice", "phone", 1),
    ]
    (lesson,) = lessons(done, "bob", {"alice"})
    assert (lesson.category, lesson.resolved) == ("printing", 0)
    assert lesson.less == pytest.approx(10 * 20 / 41)


def test_few_tickets_say_nothing() -> None:
    done = [*work("bob", "network", 0, 2), *work("alice", "network", 2), *work("alice", "email", 2)]
    assert lessons(done, "bob", {"alice"}) == []
    assert lessons([], "bob", {"alice"}) == []
    one = [*work("bob", "network", 4), *work("alice", "account", 1), *work("alice", "printing", 1)]
    assert lessons(one, "bob", {"alice"}) == []


def test_who_is_like_the_team_is_left_alone() -> None:
    done = [*work("bob", "network", 6, 6), *work("alice", "network", 7, 7)]
    assert lessons(done, "bob", {"alice"}) == []
    assert lessons(done, "bob", set()) == []


def test_the_team_is_who_shares_one() -> None:
    assert colleagues(SETTINGS, "alice") == {"bob", "carol"}
    assert colleagues(SETTINGS, "carol") == {"alice", "bob", "dave"}
    assert colleagues(SETTINGS, "erin") == frozenset()
    assert colleagues(SETTINGS, "frank") == frozenset()


def test_a_lead_works_at_a_higher_level_or_opened_the_desk() -> None:
    assert leads(SETTINGS, "dave", "bob")
    assert leads(SETTINGS, "alice", "dave")
    assert not leads(SETTINGS, "bob", "alice")
    assert not leads(SETTINGS, "dave", "carol")
    assert not leads(SETTINGS, "dave", "erin")
    assert not leads(SETTINGS, "nobody", "bob")

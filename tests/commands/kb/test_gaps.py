"""hd kb gaps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support import DeskFolder

NOW = datetime.now(UTC).replace(microsecond=0)
DOCK = "Docking station makes the screen flicker"


def told(desk: DeskFolder, *args: str, **more: Any) -> Any:
    return json.loads(desk.hd("kb", "gaps", "--json", *args, **more).out)


def imported(desk: DeskFolder, *tickets: dict[str, Any]) -> None:
    lines = "".join(json.dumps(each) + "\n" for each in tickets)
    desk.hd("import", "-", "--format", "jsonl", stdin=lines)


def ticket(title: str, days: float, hours: float | None = None, **more: Any) -> dict[str, Any]:
    """A ticket opened so many days ago and solved so many hours later, if at all."""
    opened = NOW - timedelta(days=days)
    found = {"title": title, "created": opened.isoformat(), "category": "hardware", **more}
    if hours is not None:
        found |= {"status": "resolved", "resolved": (opened + timedelta(hours=hours)).isoformat()}
    return found


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    """Four tickets about docking stations, three about jams, and single ones."""
    imported(
        a_desk,
        *(ticket(f"{DOCK} in room {n}", 10 - n, 2 + n) for n in range(4)),
        *(ticket(f"Paper jam, tray {n}", 20 + n, 48, category="printing") for n in range(3)),
        ticket("A new keyboard", 3),
        ticket("Excel opens in English", 3, category="software"),
    )
    return a_desk


def test_tickets_about_one_thing_that_no_article_answers_are_a_gap(desk: DeskFolder) -> None:
    found = told(desk)
    assert (found["opened"], found["looked_at"]) == (9, 9)
    docks, jams = found["gaps"]
    assert (docks["category"], docks["count"]) == ("hardware", 4)
    assert {"docking", "screen", "flicker"} <= set(docks["words"])
    assert (docks["seconds"], docks["median_seconds"]) == (14 * 3600, 3.5 * 3600)
    assert docks["near"] is None
    assert docks["source"] == docks["tickets"][0]
    assert jams["count"] == 3


def test_gaps_are_ranked_by_count_or_by_the_time_they_took(desk: DeskFolder) -> None:
    assert [each["count"] for each in told(desk)["gaps"]] == [4, 3]
    assert [each["count"] for each in told(desk, "--by", "time")["gaps"]] == [3, 4]
    assert [each["count"] for each in told(desk, "--limit", "1")["gaps"]] == [4]


def test_only_recent_tickets_count(desk: DeskFolder) -> None:
    assert [each["count"] for each in told(desk, "--since", "-15d")["gaps"]] == [4]
    assert told(desk, "--since", "-1d")["gaps"] == []


def test_what_an_article_solved_is_no_gap(desk: DeskFolder) -> None:
    desk.hd("kb", "new", "Renew the firmware", "--slug", "firmware", "-m", "By the vendor's tool")
    tickets = told(desk)["gaps"][0]["tickets"]
    desk.hd("kb", "helpful", "firmware", *tickets[:2], "--yes")
    assert [each["category"] for each in told(desk)["gaps"]] == ["printing"]


def test_what_an_article_says_in_so_many_words_is_no_gap_once_it_is_published(
    desk: DeskFolder,
) -> None:
    desk.hd("kb", "new", f"{DOCK}: what to do", "--slug", "dock-flicker", "-m", DOCK)
    docks = told(desk)["gaps"][0]
    assert (docks["category"], docks["near"]) == ("hardware", "dock-flicker")
    desk.hd("kb", "publish", "dock-flicker")
    assert [each["category"] for each in told(desk)["gaps"]] == ["printing"]


def test_articles_that_did_not_help_or_not_for_long_are_told(desk: DeskFolder) -> None:
    for slug in ("dock-flicker", "paper-jam", "fine"):
        desk.hd("kb", "new", slug.title(), "--slug", slug, "-m", "How")
    assert told(desk)["failing"] == []
    first, second = desk.new("Screen flickers"), desk.new("Screen is black")
    desk.hd("resolve", first, second, "-m", "New cable", "--article", "dock-flicker", "-q")
    desk.hd("reopen", first)
    desk.hd("kb", "helpful", "dock-flicker", desk.new("Screen is pink"), "--no")
    desk.hd("kb", "helpful", "paper-jam", second, "--no")
    desk.hd("kb", "helpful", "fine", second, "--yes")
    worst, other = told(desk)["failing"]
    assert (worst["slug"], worst["helped"], worst["unhelpful"], worst["reopened"]) == (
        *("dock-flicker", 2),
        *(1, 1),
    )
    assert first in worst["tickets"]
    assert (other["slug"], other["tickets"]) == ("paper-jam", [second])


def test_an_agent_sees_their_own_and_who_leads_them_sees_it_by_name(desk: DeskFolder) -> None:
    desk.hd("agent", "add", "dan", "Dan Roy <dan@example.org>", "--team", "desk")
    for number in range(4):
        title = f"No network in room {number}"
        lost = desk.hd("new", title, "-c", "network", agent="dan").id
        desk.hd("escalate", lost, "-m", "Beyond me", agent="dan")
        mine = desk.hd("new", title, "-c", "network").id
        desk.hd("resolve", mine, "-m", "Patched")
    desk.hd("kb", "starter", "no-network")
    own = told(desk, agent="dan")["learning"]
    (lesson,) = own["lessons"]
    assert (own["agent"], own["team"]) == ("dan", ["alice"])
    assert (lesson["category"], lesson["resolved"], lesson["escalated"]) == ("network", 0, 4)
    assert (lesson["escalated_more"], lesson["articles"]) == (4.0, ["no-network"])
    led = told(desk, "--agent", "dan", agent="bob")
    assert (led["learning"], led["gaps"]) == (own, None)
    assert told(desk, "--agent", "me", agent="dan")["learning"] == own
    assert "who leads them" in desk.hd("kb", "gaps", "--agent", "alice", agent="dan", code=1).err
    assert "did you mean" in desk.hd("kb", "gaps", "--agent", "dann", code=1).err
    shown = desk.hd("kb", "gaps", agent="dan").out
    assert "You, compared with alice\n" in shown
    assert "no-network" in shown


def test_a_page_for_people(desk: DeskFolder) -> None:
    shown = desk.hd("kb", "gaps").out
    assert shown.startswith("What no article answers, in 9 tickets since ")
    (row,) = (line.split() for line in shown.splitlines() if "docking" in line)
    assert row[:6] == ["4", "14", "h", "3", "h", "hardware"]
    assert "next: hd kb new --from HD-" in shown
    assert "nothing comes again" in desk.hd("kb", "gaps", "--since", "-1d").out


def test_a_stranger_sees_the_gaps_alone(desk: DeskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "nobody@example.org")
    found = told(desk)
    assert found["learning"] is None
    assert len(found["gaps"]) == 2

from __future__ import annotations

import json

import pytest

from hdcli.errors import BadUsage, HdError
from hdcli.model.settings import Settings, Team
from hdcli.store.codec import read_settings
from support import DeskFolder


def settings(desk: DeskFolder) -> Settings:
    assert desk.clean()
    return read_settings((desk.path / "desk.yaml").read_bytes())


def test_adds_a_team_that_work_can_be_given_to(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("team", "add", "cloud", "--title", "Cloud: all", "--level", "2", "-c", "email")
    assert ran.out == "cloud is a team at level 2 now\n"
    assert settings(a_desk).teams["cloud"] == Team("cloud", "Cloud: all", 2, ("email",))
    assert a_desk.git("log", "-1", "--format=%B").splitlines() == [
        "desk: add team cloud (level 2)",
        "",
        "Action: add-team",
        "Team: cloud",
        "Level: 2",
    ]
    a_desk.hd("escalate", a_desk.new(), "--team", "cloud", "-m", "Theirs")


def test_edits_title_level_and_categories(a_desk: DeskFolder) -> None:
    assert a_desk.hd("team", "edit", "apps", "--title", "Apps", "--level", "3").out == (
        "apps is changed\n"
    )
    a_desk.hd("team", "edit", "-q", "apps", "-c", "+other", "--category", "-software")
    assert settings(a_desk).teams["apps"] == Team("apps", "Apps", 3, ("other",))
    assert a_desk.git("log", "-2", "--format=%s").splitlines() == [
        "desk: edit team apps (+other, -software)",
        "desk: edit team apps (name Apps, level 3)",
    ]
    assert a_desk.hd("team", "edit", "apps", "--level", "3").out == "apps is so already\n"


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        (("add", "network"), HdError, "team 'network' is there already; hd team edit network"),
        (("add", "bob"), HdError, "'bob' is there already, as another agent"),
        (("add", "a b"), BadUsage, "'a b' can't name an agent or a team"),
        (("add", "x", "--level", "4"), HdError, "no level 4; the desk has levels 1 to 3"),
        (("add", "x", "-c", "netwrk"), HdError, "did you mean 'network'"),
        (("add", "x", "--title", "a\nb"), HdError, "a team's name must be one line"),
        (("edit", "netwrok", "--level", "2"), HdError, "did you mean 'network'"),
        (("edit", "network", "--level", "0"), HdError, "there is no level 0"),
        (("edit", "network", "-c", "-software"), HdError, "no category 'software'"),
        (("edit", "network"), BadUsage, "there is nothing to change"),
    ],
)
def test_refuses_what_would_not_be_a_team(
    args: tuple[str, ...], error: type[HdError], message: str, a_desk: DeskFolder
) -> None:
    before = a_desk.git("rev-parse", "main")
    assert message in a_desk.hd("team", *args, code=error.exit_code).err
    assert a_desk.git("rev-parse", "main") == before


def test_lists_by_level_with_the_agents_who_are_active(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "edit", "bob", "--inactive")
    lines = a_desk.hd("team").out.splitlines()
    assert lines[0].split() == ["level", "team", "title", "categories", "agents"]
    assert [line.split()[:2] for line in lines[1:]] == [
        ["1", "desk"], ["2", "network"], ["2", "systems"], ["2", "apps"], ["3", "vendor"],
    ]  # fmt: skip
    assert [line.split()[-1] for line in lines[1:]] == ["alice", "none", "carol", "carol", "none"]


def test_lists_for_scripts(a_desk: DeskFolder) -> None:
    found = json.loads(a_desk.hd("team", "list", "--json").out)
    assert found["teams"][1] == {
        "name": "network",
        "title": "Network",
        "level": 2,
        "categories": ["network", "phone", "security"],
        "agents": ["bob"],
    }
    assert len(a_desk.hd("team", "--jsonl").out.splitlines()) == 5


def test_undo_takes_it_back(a_desk: DeskFolder) -> None:
    before = a_desk.git("rev-parse", "main:desk.yaml")
    a_desk.hd("team", "add", "cloud")
    a_desk.hd("undo")
    assert a_desk.git("rev-parse", "main:desk.yaml") == before

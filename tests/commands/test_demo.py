from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from hdcli.errors import NoIdentity, Refused
from hdcli.model.fields import OPEN_STATUSES
from hdcli.model.ticket import Ticket
from hdcli.store import codec
from support import DeskFolder, run_hd


@pytest.fixture
def demo(tmp_path: Path) -> DeskFolder:
    ran = run_hd("demo", "a demo")
    assert (ran.code, ran.err) == (0, "")
    return DeskFolder(tmp_path / "a demo")


def tickets(desk: DeskFolder) -> dict[str, Ticket]:
    found = {}
    for file in desk.path.glob("tickets/*/*.yaml"):
        ticket = codec.read_ticket(file.read_bytes(), str(file))
        found[ticket.id] = ticket
    return found


def test_is_a_sound_desk_with_a_straight_history(demo: DeskFolder) -> None:
    assert demo.clean()
    demo.git("fsck", "--strict")
    assert 80 <= len(tickets(demo)) <= 93
    lines = demo.git("log", "--reverse", "--format=%P|%at|%ct|%an|%cn").splitlines()
    rows = [line.split("|") for line in lines]
    assert all(" " not in row[0] for row in rows)
    times = [int(row[1]) for row in rows]
    assert times == sorted(times)
    assert all(row[1] == row[2] and row[3] == row[4] for row in rows)
    assert demo.hd("fsck", "-q", "--range", "..main").out == ""


def test_the_level_branches_are_those_of_the_open_escalated_tickets(demo: DeskFolder) -> None:
    wanted = {
        f"l{each.level}/{each.id}"
        for each in tickets(demo).values()
        if each.level > 1 and each.status in OPEN_STATUSES
    }
    assert {line.partition(":")[0] for line in demo.branches()} == wanted
    assert {name[:3] for name in wanted} == {"l2/", "l3/"}
    for name in wanted:
        newest = demo.git("log", "-1", "--format=%H", "main", "--", str(demo.file(name[3:])))
        assert demo.git("rev-parse", name) == newest


def test_has_a_bit_of_everything(demo: DeskFolder) -> None:
    found = tickets(demo).values()
    assert {each.status for each in found} == {"new", "open", "pending", "resolved", "closed"}
    did = Counter(entry.action for each in found for entry in each.log)
    assert not {"escalate", "deescalate", "reopen", "merge", "link", "tag", "set"} - did.keys()
    assert {"phone", "mail", "walk-in"} <= {each.text("channel") for each in found}
    assert any(each.items("attachments") for each in found)
    assert all(each.log[-1].by for each in found)
    live = [each for each in found if each.status in OPEN_STATUSES]
    now = demo.git("log", "-1", "--format=%cd", "--date=format:%Y-%m-%dT%H:%M:%SZ")
    assert any(each.text("due") and each.text("due") < now for each in live)
    assert any(not each.text("assignee") for each in live)
    assert sum(each.text("assignee") == "alice-martin" for each in live) >= 3


def test_shows_what_a_desk_learns(demo: DeskFolder) -> None:
    listed = json.loads(demo.hd("kb", "list", "--json").out)["articles"]
    known = {each["slug"]: each for each in listed}
    assert {each["language"] for each in listed} == {"en", "fr"}
    assert {each["state"] for each in listed} == {"draft", "published"}
    assert sum(bool(each.get("sources")) for each in listed) >= 3
    assert sum(each["helped"] for each in listed) >= 6
    assert demo.hd("kb", "list", "--stale", "-q").out == "printer-offline\n"
    gaps = json.loads(demo.hd("kb", "gaps", "--json").out)
    assert [each["category"] for each in gaps["gaps"]] == ["network"]
    assert [each["slug"] for each in gaps["failing"]] == ["vpn-connection"]
    (gift_cards,) = demo.hd("list", "-q", "gift").out.split()
    first = json.loads(demo.hd("suggest", gift_cards, "--json").out)["articles"][0]
    assert (first["slug"], len(first["votes"])) == ("phishing-report", 2)
    assert known["phishing-report"]["helped"] == 2
    (ticket,) = demo.hd("list", "-q", "has:procedure").out.split()
    assert "step 4 of 9" in demo.hd("procedure", "show", ticket).out


def test_each_agent_acts_under_their_own_name(demo: DeskFolder) -> None:
    settings = codec.read_settings((demo.path / "desk.yaml").read_bytes())
    names = {agent.handle: agent.name for agent in settings.agents.values()}
    for ticket in tickets(demo).values():
        by = {names[entry.by] for entry in ticket.log if not entry.of}
        log = demo.git("log", "--format=%an", "--", f"tickets/*/{ticket.id}.yaml")
        assert by <= set(log.splitlines())


def test_the_caller_works_there_and_can_go_on(demo: DeskFolder) -> None:
    assert demo.hd("whoami", "-q").out == "alice-martin\n"
    demo.hd("note", "@", "-m", "Looked at it")
    demo.hd("undo")
    assert demo.clean()


def test_one_seed_is_one_desk_and_another_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_795_000_000.0)
    heads = []
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        assert run_hd("demo", name, "--seed", seed).code == 0
        heads.append(DeskFolder(tmp_path / name).git("rev-parse", "main"))
    assert heads[0] == heads[1] != heads[2]


def test_later_only_the_times_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subjects = []
    for name, now in (("a", 1_795_000_000.0), ("b", 1_795_111_111.0)):
        monkeypatch.setattr("time.time", lambda now=now: now)
        assert run_hd("demo", name).code == 0
        subjects.append(DeskFolder(tmp_path / name).git("log", "--format=%an %s").splitlines())
    first, second = ([line.partition(" until ")[0] for line in each] for each in subjects)
    assert first == second


def test_says_what_to_try_next(tmp_path: Path) -> None:
    out = run_hd("demo", "it's new").out
    assert out.startswith("demo desk in it's new: 9")
    assert "you are agent 'alice-martin'\n" in out
    assert """next: cd 'it'"'"'s new'\n""" in out
    (ticket,) = re.findall(r"hd procedure show (\S+)", out)
    shown = run_hd("--desk", "it's new", "procedure", "show", ticket)
    assert (shown.code, shown.err) == (0, "")


@pytest.mark.parametrize("name", ["full", "full/notes"])
def test_a_folder_in_use_stays_as_it_is(name: str, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/notes").write_text("mine")
    ran = run_hd("demo", name)
    assert ran.code == Refused.exit_code
    assert ran.err == f"hd: {name} is not empty; name a folder that is empty or missing\n"
    assert [each.name for each in (tmp_path / "full").iterdir()] == ["notes"]


def test_an_empty_folder_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert run_hd("demo", ".").code == 0


def test_what_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "")
    monkeypatch.delenv("GIT_COMMITTER_EMAIL")
    assert run_hd("demo", "new").code == NoIdentity.exit_code
    assert not (tmp_path / "new").exists()


def test_somebody_with_an_agent_s_address_is_no_second_agent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Nora L.")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "nora.lindqvist@example.org")
    ran = run_hd("demo", "desk")
    assert "you are agent 'nora-l'" in ran.out, ran.err
    settings = codec.read_settings((tmp_path / "desk/desk.yaml").read_bytes())
    assert len(settings.agents) == 6

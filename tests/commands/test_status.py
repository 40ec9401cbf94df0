"""hd status: where things stand, on one screen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hdcli.errors import NotADesk
from support import DeskFolder, run_hd


def status(desk: DeskFolder) -> dict[str, Any]:
    found = json.loads(desk.hd("status", "--json").out)
    assert isinstance(found, dict)
    return found


def firsts(pile: dict[str, Any]) -> list[str]:
    return [each["id"] for each in pile["first"]]


def test_whose_work_is_where(a_desk: DeskFolder) -> None:
    mine = a_desk.new("Mine", "-a", "me")
    nobodys = a_desk.new("Nobody's", "--due", "2026-01-02")
    higher, waiting, done = a_desk.new("Higher"), a_desk.new("Waiting"), a_desk.new("Done")
    a_desk.hd("escalate", higher, "-m", "x", "--team", "network")
    a_desk.hd("assign", waiting, "bob")
    a_desk.hd("pend", waiting, "--on", "vendor")
    a_desk.hd("resolve", done, "-m", "x")
    found = status(a_desk)
    assert [found[name] for name in ("open", "waiting", "resolved", "tickets")] == [4, 1, 1, 5]
    assert firsts(found["mine"]) == [mine]
    assert set(firsts(found["unassigned"])) == {nobodys, higher}
    assert firsts(found["overdue"]) == [nobodys]
    first, second, _ = found["levels"]
    assert (first["open"], first["unassigned"], first["overdue"]) == (3, 1, 1)
    assert (second["open"], second["teams"]) == (1, {"network": 1})


def test_a_wait_that_is_over(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new("Over"), a_desk.new("Later")
    for each, until in ((ticket, "2026-01-02"), (other, "2030-01-02")):
        a_desk.hd("pend", each, "--on", "vendor", "--until", "2030-01-01")
        path = a_desk.file(each)
        path.write_text(path.read_text().replace("2030-01-01", until))
    a_desk.git("commit", "-qam", "other times")
    assert firsts(status(a_desk)["time_has_come"]) == [ticket]
    assert "Time to wait is over 1\n" in a_desk.hd("status").out


def test_hand_edits_are_told_and_committed_ones_are_not(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    assert status(a_desk)["hand_edits"] == []
    with (a_desk.path / "desk.yaml").open("a") as settings:
        settings.write("# a comment\n")
    a_desk.file(ticket).write_text("x")
    (a_desk.path / "kb").mkdir()
    (a_desk.path / "kb" / "new.yaml").write_text("x")
    (a_desk.path / "elsewhere.txt").write_text("not the desk's")
    path = str(a_desk.file(ticket).relative_to(a_desk.path))
    assert sorted(status(a_desk)["hand_edits"]) == ["desk.yaml", "kb/new.yaml", path]
    assert "3 files edited by hand, not committed: hd commit\n" in a_desk.hd("status").out


def test_what_is_not_pushed_and_not_pulled(a_desk: DeskFolder, tmp_path: Path) -> None:
    assert status(a_desk)["not_pushed"] is None
    hub = str(tmp_path / "hub.git")
    a_desk.git("clone", "-q", "--bare", str(a_desk.path), hub)
    a_desk.git("remote", "add", "origin", hub)
    a_desk.git("fetch", "-q", "origin")
    a_desk.git("branch", "-q", "-u", "origin/main")
    a_desk.new()
    found = status(a_desk)
    assert (found["upstream"], found["not_pushed"], found["not_pulled"]) == ("origin/main", 1, 0)
    assert (
        "1 commit not pushed to origin/main, as of just now: hd sync\n" in a_desk.hd("status").out
    )
    a_desk.git("push", "-q", "origin", "main")
    assert "nothing to push to origin/main or to pull, as of just now" in a_desk.hd("status").out
    a_desk.git("reset", "-q", "--hard", "HEAD^")
    assert "1 commit of origin/main not pulled, as of just now: hd sync" in a_desk.hd("status").out


def test_a_rebase_under_way_is_told_with_the_way_out(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.git("switch", "-qc", "side")
    for branch in ("side", "main"):
        a_desk.git("switch", "-q", branch)
        (a_desk.path / "notes.txt").write_text(branch)
        a_desk.git("add", "notes.txt")
        a_desk.git("commit", "-qm", branch)
    with pytest.raises(AssertionError):
        a_desk.git("rebase", "side")
    assert status(a_desk)["under_way"] == ["rebase"]
    assert "a rebase is under way: " in a_desk.hd("status").out
    assert "git rebase --continue" in a_desk.hd("status").out
    assert ticket in a_desk.hd("status").out


def test_another_branch_in_the_work_tree_is_told(a_desk: DeskFolder) -> None:
    a_desk.git("switch", "-q", "-c", "elsewhere")
    assert "the work tree is not on the desk's branch" in a_desk.hd("status").out


def test_a_stranger_and_a_bare_desk_are_answered(
    a_desk: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = DeskFolder(tmp_path / "hub.git")
    a_desk.git("clone", "-q", "--bare", str(a_desk.path), str(hub.path))
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "eve@example.com")
    found = status(hub)
    assert (found["agent"], found["mine"]["total"]) == (None, 0)
    assert "you are no agent here" in hub.hd("status").out


def test_an_empty_desk_and_one_with_nothing_open_say_what_next(a_desk: DeskFolder) -> None:
    assert 'hd new "what is wrong"' in a_desk.hd("status").out
    a_desk.hd("close", a_desk.new())
    assert "nothing is open" in a_desk.hd("status").out


def test_files_that_can_not_be_read_are_named(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.file(ticket).write_text("{\n")
    a_desk.git("commit", "-qam", "broken")
    ran = a_desk.hd("status", "--json")
    (found,) = json.loads(ran.out)["unreadable"]
    assert found["path"].endswith(f"{ticket}.yaml")
    assert found["path"] in ran.err


def test_hd_alone_is_status(a_desk: DeskFolder) -> None:
    a_desk.new("Mine", "-a", "me")
    assert a_desk.hd().out == a_desk.hd("status").out
    assert "Yours 1\n" in a_desk.hd().out


def test_hd_alone_outside_a_desk_says_how_to_begin(tmp_path: Path) -> None:
    ran = run_hd("--desk", str(tmp_path))
    assert (ran.code, ran.out) == (NotADesk.exit_code, "")
    for command in ("hd init", "hd demo", "hd --help"):
        assert command in ran.err
    assert "HD_DESK" in run_hd("--desk", str(tmp_path), "status").err

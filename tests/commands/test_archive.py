"""hd archive: closed tickets leave the work tree of one clone, and nothing else changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hdcli.errors import BadUsage, Refused
from hdcli.store import follow
from support import DeskFolder, run_hd


@pytest.fixture
def old(a_desk: DeskFolder) -> str:
    """A ticket with an attachment, closed long ago; beside it one that is open."""
    a_desk.new("Still open")
    (a_desk.path.parent / "photo.txt").write_text("photo")
    ticket = a_desk.new("Broken wheel", "--attach", str(a_desk.path.parent / "photo.txt"))
    a_desk.hd("close", ticket, "-m", "oiled")
    return ticket


def files(desk: DeskFolder) -> list[str]:
    found = (each.relative_to(desk.path) for each in desk.path.rglob("*.*") if each.is_file())
    return [str(each) for each in found if each.parts[0] in ("tickets", "attachments")]


def away(desk: DeskFolder) -> int:
    return sum(line.startswith("S ") for line in desk.git("ls-files", "-t").splitlines())


def test_it_is_away_and_listed_found_shown_and_searched(a_desk: DeskFolder, old: str) -> None:
    assert a_desk.hd("archive", "--before", "1d", "-n").out == ""
    ran = a_desk.hd("archive", "--before", "now")
    assert ran.out == "left the work tree: 1, came back: 0; now there: 1, archived: 1\n"
    assert len(files(a_desk)) == 1
    assert a_desk.clean()
    assert a_desk.hd("list", "-q", "status:closed").out == f"{old}\n"
    assert a_desk.hd("search", "-q", "wheel").out == f"{old}\n"
    shown = a_desk.hd("show", old).out
    assert "oiled" in shown
    assert f"photo.txt  (hd archive --restore {old} fetches it)" in shown
    assert "nothing is wrong" in a_desk.hd("fsck").out
    assert a_desk.hd("archive").out == "in the work tree: 1, archived: 1\n"
    assert a_desk.hd("archive", "--restore", old, "-q").out == f"{old}\n"
    assert (len(files(a_desk)), away(a_desk), a_desk.clean()) == (3, 0, True)


@pytest.mark.parametrize(
    "line", [("reopen", "-m", "again"), ("note", "-m", "x"), ("merge",), ("edit",), ("open",)]
)
def test_who_works_on_it_has_it_again(
    line: tuple[str, ...], a_desk: DeskFolder, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_EDITOR", "sed -i s/wheel/whell/")
    a_desk.hd("archive", "--before", "now")
    command, *rest = line
    more = [a_desk.hd("list", "-q").out.strip()] if command == "merge" else []
    a_desk.hd(command, old, *more, *rest)
    assert a_desk.file(old).exists()
    assert a_desk.clean()
    assert "S " not in a_desk.git("ls-files", "-t", str(a_desk.file(old)))


def test_a_hand_edit_stays_and_is_told(a_desk: DeskFolder, old: str) -> None:
    with a_desk.file(old).open("a") as file:
        file.write("# mine\n")
    ran = a_desk.hd("archive", "--before", "now")
    assert ran.err == f"{old} stays: it has hand edits that are not committed (hd commit)\n"
    assert a_desk.file(old).read_text().endswith("# mine\n")
    assert not a_desk.clean()


def test_what_a_stopped_run_left_goes_but_no_edit_made_since(a_desk: DeskFolder, old: str) -> None:
    other = a_desk.new("Other")
    a_desk.hd("close", other)
    for each in (old, other):
        a_desk.git("update-index", "--skip-worktree", str(a_desk.file(each)))
    with a_desk.file(other).open("a") as file:
        file.write("# mine\n")
    os.utime(a_desk.file(other), (1000, 1000))
    a_desk.hd("archive", "--before", "now")
    assert not a_desk.file(old).exists()
    assert a_desk.file(other).read_text().endswith("# mine\n")
    assert other in a_desk.git("status", "--porcelain")


def test_what_comes_in_by_sync_and_by_git_finds_its_way(
    a_desk: DeskFolder, old: str, tmp_path: Path
) -> None:
    hub, other = tmp_path / "hub.git", DeskFolder(tmp_path / "other")
    a_desk.git("clone", "-q", "--bare", ".", str(hub))
    a_desk.git("remote", "add", "origin", str(hub))
    a_desk.hd("archive", "--before", "now")
    assert run_hd("clone", str(hub), str(other.path)).code == 0
    other.hd("note", old, "-m", "from afar")
    other.hd("sync")
    a_desk.hd("sync")
    assert (away(a_desk), a_desk.clean()) == (1, True)
    assert "from afar" in a_desk.hd("show", old).out
    other.hd("reopen", old, "-m", "squeaks again")
    other.hd("sync")
    a_desk.hd("tag", old, "+wheel")
    a_desk.git("pull", "-q", "--no-rebase", "origin", "main")
    assert a_desk.clean()
    assert a_desk.ticket(old).status == "open"
    assert a_desk.hd("archive", "--before", "now").out.endswith("now there: 2, archived: 0\n")
    assert (len(files(a_desk)), away(a_desk), a_desk.clean()) == (3, 0, True)


def test_after_a_crash_it_comes_back_as_it_was_written(
    a_desk: DeskFolder, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_desk.hd("archive", "--before", "now")

    def stop(*_: object) -> None:
        raise OSError("stopped")

    with monkeypatch.context() as stopped:
        stopped.setattr(follow.Follow, "finish", stop)
        a_desk.hd("note", old, "-m", "after the branch moved")
    assert not a_desk.file(old).exists()
    a_desk.hd("list")
    assert "after the branch moved" in a_desk.file(old).read_text()
    assert a_desk.clean()


def test_where_nothing_can_leave_it_says_why(a_desk: DeskFolder, tmp_path: Path) -> None:
    assert "is still to come" in a_desk.hd(
        "archive", "--before", "tomorrow", code=BadUsage.exit_code
    ).err  # fmt: skip
    a_desk.git("clone", "-q", "--bare", ".", str(tmp_path / "hub.git"))
    hub = DeskFolder(tmp_path / "hub.git")
    assert "bare" in hub.hd("archive", "--before", "1y", code=Refused.exit_code).err
    a_desk.git("sparse-checkout", "set", "tickets")
    ran = a_desk.hd("archive", "--before", "1y", code=Refused.exit_code)
    assert ran.err.endswith("sparse checkout of its own; git sparse-checkout disable\n")

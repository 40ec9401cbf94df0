from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hdcli.errors import Busy
from hdcli.store import journal, lock, recover, refs
from hdcli.store.discover import discover
from support import DeskFolder


def half_done(desk: DeskFolder, commits: int = 1) -> None:
    """As a killed writer leaves it: the branch moved, files and index did not follow."""
    old = desk.git("rev-parse", f"main~{commits}")
    new = desk.git("rev-parse", "main")
    desk.git("reset", "-q", "--hard", old)
    desk.git("update-ref", "refs/heads/main", new)
    repository = discover(desk.path).repository
    intent = journal.Intent("main", old, repository.git_dir, repository.work_tree)
    journal.write(repository.local, intent)
    (repository.local / "new").mkdir()
    (repository.local / "new" / "0").write_text("x")
    os.link(repository.local / "index-mark", repository.git_dir / "index.lock")


def recovered(desk: DeskFolder) -> bool:
    """Opens the desk as any command does."""
    recover.if_needed(discover(desk.path))
    return not (desk.path / ".git" / "hd" / "journal").exists()


def test_files_and_index_follow_the_branch(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("First"), a_desk.new("Second")
    half_done(a_desk, 2)
    assert not a_desk.file(first).exists()
    assert recovered(a_desk)
    assert a_desk.clean()
    assert a_desk.file(second).exists()
    assert not (a_desk.path / ".git" / "hd" / "new").exists()


def test_what_did_not_happen_is_forgotten(a_desk: DeskFolder) -> None:
    a_desk.new()
    half_done(a_desk)
    a_desk.git("update-ref", "refs/heads/main", "main~1")
    assert recovered(a_desk)
    assert a_desk.clean()


def test_an_illegible_journal_is_cleared_away(a_desk: DeskFolder) -> None:
    a_desk.new()
    journal.path(a_desk.path / ".git" / "hd").write_bytes(b"\0\0\0")
    assert recovered(a_desk)
    a_desk.new()
    assert a_desk.clean()


def test_a_hand_edit_since_then_is_kept(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new("Mine"), a_desk.new("Other")
    a_desk.hd("note", ticket, "-m", "x")
    a_desk.hd("note", other, "-m", "x")
    half_done(a_desk, 2)
    a_desk.file(ticket).write_text("mine")
    assert recovered(a_desk)
    assert a_desk.file(ticket).read_text() == "mine"
    name = a_desk.file(ticket).relative_to(a_desk.path)
    assert a_desk.git("status", "--porcelain") == f" M {name}"


def test_what_was_staged_since_then_is_kept(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Mine")
    a_desk.hd("note", ticket, "-m", "x")
    half_done(a_desk)
    (a_desk.path / ".git" / "index.lock").unlink()
    a_desk.file(ticket).write_text("mine")
    a_desk.git("add", "-A")
    assert recovered(a_desk)
    name = a_desk.file(ticket).relative_to(a_desk.path)
    assert a_desk.git("status", "--porcelain") == f"M  {name}"


def test_a_commit_made_since_then_stays(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    half_done(a_desk)
    (a_desk.path / ".git" / "index.lock").unlink()
    (a_desk.path / "notes.txt").write_text("mine")
    a_desk.git("add", "notes.txt")
    a_desk.git("commit", "-q", "-m", "mine", "--", "notes.txt")
    assert recovered(a_desk)
    assert a_desk.file(ticket).exists()
    assert a_desk.clean()


def test_level_branches_follow_the_tickets(a_desk: DeskFolder) -> None:
    up, up_and_noted, down = a_desk.new("Up"), a_desk.new("Noted"), a_desk.new("Down")
    a_desk.hd("escalate", down, "-m", "x")
    a_desk.hd("escalate", up, "-m", "x")
    a_desk.hd("escalate", up_and_noted, "-m", "x", "--to", "3")
    a_desk.hd("note", up_and_noted, "-m", "x")
    a_desk.hd("resolve", down, "-m", "x")
    wanted = a_desk.git("for-each-ref")
    half_done(a_desk, 4)
    a_desk.git("branch", "-D", f"l2/{up}", f"l3/{up_and_noted}")
    a_desk.git("branch", f"l2/{down}", "main~4")
    assert recovered(a_desk)
    assert a_desk.git("for-each-ref") == wanted


def test_level_branches_of_a_bare_desk_follow_too(make_desk: Callable[..., DeskFolder]) -> None:
    hub = make_desk("hub.git", "--bare")
    ticket = hub.new()
    hub.hd("escalate", ticket, "-m", "x")
    intent = journal.Intent("main", hub.git("rev-parse", "main~1"), hub.path, None)
    journal.write(hub.path / "hd", intent)
    hub.git("branch", "-D", f"l2/{ticket}")
    assert recovered_bare(hub)
    assert refs.all_levels(discover(hub.path).repository) == {ticket: [f"l2/{ticket}"]}


def recovered_bare(hub: DeskFolder) -> bool:
    recover.if_needed(discover(hub.path))
    return not (hub.path / "hd" / "journal").exists()


def test_the_work_tree_that_was_written_to_is_mended_from_any_other(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    ticket = a_desk.new()
    linked = DeskFolder(tmp_path / "linked")
    a_desk.git("worktree", "add", "-q", "-b", "idea", str(linked.path), "main~1")
    half_done(a_desk)
    linked.hd("list")
    assert a_desk.clean()
    assert a_desk.file(ticket).exists()
    assert linked.clean()


def test_a_work_tree_that_is_gone_is_nobody_s_concern(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new()
    a_desk.hd("escalate", ticket, "-m", "x")
    gone = tmp_path / "gone"
    intent = journal.Intent("main", a_desk.git("rev-parse", "main~1"), gone / ".git", gone)
    journal.write(a_desk.path / ".git" / "hd", intent)
    a_desk.git("branch", "-D", f"l2/{ticket}")
    assert recovered(a_desk)
    assert a_desk.clean()
    assert a_desk.git("branch", "--list", f"l2/{ticket}")


def test_a_copy_of_a_desk_is_finished_where_it_is(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new()
    half_done(a_desk)
    copy = DeskFolder(tmp_path / "copy")
    shutil.copytree(a_desk.path, copy.path, symlinks=True)
    assert recovered(copy)
    assert copy.clean()
    assert copy.file(ticket).exists()
    assert not a_desk.file(ticket).exists()
    moved = DeskFolder(a_desk.path.rename(tmp_path / "moved"))
    moved.hd("list")
    assert moved.clean()
    assert moved.file(ticket).exists()


def test_a_commit_that_git_forgot_is_no_obstacle(a_desk: DeskFolder) -> None:
    repository = discover(a_desk.path).repository
    a_desk.new()
    intent = journal.Intent("main", "1" * 40, repository.git_dir, repository.work_tree)
    journal.write(repository.local, intent)
    a_desk.new()
    assert recovered(a_desk)
    assert a_desk.clean()


def test_a_branch_that_is_no_longer_shown_is_left_alone(a_desk: DeskFolder) -> None:
    a_desk.new()
    half_done(a_desk)
    (a_desk.path / ".git" / "index.lock").unlink()
    a_desk.git("symbolic-ref", "HEAD", "refs/heads/idea")
    before = a_desk.git("ls-files")
    assert recovered(a_desk)
    assert a_desk.git("ls-files") == before


def test_locks_that_a_killed_git_left_are_removed(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refs, "_STALE_SECONDS", 0.1)
    a_desk.new()
    half_done(a_desk)
    lock_file = a_desk.path / ".git" / "refs" / "heads" / "main.lock"
    lock_file.touch()
    os.utime(lock_file, (time.time() - 60,) * 2)
    assert recovered(a_desk)
    a_desk.new()
    assert a_desk.clean()


def test_while_a_writer_lives_readers_leave_it_alone(a_desk: DeskFolder) -> None:
    a_desk.new()
    half_done(a_desk)
    with lock.lock(a_desk.path / ".git" / "hd"):
        assert not recovered(a_desk)
        a_desk.hd("list")
    assert recovered(a_desk)


def test_another_git_at_work_is_waited_for_another_time(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HD_LOCK_TIMEOUT", "0")
    a_desk.new()
    half_done(a_desk)
    foreign = a_desk.path / ".git" / "index.lock"
    foreign.unlink()
    foreign.touch()
    a_desk.hd("list")
    a_desk.hd("new", "x", code=Busy.exit_code)
    assert foreign.exists()
    foreign.unlink()
    a_desk.new()
    assert a_desk.clean()

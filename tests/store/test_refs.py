from __future__ import annotations

import os
import time

import pytest

from hdcli.errors import Busy, Conflict, Refused
from hdcli.store import refs
from hdcli.store.discover import discover
from hdcli.store.git import Repository
from support import DeskFolder

ID = "HD-7K3QF"
OTHER = "HD-00000"


@pytest.fixture
def repository(a_desk: DeskFolder) -> Repository:
    """One with two commits: ``main^`` and ``main``."""
    return discover(a_desk.path).repository


def commits(desk: DeskFolder) -> tuple[str, str]:
    return desk.git("rev-parse", "main^"), desk.git("rev-parse", "main")


def tip(desk: DeskFolder, branch: str) -> str:
    return desk.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


def test_branches_move_together(a_desk: DeskFolder, repository: Repository) -> None:
    old, new = commits(a_desk)
    a_desk.git("branch", f"l3/{ID}", old)
    refs.move(repository, "main", new, old, {f"l2/{ID}": old, f"l3/{ID}": None})
    assert (tip(a_desk, "main"), tip(a_desk, f"l2/{ID}"), tip(a_desk, f"l3/{ID}")) == (old, old, "")
    assert refs.all_levels(repository) == {ID: [f"l2/{ID}"]}


def test_nothing_moves_when_the_branch_was_moved_by_another(
    a_desk: DeskFolder, repository: Repository
) -> None:
    old, new = commits(a_desk)
    with pytest.raises(refs.Outrun):
        refs.move(repository, "main", old, a_desk.git("rev-parse", "main^{tree}"), {})
    with pytest.raises(refs.Outrun):
        refs.move(repository, "main", "1" * 40, old, {f"l2/{ID}": old})
    assert (tip(a_desk, "main"), refs.all_levels(repository)) == (new, {})


def test_nothing_moves_when_a_name_is_taken(a_desk: DeskFolder, repository: Repository) -> None:
    old, new = commits(a_desk)
    a_desk.git("branch", "l2")
    with pytest.raises(Conflict, match=r"can't move the branches: .*l2"):
        refs.move(repository, "main", new, old, {f"l2/{ID}": old})
    assert tip(a_desk, "main") == new


def test_nothing_moves_when_a_hook_refuses(a_desk: DeskFolder, repository: Repository) -> None:
    old, new = commits(a_desk)
    hook = a_desk.path / ".git" / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    for text, words in (("exit 1", "refused$"), ("echo no >&2; exit 1", "refused: no$")):
        hook.write_text(f"#!/bin/sh\n{text}\n")
        hook.chmod(0o755)
        with pytest.raises(Refused, match=words):
            refs.move(repository, "main", new, old, {})
        assert tip(a_desk, "main") == new


def test_a_ref_that_another_git_has_locked_is_named(
    a_desk: DeskFolder, repository: Repository
) -> None:
    old, new = commits(a_desk)
    for name in ("refs/heads/main.lock", "HEAD.lock"):
        lock = a_desk.path / ".git" / name
        lock.touch()
        with pytest.raises(Busy, match=f"at work in this desk: {lock} exists; if no git"):
            refs.move(repository, "main", new, old, {})
        lock.unlink()
    assert tip(a_desk, "main") == new


def test_a_git_that_was_killed_between_two_branches_is_made_up_for(
    a_desk: DeskFolder, repository: Repository
) -> None:
    old, new = commits(a_desk)
    refs.move(repository, "main", old, new, {f"l2/{ID}": new})
    assert tip(a_desk, f"l2/{ID}") == new


def test_only_level_branches_are_listed_as_such(a_desk: DeskFolder, repository: Repository) -> None:
    for name in (f"l2/{ID}", f"l10/{OTHER}", f"l2/{OTHER}", "l2x/a", "l2/idea", f"lx/{ID}"):
        a_desk.git("branch", name)
    found = refs.all_levels(repository)
    assert found == {ID: [f"l2/{ID}"], OTHER: [f"l10/{OTHER}", f"l2/{OTHER}"]}


def test_locks_of_a_dead_git_go_and_those_of_a_living_one_stay(
    a_desk: DeskFolder, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refs, "_STALE_SECONDS", 0.1)
    git_dir = a_desk.path / ".git"
    (git_dir / "refs" / "heads" / "l2").mkdir()
    (git_dir / "refs" / "hd").mkdir(exist_ok=True)
    names = ("HEAD.lock", "packed-refs.lock", "packed-refs.new", "refs/heads/main.lock")
    dead = [git_dir / each for each in (*names, f"refs/heads/l2/{ID}.lock", "refs/hd/write.lock")]
    for each in dead:
        each.touch()
        os.utime(each, (time.time() - 60,) * 2)
    living = git_dir / "refs" / "heads" / "idea.lock"
    living.touch()
    os.utime(living, (time.time() + 60,) * 2)
    refs.clear_stale_locks(repository)
    assert [each for each in dead if each.exists()] == []
    assert living.exists()

"""A damaged repository: ``hd fsck`` tells what is so, and --repair mends it, desk or no desk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import damaging
from support import DeskFolder

Damaged = Callable[[DeskFolder], object]


@pytest.fixture
def desk(a_desk: DeskFolder, tmp_path: Path) -> DeskFolder:
    """A desk with a ticket at level 2, and a remote that has all of it."""
    return damaging.with_remote(a_desk, tmp_path / "hub.git")


def checked(desk: DeskFolder, *words: str, code: int) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(desk.hd("fsck", "--json", *words, code=code).out)
    return data


def git_file(desk: DeskFolder, name: str) -> Path:
    return desk.path / ".git" / name


def left_behind(desk: DeskFolder) -> None:
    """All that stopped programs leave, at once."""
    for name in ("index.lock", "refs/heads/main.lock"):
        git_file(desk, name).touch()
        os.utime(git_file(desk, name), (0, 0))
    damaging.flip(git_file(desk, "index"), 90)
    git_file(desk, "config").write_text(git_file(desk, "config").read_text().replace("hd", "xy"))
    os.truncate(git_file(desk, "hd/cache.sqlite3"), 5000)
    os.truncate(git_file(desk, "hd/index/segments.json"), 30)


def graphs_broken(desk: DeskFolder) -> None:
    damaging.packed(desk)
    desk.git("multi-pack-index", "write")
    desk.git("commit-graph", "write", "--reachable")
    for name in ("objects/info/commit-graph", "objects/pack/multi-pack-index"):
        git_file(desk, name).chmod(0o644)
        damaging.flip(git_file(desk, name), 700)


def half_a_clone(desk: DeskFolder) -> None:
    """Fetched, and no branch made of it yet."""
    desk.git("update-ref", "-d", "refs/heads/main")
    shutil.rmtree(git_file(desk, "logs"))


def emptied(name: str) -> Damaged:
    return lambda desk: os.truncate(damaging.loose(desk, name), 0)


# What is damaged, and what is said of it.
DAMAGE: dict[str, tuple[Damaged, str]] = {
    "what stopped programs leave": (left_behind, "git's index is damaged"),
    "graphs": (graphs_broken, "multi-pack-index is damaged"),
    "no HEAD": (lambda desk: git_file(desk, "HEAD").unlink(), "lacks HEAD"),
    "an empty branch": (lambda desk: os.truncate(git_file(desk, "refs/heads/main"), 0), "reflog"),
    "half a clone": (half_a_clone, "is missing; origin/main has it"),
    "the last commit": (emptied("main"), "is damaged"),
    "the tickets' folder": (emptied("main:tickets"), "the folder tickets/ as of"),
    "a commit of old": (emptied("main~1"), "is damaged"),
    "the pack": (lambda desk: os.truncate(damaging.packed(desk), 900), "the pack is damaged"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_told_and_repaired_and_nothing_is_lost(desk: DeskFolder, name: str) -> None:
    damage, words = DAMAGE[name]
    desk.hd("search", "network")
    before = damaging.state(desk)
    damage(desk)
    findings = checked(desk, code=4)["findings"]
    said = [each["message"] for each in findings if each["repair"] in ("clone", "objects")]
    assert any(words in each for each in said), findings
    mended = checked(desk, "--repair", code=0)
    assert mended["repaired"]
    assert mended["not_repaired"] == []
    assert mended["findings"] == []
    assert damaging.state(desk) == before
    assert desk.clean()
    assert desk.git("fsck", "--no-dangling") == ""
    desk.new("Goes on")


def test_what_no_copy_is_left_of_is_named_with_its_ticket(desk: DeskFolder) -> None:
    (path,) = desk.git("ls-tree", "-r", "--name-only", "main", "tickets/").split()
    desk.git("remote", "set-url", "origin", str(desk.path / "nowhere"))
    place = damaging.loose(desk, f"main~1:{path}")
    place.write_bytes(b"garbage")
    ran = desk.hd("fsck", "--repair", code=4)
    assert f"error: {path}: {Path(path).stem} as of " in ran.out
    assert "not repaired: origin could not help" in ran.err
    assert "not repaired: files, index and remotes have no copy" in ran.err
    assert ran.err.endswith("hd: 1 error\n")
    assert place.read_bytes() == b"garbage"


def test_what_waits_for_a_person_is_only_said(a_desk: DeskFolder) -> None:
    a_desk.git("switch", "-qc", "idea")
    a_desk.git("commit", "-q", "--allow-empty", "-m", "x")
    a_desk.git("switch", "-q", "main")
    a_desk.git("merge", "-q", "--no-ff", "--no-commit", "idea")
    (found,) = checked(a_desk, code=0)["findings"]
    assert (found["severity"], found["message"]) == ("note", "a merge is under way")


def test_what_is_no_desk_is_not_repaired(tmp_path: Path) -> None:
    other = DeskFolder(tmp_path / "other")
    subprocess.run(["git", "init", "-q", str(other.path)], check=True)
    before = git_file(other, "config").read_bytes()
    for _ in range(2):
        ran = other.hd("fsck", "--repair", code=1)
        assert ran.err == "hd: there is no commit on branch 'main' yet; hd init makes a desk\n"
        shutil.rmtree(git_file(other, "hd"), ignore_errors=True)
    assert git_file(other, "config").read_bytes() == before
    ran = DeskFolder(tmp_path).hd("fsck", code=1)
    assert ran.err.startswith("hd: no desk here")

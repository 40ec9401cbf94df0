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
from hdcli.store import journal
from hdcli.store.discover import discover
from support import DeskFolder, run_hd

Damaged = Callable[[DeskFolder], object]


def examined(desk: DeskFolder, *words: str, code: int = 0) -> dict[str, Any]:
    """What is not well, by name: its state and message."""
    data = json.loads(desk.hd("doctor", "--json", *words, code=code).out)
    assert list(data) == ["format", "checks", "fixed", "not_fixed"]
    return {
        each["name"]: (each["state"], each["message"])
        for each in data["checks"]
        if each["state"] != "ok"
    }


def git_file(desk: DeskFolder, name: str) -> Path:
    return desk.path / ".git" / name


def old(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    os.utime(place, (0, 0))


def stopped_write(desk: DeskFolder) -> None:
    """As a killed writer leaves it: the branch moved, the files did not follow."""
    tip = desk.git("rev-parse", "main")
    desk.git("reset", "-q", "--hard", "main~1")
    desk.git("update-ref", "refs/heads/main", tip)
    repository = discover(desk.path).repository
    intent = journal.Intent("main", desk.git("rev-parse", "main~1"), repository.git_dir, desk.path)
    journal.write(repository.local, intent)


def index_behind(desk: DeskFolder) -> None:
    git_file(desk, "index").rename(desk.path.parent / "now")
    desk.git("read-tree", "main~1")


def graph_flipped(desk: DeskFolder) -> None:
    desk.git("commit-graph", "write", "--reachable")
    place = git_file(desk, "objects/info/commit-graph")
    place.chmod(0o644)
    damaging.flip(place, 700)


def packs_index_cut(desk: DeskFolder) -> None:
    damaging.packed(desk)
    desk.git("multi-pack-index", "write")
    place = git_file(desk, "objects/pack/multi-pack-index")
    place.chmod(0o644)
    os.truncate(place, 300)


def refs_dropped(desk: DeskFolder) -> None:
    """As programs do that copy no empty folders."""
    desk.git("pack-refs", "--all")
    shutil.rmtree(git_file(desk, "refs"))


def attributes_lost(desk: DeskFolder) -> None:
    (desk.path / ".gitattributes").write_text("")
    desk.git("commit", "-qam", "no attributes")


def clip(name: str, size: int = 0) -> Damaged:
    def damage(desk: DeskFolder) -> None:
        desk.hd("list")
        desk.hd("search", "network")
        place = next(desk.path.glob(f".git/{name}"))
        os.truncate(place, size)

    return damage


# What is damaged, where it shows, and how it is told.
DAMAGE: dict[str, tuple[Damaged, str, str]] = {
    "HEAD empty": (lambda d: os.truncate(git_file(d, "HEAD"), 0), "repository", "lacks HEAD"),
    "HEAD gone": (lambda d: git_file(d, "HEAD").unlink(), "repository", "lacks HEAD"),
    "refs gone": (refs_dropped, "repository", "lacks refs"),
    "main empty": (
        lambda d: os.truncate(git_file(d, "refs/heads/main"), 0),
        "branch",
        "can't be read; the reflog has it",
    ),
    "main zeros": (
        lambda d: git_file(d, "refs/heads/main").write_bytes(bytes(41)),
        "branch",
        "can't be read; the reflog has it",
    ),
    "index gone": (lambda d: git_file(d, "index").unlink(), "index", "is missing"),
    "index cut": (lambda d: os.truncate(git_file(d, "index"), 100), "index", "is damaged"),
    "index flipped": (lambda d: damaging.flip(git_file(d, "index"), 90), "index", "is damaged"),
    "index behind": (index_behind, "index", "out of step with HEAD for 1 files"),
    "lock of git": (lambda d: old(git_file(d, "index.lock")), "locks", "a process that is dead"),
    "lock of refs": (lambda d: old(git_file(d, "refs/heads/main.lock")), "locks", "is dead"),
    "lock of packs": (lambda d: old(git_file(d, "packed-refs.lock")), "locks", "is dead"),
    "journal": (stopped_write, "journal", "a write was stopped"),
    "journal illegible": (
        lambda d: git_file(d, "hd/journal").write_bytes(b"\0\0"),
        "journal",
        "a write was stopped",
    ),
    "graph": (graph_flipped, "objects", "commit-graph is damaged"),
    "index of packs": (packs_index_cut, "objects", "multi-pack-index is damaged"),
    "cache cut": (clip("hd/cache.sqlite3", 5000), "cache", "can't be read"),
    "cache overwritten": (
        lambda d: git_file(d, "hd/cache.sqlite3").write_bytes(b"x" * 5000),
        "cache",
        "can't be read",
    ),
    "search index": (clip("hd/index/segments.json", 30), "search index", "can't be read"),
    "config": (lambda d: git_file(d, "config").write_text(""), "config", "merge.hd.driver"),
    "attributes": (attributes_lost, "config", "merge=hd"),
    "a stopped gc": (
        lambda d: old(git_file(d, "objects/pack/tmp_pack_Xyz")),
        "objects",
        "a git that was stopped left 1 files",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_told_and_fixed_and_nothing_is_lost(a_desk: DeskFolder, name: str) -> None:
    damage, where, words = DAMAGE[name]
    ticket = a_desk.new("No network")
    a_desk.hd("escalate", ticket, "-m", "Beyond us")
    if name == "attributes":
        damage(a_desk)
    before = damaging.state(a_desk)
    if name != "attributes":
        damage(a_desk)
    ran = json.loads(run_hd("--desk", str(a_desk.path), "doctor", "--json").out)
    told = [each["message"] for each in ran["checks"] if each["name"] == where and each["fix"]]
    assert any(words in each for each in told), ran
    fixed = json.loads(a_desk.hd("doctor", "--fix", "--json").out)
    assert fixed["fixed"]
    assert fixed["not_fixed"] == []
    assert all(each["state"] == "ok" for each in fixed["checks"])
    assert damaging.state(a_desk) == before
    assert a_desk.clean()
    a_desk.hd("note", ticket, "-m", "Seen")
    assert a_desk.hd("search", "network", "-q").out.split() == [ticket]
    assert a_desk.clean()


def test_a_desk_that_is_well_is_said_to_be_and_is_not_touched(a_desk: DeskFolder) -> None:
    a_desk.new()
    before = sorted(place.name for place in (a_desk.path / ".git").rglob("*"))
    ran = a_desk.hd("doctor")
    assert ran.out.endswith("all is well\n")
    assert all(line.startswith("ok ") for line in ran.out.splitlines()[:-1])
    assert a_desk.hd("doctor", "-q").out == ""
    assert sorted(place.name for place in (a_desk.path / ".git").rglob("*")) == before


def test_half_a_clone_is_completed_from_what_was_fetched(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    ticket = a_desk.new("No network")
    half = DeskFolder(tmp_path / "half")
    half.path.mkdir()
    half.git("init", "-q", "-b", "main")
    half.git("remote", "add", "origin", str(a_desk.path))
    assert "there is no commit" in examined(half, code=1)["branch"][1]
    half.git("fetch", "-q")
    assert "origin/main has it" in examined(half, code=1)["branch"][1]
    half.hd("doctor", "--fix")
    assert half.git("rev-parse", "main") == a_desk.git("rev-parse", "main")
    assert half.file(ticket).read_bytes() == a_desk.file(ticket).read_bytes()
    assert half.git("rev-parse", "--abbrev-ref", "main@{upstream}") == "origin/main"
    assert half.clean()
    half.new()


def test_a_clone_that_stopped_at_its_files_gets_those_that_are_missing(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    ticket, edited = a_desk.new(), a_desk.new()
    half = DeskFolder(tmp_path / "half")
    a_desk.git("clone", "-q", "--no-checkout", ".", str(half.path))
    half.file(edited).parent.mkdir(parents=True)
    half.file(edited).write_text("mine")
    half.hd("doctor", "--fix")
    assert half.file(ticket).exists()
    assert half.file(edited).read_text() == "mine"
    assert half.git("status", "--porcelain").split()[0] == "M"


def test_what_a_person_must_decide_is_told_with_the_way_out(a_desk: DeskFolder) -> None:
    a_desk.new()
    a_desk.git("switch", "-q", "--detach")
    state, message = examined(a_desk)["branch"]
    assert (state, "a detached HEAD" in message) == ("warning", True)
    a_desk.git("switch", "-q", "-c", "idea", "main~1")
    (a_desk.path / "desk.yaml").write_text("other: 1\n")
    a_desk.git("commit", "-qam", "x")
    a_desk.git("switch", "-q", "main")
    (a_desk.path / "desk.yaml").write_text((a_desk.path / "desk.yaml").read_text() + "# mine\n")
    a_desk.git("commit", "-qam", "y")
    a_desk.git("config", "merge.hd.driver", "false")
    subprocess.run(["git", "merge", "-q", "idea"], cwd=a_desk.path, check=False)
    a_desk.hd("doctor", "--fix")
    ran = a_desk.hd("doctor", "-q")
    assert "a merge is under way; settle it, then git merge --continue; or git merge" in ran.out
    assert git_file(a_desk, "MERGE_HEAD").exists()


def test_a_hand_edit_and_what_is_staged_stay(a_desk: DeskFolder) -> None:
    one, two = a_desk.new("One"), a_desk.new("Two")
    for ticket in (one, two):
        a_desk.file(ticket).write_text(a_desk.file(ticket).read_text() + "# mine\n")
    a_desk.git("add", str(a_desk.file(one)))
    before = a_desk.git("status", "--porcelain")
    old(git_file(a_desk, "index.lock"))
    a_desk.hd("doctor", "--fix")
    assert a_desk.git("status", "--porcelain") == before


def test_who_you_are_is_looked_at(a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "zoe@example.org")
    assert "is not an agent" in examined(a_desk)["agent"][1]
    monkeypatch.delenv("GIT_AUTHOR_EMAIL")
    monkeypatch.delenv("GIT_AUTHOR_NAME")
    assert examined(a_desk, code=1)["identity"][0] == "problem"
    monkeypatch.setenv("HD_AGENT", "alice")
    assert examined(a_desk)["identity"][0] == "warning"


def test_settings_that_can_not_be_read_are_told(a_desk: DeskFolder) -> None:
    (a_desk.path / "desk.yaml").write_text("agents: [\n")
    a_desk.git("commit", "-qam", "x")
    assert examined(a_desk, code=1)["settings"][0] == "problem"


def test_a_commit_from_the_future_and_a_gc_that_gave_up_are_told(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2099-01-01T00:00:00Z")
    a_desk.git("commit", "-q", "--allow-empty", "-m", "x")
    git_file(a_desk, "gc.log").write_text("error: no room\n")
    found = examined(a_desk)
    assert "in the future" in found["clock"][1]
    assert found["maintenance"] == ("warning", "git gc gave up: error: no room")


def test_remotes_are_asked_only_when_that_is_wanted(a_desk: DeskFolder, tmp_path: Path) -> None:
    a_desk.git("remote", "add", "origin", str(tmp_path / "nowhere"))
    assert examined(a_desk) == {}
    assert examined(a_desk, "--remote", code=1)["remote"][0] == "problem"
    a_desk.git("clone", "-q", "--bare", ".", str(tmp_path / "nowhere"))
    assert examined(a_desk, "--remote") == {}


def test_outside_a_desk_and_in_another_repository_it_changes_nothing(tmp_path: Path) -> None:
    other = DeskFolder(tmp_path / "other")
    other.path.mkdir()
    assert "no desk here" in examined(other, code=1)["repository"][1]
    other.git("init", "-q", "-b", "main")
    other.git("commit", "-q", "--allow-empty", "-m", "x")
    config = git_file(other, "config").read_bytes()
    assert "no desk.yaml" in examined(other, "--fix", code=1)["branch"][1]
    assert git_file(other, "config").read_bytes() == config
    assert not git_file(other, "hd").exists()


def test_what_git_or_the_machine_refuses_is_told_with_the_remedy(a_desk: DeskFolder) -> None:
    ran = a_desk.process("doctor", env={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    assert ran.returncode == 1
    assert b"belongs to another user; git config --global --add safe.directory" in ran.stdout
    ran = a_desk.process("doctor", env={"PATH": str(a_desk.path)})
    assert ran.returncode == 1
    assert b"git is not installed" in ran.stdout


def test_objects_lost_for_good_are_said_to_be(a_desk: DeskFolder) -> None:
    shutil.rmtree(git_file(a_desk, "objects"))
    assert "has lost its objects" in examined(a_desk, "--fix", code=1)["repository"][1]


def test_a_write_that_a_damaged_index_stops_names_the_way(a_desk: DeskFolder) -> None:
    a_desk.new()
    index = a_desk.path / ".git/index"
    index.write_bytes(index.read_bytes()[:100])
    before = a_desk.git("rev-parse", "main")
    assert "hd doctor" in a_desk.hd("new", "two", code=1).err
    assert a_desk.git("rev-parse", "main") == before
    a_desk.hd("doctor", "--fix")
    a_desk.new("two")

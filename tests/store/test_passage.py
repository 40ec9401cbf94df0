"""Commits streamed from git with what each changed against its parents."""

from __future__ import annotations

import pytest

from hdcli.store.discover import repository_at
from hdcli.store.passage import Passage, passages
from support import DeskFolder


def between(desk: DeskFolder, old: str, new: str = "main") -> list[Passage]:
    """The commits of a range."""
    return list(passages(repository_at(desk.path), desk.git("rev-parse", old), new))


def test_commits_come_parents_first_each_with_its_changes(a_desk: DeskFolder) -> None:
    start = a_desk.git("rev-parse", "main")
    ticket = a_desk.new()
    a_desk.hd("note", ticket, "-m", "x", agent="bob")
    first, second = between(a_desk, start)
    assert (first.parents, second.parents) == ((start,), (first.id,))
    assert (second.name, second.email) == ("Bob Ndiaye", "bob@example.org")
    (path,) = first.paths
    (before,), after = second.versions(path)
    assert before == first.versions(path)[1]
    assert after
    assert after.blob == a_desk.git("rev-parse", f"main:{path}")
    assert first.versions(path)[0] == [None]


def test_names_of_files_may_be_anything(a_desk: DeskFolder) -> None:
    names = [".", ":100644 x", "0" * 40, "a\nb", "\udcff", "é"]
    for name in names:
        (a_desk.path / f"x{name}").write_text("x")
        (a_desk.path / f"{name}\n").write_text("x")
    a_desk.git("add", "-A")
    a_desk.git("commit", "-qm", "x")
    a_desk.git("commit", "-q", "--allow-empty", "-m", "x")
    found, empty = between(a_desk, "main~2")
    assert sorted(found.paths) == sorted([f"x{n}" for n in names] + [f"{n}\n" for n in names])
    assert empty.paths == []


@pytest.mark.parametrize("count", [1, 60])
def test_a_merge_tells_what_is_none_of_one_sides_alone(a_desk: DeskFolder, count: int) -> None:
    """Of one that takes many files from a side; of any other, all that differs from a parent."""
    a_desk.git("checkout", "-qb", "side")
    for number in range(count):
        (a_desk.path / f"side{number}").write_text("x")
    (a_desk.path / "both").write_text("side")
    a_desk.git("add", "-A")
    a_desk.git("commit", "-qm", "x")
    a_desk.git("checkout", "-q", "main")
    (a_desk.path / "both").write_text("main")
    a_desk.git("add", "-A")
    a_desk.git("commit", "-qm", "x")
    a_desk.git("merge", "-q", "-s", "ours", "--no-commit", "side")
    (a_desk.path / "both").write_text("merged")
    (a_desk.path / "evil").write_text("x")
    (a_desk.path / "side0").write_text("x")
    a_desk.git("add", "-A")
    a_desk.git("commit", "-qm", "x")
    merge = between(a_desk, "main~1")[-1]
    assert len(merge.parents) == 2
    assert {"both", "evil"} <= set(merge.paths)
    if count > 32:  # side0 is as that side has it, and the other never had it
        assert merge.changes[0].keys() == {"both", "evil"}
        assert len(merge.changes[1]) == count + 1


def test_what_git_replaces_is_read_as_it_was(a_desk: DeskFolder) -> None:
    last, first = a_desk.git("rev-list", "main").splitlines()
    a_desk.git("replace", last, first)
    found = list(passages(repository_at(a_desk.path), first, last))
    assert [(each.id, each.parents) for each in found] == [(last, (first,))]

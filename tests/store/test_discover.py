from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hdcli.errors import NotADesk
from hdcli.store.discover import discover
from support import DeskFolder


def test_one_place_is_found_from_everywhere_in_the_desk(a_desk: DeskFolder) -> None:
    a_desk.new()
    place = discover(a_desk.path)
    assert (place.repository.work_tree, place.repository.hash) == (a_desk.path, "sha1")
    assert (place.branch, place.head) == ("main", a_desk.git("rev-parse", "main"))
    assert place.settings_blob == a_desk.git("rev-parse", "main:desk.yaml")
    inside = ("tickets", ".git", ".git/refs/heads")
    assert [discover(a_desk.path / each) for each in inside] == [place] * 3


def test_a_line_end_in_a_name_is_part_of_it(make_desk: Callable[..., DeskFolder]) -> None:
    for name in ("a\nb", "c\n", "d\n/e", "\x85"):
        desk = make_desk(name)
        assert discover(desk.path).repository.work_tree == desk.path
        assert discover(desk.path / ".git").repository.git_dir == desk.path / ".git"
        hub = make_desk(f"{name}.git", "--bare")
        assert discover(hub.path).repository.git_dir == hub.path


def test_a_linked_work_tree_shares_the_desk(a_desk: DeskFolder, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    a_desk.git("worktree", "add", "-q", "--detach", str(linked))
    found = discover(linked).repository
    assert (found.work_tree, found.common_dir) == (linked, a_desk.path / ".git")
    assert found.git_dir == a_desk.path / ".git" / "worktrees" / "linked"
    assert discover(found.git_dir).repository == found


def test_a_bare_desk_has_no_work_tree(make_desk: Callable[..., DeskFolder]) -> None:
    hub = make_desk("hub.git", "--bare")
    assert discover(hub.path).repository.work_tree is None
    assert discover(hub.path / "objects").repository.git_dir == hub.path


def test_master_is_taken_where_main_is_no_desk(a_desk: DeskFolder) -> None:
    a_desk.git("branch", "master")
    a_desk.git("switch", "-q", "--orphan", "bare-bones")
    a_desk.git("commit", "-q", "--allow-empty", "-m", "x")
    a_desk.git("branch", "-f", "main")
    assert discover(a_desk.path).branch == "master"


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing", "no folder"), ("a file", "Not a directory"), ("empty", "no desk here")],
)
def test_where_there_is_no_desk_it_says_so(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a file").touch()
    with pytest.raises(NotADesk, match=words):
        discover(tmp_path / name)


def test_git_s_own_folder_without_a_work_tree_is_named(a_desk: DeskFolder, tmp_path: Path) -> None:
    os.rename(a_desk.path / ".git", tmp_path / "apart")
    with pytest.raises(NotADesk, match="git's own folder"):
        discover(tmp_path / "apart" / "refs")

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hdcli.store.git import Repository
from hdcli.store.underway import under_way
from support import DeskFolder

FORKED = """\
git init -q -b main .
echo one > file && git add file && git commit -qm one
git branch other
echo two > file && git commit -qam two
echo three > file && git commit -qam three
git switch -q other && echo else > file && git commit -qam else
git format-patch -q -1 --stdout > ../patch
git switch -q main
"""


@pytest.fixture
def forked(tmp_path: Path) -> DeskFolder:
    """A repository whose two branches changed the same line."""
    folder = tmp_path / "forked"
    folder.mkdir()
    subprocess.run(["sh", "-ec", FORKED], cwd=folder, check=True)
    return DeskFolder(folder)


def names(folder: DeskFolder) -> list[str]:
    git_dir = folder.path / ".git"
    return [each.name for each in under_way(Repository(git_dir, git_dir, folder.path))]


@pytest.mark.parametrize(
    ("begun", "name"),
    [
        ("git merge other", "merge"),
        ("git rebase other", "rebase"),
        ("git rebase --apply other", "rebase"),
        ("git am ../patch", "am"),
        ("git cherry-pick other", "cherry-pick"),
        ("git revert --no-edit HEAD~1", "revert"),
        ("git bisect start HEAD HEAD~2", "bisect"),
        # The first of two picks is committed by hand: the second still waits.
        ("git cherry-pick HEAD~1 other; echo x > file; git commit -qam x", "cherry-pick"),
    ],
)
def test_what_git_left_half_done_is_told_with_the_way_back(
    forked: DeskFolder, begun: str, name: str
) -> None:
    subprocess.run(["sh", "-c", begun], cwd=forked.path, check=False, capture_output=True)
    (found,) = under_way(Repository(forked.path / ".git", forked.path / ".git", forked.path))
    assert found.name == name
    assert f"{name} is under way" in found.message
    forked.git(*found.back.split()[1:])
    assert names(forked) == []


def test_nothing_is_under_way_in_a_repository_at_rest(forked: DeskFolder) -> None:
    assert names(forked) == []


def test_a_bisect_is_why_the_desk_s_branch_is_not_shown(a_desk: DeskFolder) -> None:
    for _ in range(2):
        a_desk.new()
    a_desk.git("bisect", "start", "HEAD", "HEAD~2")
    assert "git bisect reset" in a_desk.hd("new", "x", code=5).err
    a_desk.git("bisect", "reset")
    a_desk.new()

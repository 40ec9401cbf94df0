"""A clone that git made becomes one of a desk's by the first hd command in it."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hdcli.store import clone
from support import DeskFolder, run_hd


def cloned(desk: DeskFolder, name: str = "clone", *options: str) -> DeskFolder:
    """A plain clone of a desk by git."""
    path = desk.path.parent / name
    desk.git("clone", "-q", *options, str(desk.path), str(path))
    return DeskFolder(path)


def config(desk: DeskFolder) -> str:
    return desk.git("config", "--local", "--list")


def test_the_first_command_sets_it_up_and_says_nothing(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Network down")
    a_desk.hd("escalate", ticket, "-m", "beyond us")
    other = cloned(a_desk)
    assert (other.hd("list", "-q").err, other.branches()) == ("", a_desk.branches())
    assert f"merge.hd.driver={clone.driver(sys.executable)}" in config(other)
    assert "commitgraph.changedpaths=true" in config(other)
    assert other.clean()


def test_what_was_set_up_is_left_alone(a_desk: DeskFolder) -> None:
    a_desk.git("config", "commitGraph.changedPaths", "false")
    a_desk.git("config", "merge.hd.driver", "my own")
    a_desk.hd("list")
    assert "merge.hd.driver=my own" in config(a_desk)
    (a_desk.path / ".git" / "hd" / "configured").write_text("1 /gone/python\n")
    a_desk.hd("list")
    assert f"merge.hd.driver={clone.driver(sys.executable)}" in config(a_desk)
    assert "commitgraph.changedpaths=false" in config(a_desk)


def test_a_level_branch_of_a_ticket_that_went_on_here_does_not_come_back(
    a_desk: DeskFolder,
) -> None:
    ticket = a_desk.new()
    a_desk.hd("escalate", ticket, "-m", "beyond us")
    other = cloned(a_desk)
    other.hd("resolve", ticket, "-m", "it was the cable")
    (other.path / ".git" / "hd" / "configured").unlink()
    other.hd("list")
    assert other.branches() == []


def test_an_interpreter_s_path_is_safe_in_the_driver(a_desk: DeskFolder, tmp_path: Path) -> None:
    folder = tmp_path / "it's 100% $HOME"
    folder.mkdir()
    python = folder / "python"
    python.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/called"\nexit 1\n')
    python.chmod(0o755)
    a_desk.git("config", "merge.hd.driver", clone.driver(str(python)))
    ticket = a_desk.new()
    a_desk.git("switch", "-qc", "side")
    for branch in ("side", "main"):
        a_desk.git("switch", "-q", branch)
        a_desk.file(ticket).write_text(a_desk.file(ticket).read_text() + f"# {branch}\n")
        a_desk.git("commit", "-qam", branch)
    merged = subprocess.run(["git", "merge", "side"], cwd=a_desk.path, capture_output=True)
    assert merged.returncode
    assert (tmp_path / "called").read_text().startswith("-P -m hdcli merge-driver .merge_file_")


def test_an_older_desk_without_attributes_carries_them_in_the_clone(a_desk: DeskFolder) -> None:
    a_desk.git("rm", "-q", ".gitattributes")
    a_desk.git("commit", "-qm", "an older desk")
    other = cloned(a_desk)
    for _ in range(2):
        other.hd("list")
        (other.path / ".git" / "hd" / "configured").unlink()
    assert other.git("check-attr", "merge", "kb/x.yaml") == "kb/x.yaml: merge: hd"
    assert (other.path / ".git" / "info" / "attributes").read_text().count("merge=hd") == 1
    assert other.clean()


def test_a_bare_clone_and_its_linked_work_tree_each_get_what_they_need(
    a_desk: DeskFolder,
) -> None:
    hub = cloned(a_desk, "hub.git", "--bare")
    hub.hd("list")
    assert "merge.hd" not in config(hub)
    hub.git("worktree", "add", "-q", "../linked", "main")
    linked = DeskFolder(hub.path.parent / "linked")
    linked.hd("list")
    assert "merge.hd.driver" in config(hub)
    mark = hub.path / "hd" / "configured"
    was = mark.stat().st_mtime_ns
    hub.hd("list")
    linked.hd("list")
    assert mark.stat().st_mtime_ns == was


def test_commands_at_once_set_it_up_once(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("escalate", ticket, "-m", "beyond us")
    other = cloned(a_desk)
    with ThreadPoolExecutor() as pool:
        ran = list(pool.map(lambda _: other.process("list", "-q"), range(4)))
    assert [(each.returncode, each.stderr) for each in ran] == [(0, b"")] * 4
    assert config(other).count("merge.hd.driver=") == 1
    assert len(other.branches()) == 1


def test_a_clone_that_shows_another_branch_is_told_to_switch(a_desk: DeskFolder) -> None:
    a_desk.git("switch", "-q", "--orphan", "notes")
    a_desk.git("commit", "-q", "--allow-empty", "-m", "notes")
    other = cloned(a_desk)
    assert "has no branch 'main' yet; git switch main" in other.hd("list", code=1).err
    other.git("switch", "-q", "main")
    assert other.hd("list").code == 0


def test_a_repository_that_is_no_desk_is_never_touched(tmp_path: Path) -> None:
    project = DeskFolder(tmp_path / "project")
    project.path.mkdir()
    project.git("init", "-q", "-b", "main")
    project.git("commit", "-q", "--allow-empty", "-m", "first")
    before = config(project)
    assert run_hd("--desk", str(project.path), "list").code == 1
    assert config(project) == before
    assert not (project.path / ".git" / "hd").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_clone_that_can_t_be_written_to_is_no_error(a_desk: DeskFolder) -> None:
    other = cloned(a_desk)
    (other.path / ".git").chmod(0o555)
    try:
        assert other.hd("list", "-q").err == ""
    finally:
        (other.path / ".git").chmod(0o755)

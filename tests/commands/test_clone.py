"""hd clone: a desk of a team, ready to work in; or nothing at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hdcli.errors import NotADesk, Refused, RemoteFailed
from support import DeskFolder, run_hd


@pytest.fixture
def hub(a_desk: DeskFolder) -> DeskFolder:
    """A bare repository with the desk, which has a ticket on level 2."""
    a_desk.hd("escalate", a_desk.new("Network down"), "-m", "beyond us")
    a_desk.new("Mouse")
    path = a_desk.path.parent / "support.git"
    a_desk.git("clone", "-q", "--bare", str(a_desk.path), str(path))
    found = DeskFolder(path)
    found.git("config", "uploadpack.allowFilter", "true")
    return found


def test_a_clone_is_ready_to_work_in(hub: DeskFolder, tmp_path: Path) -> None:
    ran = run_hd("clone", str(hub.path))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "desk is in support: 2 tickets, 0 articles; you are agent 'alice'",
        "next: cd support && hd",
    ]
    desk = DeskFolder(tmp_path / "support")
    assert desk.branches() == hub.branches()
    assert "merge-driver" in desk.git("config", "merge.hd.driver")
    assert {"cache.sqlite3", "index"} <= {each.name for each in (desk.path / ".git/hd").iterdir()}
    assert desk.clean()
    desk.new("From here")
    desk.git("push", "-q", "origin", "main")


def test_a_stranger_is_told_how_to_be_added(
    hub: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Eve Dubois")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "eve@example.com")
    out = run_hd("clone", str(hub.path), "here").out
    assert "Eve Dubois <eve@example.com> is not an agent of this desk: hd agent add eve adds" in out
    assert "a colleague does with hd agent add eve 'Eve Dubois <eve@example.com>'\n" in out
    desk = DeskFolder(tmp_path / "here")
    settings = (
        (desk.path / "desk.yaml").read_text().replace("  alice:\n", "  alice:\n    role: lead\n")
    )
    (desk.path / "desk.yaml").write_text(settings)
    desk.git("commit", "-qam", "a lead")
    assert ": a lead adds you with hd agent add" in run_hd("clone", str(desk.path), "there").out
    for name in ("NAME", "EMAIL"):
        monkeypatch.delenv(f"GIT_AUTHOR_{name}")
        monkeypatch.delenv(f"GIT_COMMITTER_{name}")
    assert "git does not know who you are" in run_hd("clone", str(hub.path), "again").out


def test_a_shallow_and_a_partial_clone_say_what_they_lack(hub: DeskFolder, tmp_path: Path) -> None:
    url = hub.path.as_uri()
    shallow = run_hd("clone", "--depth", "1", url, "shallow").out
    assert ": git fetch --unshallow brings what was before\n" in shallow
    partial = run_hd("clone", "--bare", "--filter=blob:none", url, "partial.git").out
    assert "files of the past stay with the host" in partial
    assert run_hd("clone", "--filter=tree:0", url, "less").code == 0
    packs = tmp_path / "partial.git" / "objects" / "pack"
    assert len(list(packs.glob("*.pack"))) == 3  # settings; all tickets at once


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("nowhere", "can't clone nowhere: repository 'nowhere' does not exist"),
        ("file:///no/where.git", "can't clone file:///no/where.git: '/no/where.git' does not"),
        ("http://me:secret@127.0.0.1:1/x.git", "can't clone http://127.0.0.1:1/x.git: unable to"),
        ("ssh://127.0.0.1:1/x.git", "Connection refused\n"),
    ],
)
def test_a_remote_that_fails_is_told_in_one_line(url: str, error: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    ran = run_hd("clone", url)
    assert (ran.code, ran.out, ran.err.count("\n")) == (RemoteFailed.exit_code, "", 1)
    assert error in ran.err
    assert "secret" not in ran.err
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_no_desk_leaves_nothing_behind(tmp_path: Path) -> None:
    project = DeskFolder(tmp_path / "project")
    project.path.mkdir()
    project.git("init", "-q", "-b", "main")
    (tmp_path / "empty").mkdir()
    ran = run_hd("clone", "project", "empty")
    assert (ran.code, ran.err) == (
        NotADesk.exit_code,
        "hd: project is empty; hd init makes a desk, git push brings it there\n",
    )  # fmt: skip
    project.git("commit", "-q", "--allow-empty", "-m", "first")
    ran = run_hd("clone", "project", "new")
    assert ran.err == "hd: project is no desk: no desk.yaml on its branch main or master\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["empty", "home", "project"]
    assert not list((tmp_path / "empty").iterdir())


def test_a_folder_that_holds_something_is_left_alone(hub: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "support").mkdir()
    (tmp_path / "support" / "mine.txt").write_text("mine")
    ran = run_hd("clone", str(hub.path))
    assert (ran.code, ran.err) == (
        Refused.exit_code, "hd: support is not empty; name another folder: hd clone URL DIR\n",
    )  # fmt: skip
    assert (tmp_path / "support" / "mine.txt").read_text() == "mine"


def test_a_host_that_shows_another_branch_first(a_desk: DeskFolder, tmp_path: Path) -> None:
    a_desk.git("switch", "-q", "--orphan", "notes")
    a_desk.git("commit", "-q", "--allow-empty", "-m", "notes")
    assert run_hd("clone", str(a_desk.path), "clone").code == 0
    clone = DeskFolder(tmp_path / "clone")
    assert clone.git("status", "-b", "--porcelain") == "## main...origin/main"
    clone.new()


def test_a_clone_that_is_stopped_leaves_nothing(
    tmp_path: Path,
) -> None:
    slow = tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\ntouch {tmp_path}/begun\nsleep 30\n")
    slow.chmod(0o755)
    hd = subprocess.Popen(
        [sys.executable, "-m", "hdcli", "clone", "host:support.git"],
        env={**os.environ, "GIT_SSH": str(slow)},
        stderr=subprocess.PIPE,
    )
    while not (tmp_path / "begun").exists():
        time.sleep(0.02)
    hd.send_signal(signal.SIGINT)
    assert b"stopped" in hd.communicate(timeout=20)[1]
    assert not (tmp_path / "support").exists()

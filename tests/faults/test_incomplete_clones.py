"""Clones without all of the past, or without all files: what they do, and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdcli.errors import Refused, RemoteFailed
from support import DeskFolder, run_hd


@pytest.fixture
def hub(a_desk: DeskFolder) -> DeskFolder:
    """A desk to be cloned by file://, with a ticket on level 2 and one that went on after that."""
    a_desk.hd("escalate", a_desk.new("Network down"), "-m", "beyond us")
    a_desk.hd("note", a_desk.new("Mouse"), "-m", "squeaks")
    a_desk.git("config", "uploadpack.allowFilter", "true")
    a_desk.git("config", "receive.denyCurrentBranch", "ignore")
    return a_desk


def shallow(hub: DeskFolder, name: str = "shallow") -> DeskFolder:
    path = hub.path.parent / name
    hub.git("clone", "-q", "--depth=1", hub.path.as_uri(), str(path))
    return DeskFolder(path)


def test_a_shallow_clone_is_worked_in_and_pushed_from(hub: DeskFolder) -> None:
    clone = shallow(hub)
    mouse, network = clone.hd("list", "-q", "--sort", "title").out.split()
    assert "squeaks" in clone.hd("show", mouse).out
    clone.hd("resolve", network, "-m", "the cable")
    clone.hd("escalate", mouse, "-m", "beyond us")
    assert [each.partition(":")[0] for each in clone.branches()] == [f"l2/{mouse}"]
    assert "nothing is wrong" in clone.hd("fsck").out
    hub.new("Meanwhile")
    hub.git("switch", "-q", "--detach")
    clone.hd("sync")
    assert hub.git("rev-parse", "main") == clone.git("rev-parse", "main")


def test_a_shallow_clone_moves_the_level_branches_of_its_own_tickets_alone(hub: DeskFolder) -> None:
    hub.hd("escalate", hub.new("Phone"), "-m", "beyond us")
    clone = shallow(hub)
    hub.git("switch", "-q", "--detach")
    phone, network = clone.hd("list", "-q", "level:2", "--sort", "-title").out.split()
    clone.hd("sync")
    assert len(hub.branches()) == 2
    clone.hd("resolve", network, "-m", "the cable")
    clone.hd("sync")
    assert [each.partition(":")[0] for each in hub.branches()] == [f"l2/{phone}"]
    assert int(clone.git("rev-list", "--count", "--all")) < hub.commits()


def test_its_log_says_where_it_begins_and_grows_with_it(hub: DeskFolder) -> None:
    clone = shallow(hub)
    ticket = clone.hd("list", "-q", "assignee:none", "level:2").out.strip()
    ran = clone.hd("log", ticket)
    assert ran.out == ""
    assert "the history of this shallow clone begins " in ran.err
    assert "git fetch --unshallow" in ran.err
    assert clone.hd("log", "-n", "1").err == ""
    clone.git("fetch", "-q", "--unshallow")
    assert clone.hd("log", ticket).out == hub.hd("log", ticket).out != ""


def test_what_began_before_a_shallow_clone_is_not_guessed_at(hub: DeskFolder) -> None:
    ticket = hub.new("Edited")
    hub.file(ticket).write_text(hub.file(ticket).read_text().replace("normal", "high", 1))
    hub.git("commit", "-qam", "by hand")
    clone = shallow(hub)
    ran = clone.hd("note", ticket, "-m", "x", code=Refused.exit_code)
    assert "edited by hand before the history of this shallow clone begins; git fetch" in ran.err
    hub.hd("note", ticket, "-m", "x")
    ran = shallow(hub, "later").hd("undo", code=Refused.exit_code)
    assert "is where this shallow clone begins; git fetch --unshallow" in ran.err


def test_a_partial_clone_lists_offline_and_says_what_it_can_not_show(
    hub: DeskFolder, tmp_path: Path
) -> None:
    url = hub.path.as_uri()
    clone, bare = DeskFolder(tmp_path / "partial"), DeskFolder(tmp_path / "bare.git")
    hub.git("clone", "-q", "--filter=blob:none", url, str(clone.path))
    hub.git("clone", "-q", "--filter=blob:none", "--bare", url, str(bare.path))
    ticket = clone.hd("list", "-q", "--sort", "title").out.split()[0]
    hub.path.rename(tmp_path / "away")
    assert clone.hd("list").err == ""
    assert "squeaks" in clone.hd("show", ticket).out
    clone.hd("note", ticket, "-m", "offline")
    assert "note: offline" in clone.hd("log", ticket).out
    ran = bare.hd("list", code=RemoteFailed.exit_code)
    assert (ran.out, ran.err.count("\n")) == ("", 1)
    assert "this clone lacks" in ran.err


def test_the_cache_of_a_partial_clone_fetches_all_it_needs_at_once(
    hub: DeskFolder, tmp_path: Path
) -> None:
    bare = DeskFolder(tmp_path / "bare.git")
    options = ("--filter=blob:none", "--bare", hub.path.as_uri())
    hub.git("clone", "-q", *options, str(bare.path))
    packs = bare.path / "objects" / "pack"
    assert run_hd("--desk", str(bare.path), "list").code == 0
    assert len(list(packs.glob("*.pack"))) == 3  # the clone, desk.yaml, all tickets

"""Commits that are signed as git signs them, where git or the desk wants it."""

from __future__ import annotations

from pathlib import Path

import pytest

from signers import an_ssh_key, gpg_signs, needs_gpg, needs_ssh, signs_with, states
from support import AGENT, DeskFolder


@pytest.fixture
def signing(a_desk: DeskFolder, tmp_path: Path) -> DeskFolder:
    """A desk whose clone signs with an ssh key from now on."""
    signs_with(a_desk, an_ssh_key(tmp_path))
    return a_desk


@needs_ssh
def test_every_commit_of_a_write_is_signed_and_otherwise_as_ever(signing: DeskFolder) -> None:
    before = signing.commits()
    first, second = signing.new("One"), signing.new("Two")
    signing.hd("escalate", f"{first},{second}", "-m", "beyond us", agent="bob")
    assert states(signing)[: signing.commits() - before] == ["G"] * 4
    assert signing.git("log", "-1", "--format=%an <%ae> %cn <%ce>") == (
        f"Bob Ndiaye <bob@example.org> {AGENT[0]} <{AGENT[1]}>"
    )
    assert signing.message().startswith(f"{second}: escalate to level 2")
    assert signing.message().endswith(
        f"\n\nbeyond us\n\nTicket: {second}\nAction: escalate\nFrom-Level: 1\nTo-Level: 2\n"
        "Status: open\nTeam: none"
    )
    assert sorted(signing.git("rev-parse", f"l2/{each}") for each in (first, second)) == sorted(
        signing.git("log", "-2", "--format=%H").split()
    )
    assert signing.clean()
    signing.hd("fsck")


@needs_ssh
@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("user.signingKey", "/nowhere/key", "Couldn't load public key /nowhere/key"),
        ("gpg.ssh.program", "/nowhere/ssh", "cannot run /nowhere/ssh"),
        ("gpg.ssh.program", "false", "the commit can't be signed"),
        ("gpg.format", "wax", "invalid value for 'gpg.format': 'wax'"),
    ],
)
def test_a_key_that_fails_is_one_clear_line_and_nothing_is_done(
    signing: DeskFolder, setting: str, value: str, said: str
) -> None:
    ticket = signing.new()
    before = signing.git("for-each-ref")
    signing.git("config", setting, value)
    ran = signing.hd("escalate", ticket, "-m", "beyond us", code=1)
    assert said in ran.err
    assert "git config" in ran.err
    assert ran.err.count("\n") == 1
    assert signing.git("for-each-ref") == before
    assert signing.clean()
    assert not (signing.path / ".git/hd/journal").exists()


@needs_ssh
def test_a_writer_killed_while_it_signs_did_nothing(signing: DeskFolder, tmp_path: Path) -> None:
    before = signing.git("for-each-ref")
    killer = tmp_path / "killer"
    killer.write_text("#!/bin/sh\nkill -9 $(ps -o ppid= -p $PPID)\n")
    killer.chmod(0o755)
    signing.git("config", "gpg.ssh.program", str(killer))
    assert signing.process("new", "Lost").returncode == -9
    assert signing.git("for-each-ref") == before
    signing.git("config", "--unset", "gpg.ssh.program")
    signing.new("Found")
    assert states(signing)[0] == "G"
    assert signing.commits() == len(states(signing))
    assert signing.clean()


@needs_ssh
def test_a_desk_that_requires_signatures_has_hd_sign(signing: DeskFolder) -> None:
    signing.hd("config", "signatures=required")
    signing.git("config", "--unset", "commit.gpgSign")
    signing.new()
    assert states(signing)[0] == "G"
    signing.git("config", "--unset", "user.signingKey")
    ran = signing.hd("new", "Another", code=1)
    assert "can't be signed, as this desk requires: either user.signingkey or" in ran.err


@needs_ssh
def test_the_merge_of_a_sync_is_signed(signing: DeskFolder, tmp_path: Path) -> None:
    other = DeskFolder(tmp_path / "other")
    signing.git("clone", "-q", str(signing.path), str(other.path))
    (other.path / ".git/config").write_text(
        (signing.path / ".git/config").read_text() + (other.path / ".git/config").read_text()
    )
    signing.new("Here")
    other.new("There")
    other.hd("sync", "--pull")
    assert states(other)[:3] == ["G", "G", "G"]
    assert len(other.git("log", "-1", "--format=%P").split()) == 2


@needs_gpg
def test_gpg_signs_too_and_its_agent_does_not_keep_the_desk_locked(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HD_LOCK_TIMEOUT", "0")
    with gpg_signs(a_desk, monkeypatch):
        a_desk.new("One")
        a_desk.new("Two")
        assert states(a_desk)[:2] == ["G", "G"]


@needs_ssh
def test_a_new_desk_begins_with_a_signed_commit(signing: DeskFolder, tmp_path: Path) -> None:
    (signing.path / ".git/config").rename(tmp_path / "home/.gitconfig")
    other = DeskFolder(tmp_path / "other")
    other.hd("init")
    assert states(other) == ["G"]

"""What git says of the signatures of commits, good ones and others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hdcli.model.seal import Seal
from hdcli.store.discover import discover
from hdcli.store.signatures import Signatures
from signers import an_ssh_key, gpg_signs, needs_gpg, needs_ssh, signs_with
from support import AGENT, DeskFolder


def checked(desk: DeskFolder, *commits: str) -> list[Seal]:
    """The seals of commits."""
    with Signatures(discover(desk.path).repository) as signatures:
        return signatures.of(commits)


def signed(desk: DeskFolder, *options: str) -> str:
    """A signed commit upon the desk's branch, on no branch itself."""
    return desk.git(*options, "commit-tree", "-S", "-p", "main", "-m", "x", "main^{tree}")


def altered(desk: DeskFolder, commit: str) -> str:
    """The commit with another message, and its signature as it was."""
    raw = desk.git("cat-file", "commit", commit) + "y\n"
    store = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    done = subprocess.run(
        store, cwd=desk.path, input=raw, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@needs_ssh
def test_ssh_signatures_in_every_state_and_in_the_order_asked_for(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    key = an_ssh_key(tmp_path)
    signs_with(a_desk, key)
    stranger = tmp_path / "strangers"
    stranger.mkdir()
    good = signed(a_desk)
    unknown = signed(a_desk, "-c", f"user.signingKey={an_ssh_key(stranger)}")
    first, *more, last = checked(a_desk, good, "main", altered(a_desk, good), unknown)
    assert (first.state, first.kind, first.signer) == ("good", "ssh", AGENT[1])
    assert first.key.startswith("SHA256:")
    assert more == [Seal(), Seal("bad", "ssh", "", "")]
    assert (last.state, last.signer) == ("untrusted", "")
    assert last.key not in ("", first.key)


@needs_ssh
def test_a_clone_that_can_not_check_says_so(a_desk: DeskFolder, tmp_path: Path) -> None:
    signs_with(a_desk, an_ssh_key(tmp_path))
    commit = signed(a_desk)
    a_desk.git("config", "gpg.ssh.allowedSignersFile", "/nowhere/signers")
    assert [each.state for each in checked(a_desk, commit)] == ["untrusted"]
    a_desk.git("config", "--unset", "gpg.ssh.allowedSignersFile")
    assert [each.state for each in checked(a_desk, commit)] == ["unchecked"]


@needs_gpg
def test_gpg_signatures(a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with gpg_signs(a_desk, monkeypatch):
        good = signed(a_desk)
        first, second = checked(a_desk, good, altered(a_desk, good))
    monkeypatch.delenv("GNUPGHOME")
    (third,) = checked(a_desk, good)
    assert (first.state, first.kind, first.address) == ("good", "gpg", AGENT[1])
    assert second.state == "bad"
    assert third.state == "unchecked"

"""Signatures where a desk requires them: what a hub takes, and what the history is told."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hdcli.services.sealing import judged
from hdcli.services.vetting import Vetting
from hdcli.store.discover import discover
from hdcli.store.passage import passages
from signers import an_ssh_key, needs_ssh, signs_with
from support import DeskFolder


def said(desk: DeskFolder, old: str) -> list[str]:
    """What vetting says of the commits since one."""
    place = discover(desk.path)
    commits = passages(place.repository, old, place.head)
    with Vetting(place.repository, old) as vetting:
        return [each.message for each in judged(vetting, commits)]


@needs_ssh
def test_from_when_signatures_are_required_a_commit_without_is_refused(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    start = a_desk.git("rev-parse", "main")
    a_desk.new("Before")
    signs_with(a_desk, an_ssh_key(tmp_path))
    a_desk.hd("config", "signatures=required")
    a_desk.new("Signed")
    assert said(a_desk, start) == []
    strict = a_desk.git("rev-parse", "main")
    a_desk.git("commit", "-q", "--allow-empty", "--no-gpg-sign", "-m", "slipped in")
    assert said(a_desk, start) == ["it is not signed, as this desk requires"]
    a_desk.git("config", "--unset", "gpg.ssh.allowedSignersFile")
    assert len(said(a_desk, strict)) == 1
    assert len(said(a_desk, start)) == 2


@needs_ssh
def test_a_hub_takes_what_is_signed_and_refuses_the_rest(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    signs_with(a_desk, an_ssh_key(tmp_path))
    a_desk.hd("config", "signatures=required")
    hub = tmp_path / "hub.git"
    a_desk.git("clone", "-q", "--bare", str(a_desk.path), str(hub))
    a_desk.hd("hub", "install", str(hub))
    trust = ["git", "config", "gpg.ssh.allowedSignersFile", str(tmp_path / "signers")]
    subprocess.run(trust, cwd=hub, check=True)
    a_desk.new()
    a_desk.git("push", "-q", str(hub), "main")
    a_desk.git("commit", "-q", "--allow-empty", "--no-gpg-sign", "-m", "slipped in")
    with pytest.raises(AssertionError, match="it is not signed, as this desk requires"):
        a_desk.git("push", "-q", str(hub), "main")


@needs_ssh
def test_what_an_agent_does_by_mail_is_sealed_by_the_intake(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    signs_with(a_desk, an_ssh_key(tmp_path))
    a_desk.hd("config", "signatures=required", "mail.authservers=mx")
    start = a_desk.git("rev-parse", "main")
    vouched = "Authentication-Results: mx; dmarc=pass header.from=example.org"
    mail = f"From: bob@example.org\nSubject: Switch\n{vouched}\n\n#assign me\nIt is old."
    ticket = a_desk.hd("intake", "mail", "-q", stdin=mail).id
    assert [each.by for each in a_desk.ticket(ticket).log] == ["bob", "bob"]
    assert said(a_desk, start) == []

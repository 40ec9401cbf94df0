"""Keys to sign commits with: ssh-keygen's and gpg's own, in the test's home."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support import AGENT, DeskFolder

needs_ssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen")
needs_gpg = pytest.mark.skipif(not shutil.which("gpg"), reason="needs gpg")


def an_ssh_key(folder: Path, name: str = "alice", address: str = AGENT[1]) -> Path:
    """A new key; git trusts it for the address (gpg.ssh.allowedSignersFile)."""
    key = folder / f"{name}.key"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", address, "-f", str(key)]
    subprocess.run(command, check=True)
    with (folder / "signers").open("a", encoding="utf-8") as file:
        file.write(f"{address} {key.with_suffix('.key.pub').read_text()}")
    return key


def signs_with(desk: DeskFolder, key: Path) -> None:
    """The desk's clone signs every commit with an ssh key, and knows whom to trust."""
    desk.git("config", "gpg.format", "ssh")
    desk.git("config", "user.signingKey", str(key))
    desk.git("config", "gpg.ssh.allowedSignersFile", str(key.parent / "signers"))
    desk.git("config", "commit.gpgSign", "true")


@contextmanager
def gpg_signs(desk: DeskFolder, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The desk's clone signs every commit with a new gpg key, while the block runs."""
    home = Path(os.environ["HOME"]) / "gpg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    line = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key"]
    subprocess.run([*line, f"{AGENT[0]} <{AGENT[1]}>", "ed25519"], check=True, capture_output=True)
    desk.git("config", "user.signingKey", AGENT[1])
    desk.git("config", "commit.gpgSign", "true")
    try:
        yield
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], check=True)


def states(desk: DeskFolder) -> list[str]:
    """What git says of each commit's signature (G, N ...), the newest first."""
    return desk.git("log", "--format=%G?", "main").split()

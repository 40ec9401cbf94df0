"""Talking to another repository: what git may ask a person, and why it failed, on one line."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from hdcli.errors import RemoteFailed
from hdcli.store.git import environment

# What git and ssh say besides the reason.
_NOISE = re.compile(
    r"Cloning into |Please make sure you have|and the repository exists|warning: |hint:|To |!|From "
    r"|remote: (?:Enumerating|Counting|Compressing|Total) |remote: *$"
)
# git's last word where another program, or the host, said why just before.
_ECHO = (
    "Could not read from remote repository.",
    "the remote end hung up unexpectedly",
    "early EOF",
    "fetch-pack: invalid index-pack output",
    "failed to push some refs to ",
)
_SECRET = re.compile(r"(?<=://)[^/@\s]*@")
_REMEDIES = (
    (re.compile(r"terminal prompts disabled|could not read (?:Username|Password)"),
     "let a credential helper of git keep the password (git help credentials), or use ssh"),
    (re.compile(r"Permission denied \(publickey"), "the host has to know your ssh key"),
    (re.compile(r"Host key verification failed"), "connect once with ssh, to check the host's key"),
)  # fmt: skip


def variables(folder: Path, *, prompt: bool) -> dict[str, str]:
    """What git is told for a conversation: without ``prompt`` neither it nor ssh asks anything.

    ``folder`` is where git runs: its configuration may name another ssh.
    """
    if prompt:
        return {}
    told = {"GIT_TERMINAL_PROMPT": "0"}
    if not any(name in os.environ for name in ("GIT_SSH_COMMAND", "GIT_SSH")):
        asked = ["git", "-C", str(folder), "config", "core.sshCommand"]
        own = subprocess.run(asked, capture_output=True, env=environment(), check=False).stdout
        told["GIT_SSH_COMMAND"] = f"{os.fsdecode(own).strip() or 'ssh'} -oBatchMode=yes"
    return told


def failed(what: str, stderr: bytes) -> RemoteFailed:
    """The error for a git that could not do ``what`` ("can't clone URL"), with its reason."""
    words = reason(stderr)
    remedy = next((remedy for found, remedy in _REMEDIES if found.search(words)), "")
    return RemoteFailed(f"{shown(what)}: {words}", remedy)


def reason(stderr: bytes) -> str:
    """Why git failed to talk to a remote, on one line, without a password that is in an URL."""
    text = stderr.decode("utf-8", "replace").replace("\r", "\n")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not _NOISE.match(line)]
    plain = [line.removeprefix("fatal: ").removeprefix("error: ") for line in lines]
    telling = [line for line in plain if not line.startswith(_ECHO)]
    fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    if fatal and (last := fatal[-1].partition(": ")[2]) in telling:
        return shown(last)
    return shown((telling or plain or ["git gave no reason"])[-1])


def shown(text: str) -> str:
    """A text with an URL, without the name and password that it may have."""
    return _SECRET.sub("", text)

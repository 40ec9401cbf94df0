"""Who git says is at the keyboard."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

from hdcli.errors import NoIdentity
from hdcli.store.git import environment

_IDENT = re.compile(r"(.*) <(.*)> \d+ [+-]\d{4}")
REMEDY = (
    'git config --global user.name "Your Name" && git config --global user.email you@example.org'
)


def git_identity(folder: Path) -> tuple[str, str]:
    """Name and address that git commits with in ``folder``, never guessed. Raises NoIdentity."""
    done = _git(folder, "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT")
    found = _IDENT.match(done.stdout.decode("utf-8", "replace"))
    if done.returncode or not found:
        raise NoIdentity("git does not know who you are", REMEDY)
    return found[1], found[2]


def replayed(git_dir: Path) -> tuple[str, str] | None:
    """Name and address of the author of the commit that git is doing again: who rebases is only its
    committer. None outside a rebase."""
    for name in ("rebase-merge", "rebase-apply"):
        try:
            text = (git_dir / name / "author-script").read_text(encoding="utf-8")
            said = dict(each.split("=", 1) for each in shlex.split(text) if "=" in each)
        except (OSError, ValueError):
            continue
        if said.get("GIT_AUTHOR_NAME") and "GIT_AUTHOR_EMAIL" in said:
            return said["GIT_AUTHOR_NAME"], said["GIT_AUTHOR_EMAIL"]
    return None


def origin(folder: Path) -> str:
    """Where git has the address from: ``GIT_AUTHOR_EMAIL``, or ``user.email in FILE``."""
    if os.environ.get("GIT_AUTHOR_EMAIL"):
        return "GIT_AUTHOR_EMAIL"
    done = _git(folder, "config", "--show-origin", "--get", "user.email")
    source = done.stdout.decode("utf-8", "replace").partition("\t")[0].removeprefix("file:")
    return f"user.email in {folder / source}" if source else "EMAIL"


def _git(folder: Path, *args: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", *args], capture_output=True, env=environment(), cwd=folder, check=False
    )

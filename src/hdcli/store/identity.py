"""Who git says is at the keyboard."""

from __future__ import annotations

import re
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
    done = subprocess.run(
        ["git", "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"],
        capture_output=True,
        env=environment(),
        cwd=folder,
        check=False,
    )
    found = _IDENT.match(done.stdout.decode("utf-8", "replace"))
    if done.returncode or not found:
        raise NoIdentity("git does not know who you are", REMEDY)
    return found[1], found[2]

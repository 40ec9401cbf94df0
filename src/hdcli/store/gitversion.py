"""Which git is installed."""

from __future__ import annotations

import re
import subprocess

from hdcli.store.git import environment

# Debian 12's: what hd is tested with.
NEEDED = (2, 39, 0)
_VERSION = re.compile(rb"git version (\d+)\.(\d+)(?:\.(\d+))?")


def installed() -> tuple[int, int, int] | None:
    """The version of the git that hd runs; None where there is none."""
    try:
        done = subprocess.run(
            ["git", "version"], capture_output=True, env=environment(), check=False
        )
    except OSError:
        return None
    found = _VERSION.match(done.stdout)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def shown(version: tuple[int, int, int]) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))

"""Whether a remote answers."""

from __future__ import annotations

import sys

from hdcli.store import transport
from hdcli.store.git import Repository


def tip(repository: Repository, remote: str, branch: str) -> str:
    """The commit that a branch is at there, now; empty where it has none. Raises RemoteFailed."""
    folder = repository.work_tree or repository.git_dir
    quiet = transport.variables(folder, prompt=sys.stdin is not None and sys.stdin.isatty())
    done = repository.attempt("ls-remote", remote, f"refs/heads/{branch}", env=quiet)
    if done.returncode:
        raise transport.failed(f"{remote} does not answer", done.stderr)
    return done.stdout.decode("ascii", "replace").partition("\t")[0].strip()

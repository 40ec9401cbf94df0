"""git's own check of a repository's objects, at work while hd does its own."""

from __future__ import annotations

import subprocess
from typing import Self

from hdcli.store.git import Repository, environment


class Integrity:
    """``git fsck``, begun; use it in a ``with``, so that it ends with its caller."""

    def __init__(self, repository: Repository) -> None:
        self._process = subprocess.Popen(
            repository.git("fsck", "--connectivity-only", "--no-dangling", "--no-progress"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(),
            cwd=repository.git_dir,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()

    def said(self) -> list[str]:
        """What it complained of, once it is done."""
        out, _ = self._process.communicate()
        lines = out.decode("utf-8", "replace").splitlines()
        return [line for line in lines if line.strip() and not line.startswith("notice:")]

"""git's own check of a repository's objects, at work while hd does its own."""

from __future__ import annotations

import subprocess
from typing import Self

from hdcli.store import objectfiles
from hdcli.store.git import Repository


class Integrity:
    """``git fsck``, begun; use it in a ``with``, so that it ends with its caller."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process = subprocess.Popen(
            repository.git("fsck", "--connectivity-only", "--no-dangling", "--no-progress"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # The index is another matter, and a damaged one would end the check.
            env=repository.environment(GIT_INDEX_FILE=str(repository.local / "no-index")),
            cwd=repository.git_dir,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()

    def is_sound(self) -> bool:
        """Whether all objects are there and every file of them is whole, once git is done.

        That git reads no contents makes it quick: checksums tell whether those are as written.
        """
        out, _ = self._process.communicate()
        lines = out.decode("utf-8", "replace").splitlines()
        if any(line.strip() and not line.startswith("notice:") for line in lines):
            return False
        where = self._repository
        return not (
            objectfiles.bad_loose(where)
            or objectfiles.bad_packs(where)
            or objectfiles.bad_indexes(where)
        )

"""Two people's versions of one text made one, as git merges files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hdcli.store.git import GitFailed, Repository, said

# git-merge-file(1): the number of conflicts, or 255 where it could not merge at all.
_FAILED = 127


def merged(repository: Repository, base: str, ours: str, theirs: str) -> str | None:
    """The text with both changes; None where these are on the same lines. Raises GitFailed."""
    repository.local.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="merge-", dir=repository.local) as folder:
        names = []
        for name, text in (("ours", ours), ("base", base), ("theirs", theirs)):
            place = Path(folder) / name
            place.write_bytes(f"{text}\n".encode("utf-8", "surrogatepass"))
            names.append(str(place))
        done = repository.attempt("merge-file", "-p", "-q", *names)
    if done.returncode >= _FAILED or done.returncode < 0:
        raise GitFailed(f"git merge-file failed: {said(done.stderr)}")
    return None if done.returncode else done.stdout.decode("utf-8", "surrogatepass").rstrip("\n")

"""The files that people see: written whole, never over a hand edit, never through a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from hdcli.errors import Conflict, NotADesk
from hdcli.store.git import Repository

# What marks a merge, rebase or the like that git left half done (gitrepository-layout).
_UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
}


def require_writable(repository: Repository, branch: str) -> None:
    """Raises Conflict unless the work tree shows the desk's branch and nothing is half done."""
    if repository.work_tree is None:
        return
    for name, what in _UNDER_WAY.items():
        if (repository.git_dir / name).exists():
            raise Conflict(f"a {what} is under way", f"git {what} --continue or --abort first")
    done = repository.attempt("symbolic-ref", "-q", "HEAD")
    current = done.stdout.decode().strip().removeprefix("refs/heads/")
    if current != branch:
        where = f"on branch '{current}'" if current else "on a detached HEAD"
        raise Conflict(f"the work tree is {where}, hd writes to '{branch}'", f"git switch {branch}")


def content(root: Path, path: str) -> bytes | None:
    """What the file holds; None when there is none. Raises Conflict for what is not a file."""
    place = _safe(root, path)
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        raise Conflict(f"{path} is not a plain file", f"git restore {path}") from None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Conflict(f"{path} is not a plain file", f"git restore {path}")
        return file.read()


def require_unedited(root: Path, path: str, committed: bytes | None) -> None:
    """Raises Conflict when the file is not as committed: somebody's edit would be lost."""
    present = content(root, path)
    if present == committed:
        return
    if present is None:
        raise Conflict(f"{path} was deleted by hand", f"git restore {path}")
    if committed is None:
        raise Conflict(f"{path} is in the way, and not in git", f"hd commit {path}, or move it")
    raise Conflict(
        f"{path} has hand edits that are not committed",
        f"hd commit {path} keeps them, git restore {path} drops them",
    )


def write(root: Path, path: str, data: bytes) -> None:
    """Puts a whole file in place at once (temporary file, then rename)."""
    place = _safe(root, path)
    temporary = place.with_name(f".{place.name}.hd-new")
    try:
        descriptor = _create(temporary)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.replace(place)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise NotADesk(f"can't write {path}: {error.strerror}") from None


def _create(place: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(place, flags, 0o666)
    except FileNotFoundError:
        place.parent.mkdir(parents=True, exist_ok=True)
        return os.open(place, flags, 0o666)


def remove(root: Path, path: str) -> None:
    """Removes a file and the folders that it leaves empty."""
    place = _safe(root, path)
    place.unlink(missing_ok=True)
    for parent in place.parents:
        if parent == root:
            break
        try:
            parent.rmdir()
        except OSError:
            break


def _safe(root: Path, path: str) -> Path:
    """The place of a path; Conflict when a folder on the way is a link that leads elsewhere."""
    parent = root
    for part in path.split("/")[:-1]:
        parent /= part
        if part in ("", ".", "..", ".git") or parent.is_symlink():
            raise Conflict(f"{parent} is a link, not a folder", "remove it: hd writes no further")
    return root / path


def update_index(
    repository: Repository,
    entries: Iterable[tuple[str, str | None]],
    keep: Sequence[int],
) -> None:
    """Brings paths of the index to new blobs (None: gone), with git's index lock held by us.

    git works on a second name of the index file, which then replaces it: no other git sees a half.
    """
    index, scratch = repository.git_dir / "index", repository.local / "index"
    zeros = "0" * 40
    lines = [
        f"100644 {blob}\t{path}\0" if blob else f"0 {zeros}\t{path}\0" for path, blob in entries
    ]
    scratch.unlink(missing_ok=True)
    scratch.with_name("index.lock").unlink(missing_ok=True)
    if index.exists():
        os.link(index, scratch)
    repository.run(
        "update-index",
        "-z",
        "--index-info",
        stdin="".join(lines).encode("utf-8", "surrogateescape"),
        env={"GIT_INDEX_FILE": str(scratch)},
        keep=keep,
    )
    scratch.replace(index)

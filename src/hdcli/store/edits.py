"""What was edited by hand in the work tree and not committed: git says which files, no more."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hdcli.errors import BadData, BadUsage, Conflict
from hdcli.model import ids
from hdcli.store import worktree, yamlread
from hdcli.store.git import Repository


@dataclass(frozen=True, slots=True)
class Edited:
    """A file that is not as committed. ``staged`` when git's index has yet another version."""

    path: str
    staged: bool = False
    untracked: bool = False

    @property
    def ticket_id(self) -> str | None:
        """The ticket whose place this is."""
        return ids.id_of_path(self.path)

    @property
    def kind(self) -> str:
        """What the file is to the desk: settings, requesters, ticket, article, canned, stray or
        other."""
        if self.path == "desk.yaml":
            return "settings"
        if self.path == "requesters.yaml":
            return "requesters"
        if self.path.startswith("tickets/"):
            return "ticket" if self.ticket_id else "stray"
        folder, _, name = self.path.partition("/")
        if name.endswith(".yaml") and "/" not in name:
            return {"kb": "article", "canned": "canned"}.get(folder, "other")
        return "other"


def edited(repository: Repository, paths: Iterable[str] = ()) -> list[Edited]:
    """The files that differ from what is committed: all, or those at and below ``paths``."""
    if repository.work_tree is None:
        return []
    raw = repository.run(
        "status",
        "--porcelain=v1",
        "-z",
        "--untracked-files=all",
        "--no-renames",
        "--",
        *paths,
        env={"GIT_LITERAL_PATHSPECS": "1"},
    )
    return list(_parsed(raw.decode("utf-8", "surrogateescape").split("\0")))


def _parsed(records: Iterable[str]) -> Iterator[Edited]:
    gone = {record[3:] for record in records if record[:2] == "D "}
    for record in records:
        code, path = record[:2], record[3:]
        if code == "??":
            yield Edited(path, staged=path in gone, untracked=True)
        elif code and not (code == "D " and f"?? {path}" in records):
            yield Edited(path, staged=" " not in code and "U" not in code)


def within(repository: Repository, name: str, folder: Path) -> str:
    """A path as the desk has it, of what was typed in ``folder``: there, else from the desk's top.

    Raises BadUsage.
    """
    root = repository.work_tree
    if root is None:
        raise BadUsage("a bare desk has no files to edit", "clone it and edit there")
    for start in (folder.absolute(), root):
        place = Path(os.path.normpath(start / name))
        real = place if place == root else place.parent.resolve() / place.name
        if real.is_relative_to(root):
            return real.relative_to(root).as_posix()
    raise BadUsage(f"{name} is not a file of this desk")


def text(repository: Repository, path: str) -> bytes | None:
    """What an edited file holds; None when it is gone. Raises Conflict, BadData."""
    root = repository.work_tree
    assert root is not None
    try:
        found = (root / path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if path.endswith(".yaml") and found.st_size > yamlread.MAX_BYTES:
        raise BadData(f"larger than {yamlread.MAX_BYTES // 1_000_000} MB", path)
    if path.endswith("/"):
        raise Conflict(f"{path} is a repository of its own", "move it out of the desk")
    return worktree.content(root, path)


def exists(repository: Repository, path: str) -> bool:
    """Whether there is such a file or folder in the work tree."""
    return repository.work_tree is not None and os.path.lexists(repository.work_tree / path)


def is_executable(repository: Repository, path: str) -> bool:
    """Whether a file has the mode of a program, where the file system knows such a thing."""
    assert repository.work_tree is not None
    if not (repository.work_tree / path).stat().st_mode & 0o100:
        return False
    return repository.attempt("config", "--bool", "core.fileMode").stdout.strip() != b"false"

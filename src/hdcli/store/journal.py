"""What a write is about to do, on disk before it does it: the next command can finish it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from hdcli.errors import NotADesk
from hdcli.store.git import Repository


@dataclass(frozen=True, slots=True)
class Intent:
    """``branch`` moves from commit ``old``; work tree and index, still at ``old``, follow it.

    They are named because several work trees can share one repository (git-worktree(1)).
    """

    branch: str
    old: str
    git_dir: Path
    work_tree: Path | None

    def place_in(self, repository: Repository) -> Repository:
        """The repository as the writer saw it."""
        return replace(repository, git_dir=self.git_dir, work_tree=self.work_tree)


def path(folder: Path) -> Path:
    """Where the journal of a desk is."""
    return folder / "journal"


def write(folder: Path, intent: Intent) -> None:
    """Records the intent, durably. Raises NotADesk; then nothing is recorded."""
    data = {
        "branch": intent.branch,
        "old": intent.old,
        "git_dir": str(intent.git_dir),
        "work_tree": None if intent.work_tree is None else str(intent.work_tree),
    }
    temporary = folder / "journal.new"
    try:
        with temporary.open("wb") as file:
            file.write(json.dumps(data).encode())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path(folder))
    except OSError as error:
        raise NotADesk(f"can't write to this desk: {error.strerror}: {folder}") from None


def read(folder: Path) -> Intent | None:
    """The intent of a write that did not end; None where there is none, or none legible."""
    try:
        data = json.loads(path(folder).read_bytes())
        work_tree = data["work_tree"]
        return Intent(
            str(data["branch"]),
            str(data["old"]),
            Path(data["git_dir"]),
            None if work_tree is None else Path(work_tree),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def clear(folder: Path) -> None:
    """Says that the write ended."""
    path(folder).unlink(missing_ok=True)

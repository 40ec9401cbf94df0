"""The files of tickets in the work tree, and the editor that git would open on them."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from hdcli.errors import NotFound, Refused
from hdcli.model import ids
from hdcli.services.archiving import restore
from hdcli.store import away
from hdcli.store.desk import Desk


def files_of(desk: Desk, tickets: Sequence[str]) -> list[Path]:
    """Where the files of tickets are, of whole ids; those that were archived come back.

    Raises Refused (a bare desk), NotFound, Busy, Conflict.
    """
    root = desk.place.repository.work_tree
    if root is None:
        raise Refused("this desk is bare: it has no files", "hd show reads a ticket")
    found = [root / ids.ticket_path(each) for each in tickets]
    if any(away.is_away(desk.place.repository, ids.ticket_path(each)) for each in tickets):
        restore(desk, tickets)
    for path in found:
        if not path.is_file():
            place = path.relative_to(root)
            raise NotFound(f"{place} is not in the work tree", f"git restore {place}")
    return found


def edit(editor: str | None, paths: Sequence[Path]) -> list[Path]:
    """Opens files in an editor, a shell command as git takes it; gives those that it changed.

    Raises Refused where there is no editor, or it ended with an error.
    """
    if editor is None:
        raise Refused("git knows no editor", "set EDITOR, or git config core.editor")
    before = [path.read_bytes() for path in paths]
    done = subprocess.run(["sh", "-c", f'{editor} "$@"', editor, *map(str, paths)], check=False)
    if done.returncode:
        raise Refused(f"the editor '{editor}' ended with an error ({done.returncode})")
    return [path for path, was in zip(paths, before, strict=True) if _content(path) != was]


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None

"""What stopped programs left lying about: in ``.git``, and among the tickets."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hdcli.errors import NotADesk
from hdcli.store.git import Repository
from hdcli.store.lock import lock_unless_at_work

# Names that hd gives to files for a moment; who writes them without the desk's lock needs longer.
_SCRATCH = re.compile(
    r"(?:settings|last)\.[0-9]+|(?:journal|index-mark)\.new|git-index(?:\.lock)?|new"
    r"|(?:merge|rescue|trial)-.*"
)
_TICKET = ".*.yaml.hd-new"
_OLD = 60.0
_TEXT = re.compile(r"(?:[A-Z][A-Z0-9]*-[0-9A-Z]+|desk)-.*\.yaml|kb-.*\.md|unsaved.*\.txt")


def scratch(repository: Repository) -> list[Path]:
    """Files that only a writer at work would need, and none is at work."""
    try:
        with lock_unless_at_work(repository.local) as descriptor:
            return [] if descriptor is None else list(_found(repository))
    except NotADesk:  # it can't be written to: nobody did, and nothing can be removed
        return []


def _found(repository: Repository) -> Iterator[Path]:
    for place in sorted(repository.local.iterdir()) if repository.local.is_dir() else ():
        if _SCRATCH.fullmatch(place.name) and _is_old(place):
            yield place
    if repository.work_tree is not None:
        for folder in ("tickets/*", "kb"):
            found = repository.work_tree.glob(f"{folder}/{_TICKET}")
            yield from (place for place in found if _is_old(place))


def _is_old(place: Path) -> bool:
    try:
        return time.time() - place.lstat().st_mtime > _OLD
    except OSError:
        return False


def remove(place: Path) -> None:
    """Removes such a file, or a folder of them."""
    with suppress(OSError):
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()


def texts(repository: Repository) -> list[Path]:
    """Texts that somebody typed and hd could not commit, kept for them."""
    folder = repository.local
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(place for place in found if _TEXT.fullmatch(place.name))

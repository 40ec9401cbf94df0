"""What a git that was stopped left among the objects: files that nothing will ever read."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hdcli.store import processes, volume
from hdcli.store.git import Repository

_NAME = re.compile(r"tmp_(?:obj|pack|idx|rev|bitmap|midx|graph)_.*|\.tmp-\d+-.*|tmp_objdir-.*")
# A fetch of a large desk over a slow line may write one file for so long.
_OLD = 3600.0


@dataclass(frozen=True, slots=True)
class Scraps:
    """The files and folders, and how many bytes they take."""

    places: tuple[Path, ...]
    size: int


def scraps(repository: Repository) -> Scraps:
    """Those that are old, and that no git at work here or elsewhere can be writing to."""
    places = tuple(_found(repository.common_dir / "objects"))
    if places and (volume.is_shared(repository.common_dir) or processes.gits_at_work(repository)):
        return Scraps((), 0)
    return Scraps(places, sum(map(_size, places)))


def clear(repository: Repository) -> int:
    """Removes them; gives how many bytes that freed."""
    found = scraps(repository)
    for place in found.places:
        with suppress(OSError):
            shutil.rmtree(place) if place.is_dir() else place.unlink()
    return found.size


def _found(objects: Path) -> Iterator[Path]:
    for folder in (objects, objects / "pack", *objects.glob("[0-9a-f][0-9a-f]")):
        with suppress(OSError):
            for each in os.scandir(folder):
                if _NAME.fullmatch(each.name) and time.time() - each.stat().st_mtime > _OLD:
                    yield Path(each.path)


def _size(place: Path) -> int:
    try:
        if place.is_dir():
            return sum(each.stat().st_size for each in place.rglob("*") if each.is_file())
        return place.stat().st_size
    except OSError:
        return 0

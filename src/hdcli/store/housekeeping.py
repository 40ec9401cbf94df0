"""How git's objects lie, and what its housekeeping last said."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

from hdcli.store import partial
from hdcli.store.git import Repository


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """``loose`` is an estimate, as git makes it; ``complaint`` is why ``git gc`` gave up, which
    keeps it from trying again; ``partial`` what a clone was made without."""

    loose: int
    packs: int
    complaint: str = ""
    partial: str = ""


def state(repository: Repository) -> Housekeeping:
    """Looks at folders alone; reads no object."""
    objects = repository.common_dir / "objects"
    loose = 256 * len(_names(objects / "17"))
    packs = sum(name.endswith(".pack") for name in _names(objects / "pack"))
    complaint = ""
    with suppress(OSError):
        lines = (repository.common_dir / "gc.log").read_text("utf-8", "replace").splitlines()
        complaint = next((line for line in lines if line.strip()), "")
    kinds = [
        word
        for word, so in (
            ("shallow", partial.is_shallow(repository)),
            ("partial", partial.is_partial(repository)),
        )
        if so
    ]
    return Housekeeping(loose, packs, complaint, " and ".join(kinds))


def _names(folder: os.PathLike[str]) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)
    return []

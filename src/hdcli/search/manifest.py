"""The list of an index's segments: one small file that is replaced whole, so that readers see the
index as it was or as it is."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from hdcli.search.document import KINDS, Kind
from hdcli.search.segment import Entry, files
from hdcli.search.weights import Lengths

# Raise it with every change of analysis, weights or files: the index is then built anew.
VERSION = 2
NAME = "segments.json"


class Manifest(NamedTuple):
    """The segments, the commit that they reflect, and what their weights were reckoned with.

    ``measured`` is how many documents ``lengths`` were taken from, ``built`` how many segments it
    was built with.
    """

    commit: str
    segments: tuple[Entry, ...]
    lengths: Mapping[Kind, Lengths]
    measured: int
    built: int

    @property
    def documents(self) -> int:
        """How many documents count."""
        return sum(each.live for each in self.segments)


def read(folder: Path) -> Manifest | None:
    """The list; None where there is none, or of another version, or damaged."""
    try:
        data = json.loads((folder / NAME).read_bytes())
        if data["version"] != VERSION:
            return None
        return Manifest(
            str(data["commit"]),
            tuple(_entry(each) for each in data["segments"]),
            {kind: Lengths(*map(float, data["lengths"][kind])) for kind in KINDS},
            int(data["measured"]),
            int(data["built"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _entry(data: Any) -> Entry:
    name, kind, documents, size, gone = data
    if kind not in KINDS or not str(name).replace("_", "").isalnum():
        raise ValueError(name)
    return Entry(str(name), kind, int(documents), int(size), tuple(map(int, gone)))


def write(folder: Path, manifest: Manifest) -> None:
    """Puts the list in the place of the one before, then deletes the files of no segment in it."""
    data = {"version": VERSION, **manifest._asdict()}
    temporary = folder / f"{NAME}.{os.getpid()}"
    temporary.write_text(json.dumps(data), encoding="utf-8")
    temporary.replace(folder / NAME)
    kept = {NAME, *(file for each in manifest.segments for file in files(each.name))}
    for file in folder.iterdir():
        if file.name not in kept:
            with suppress(OSError):
                file.unlink()

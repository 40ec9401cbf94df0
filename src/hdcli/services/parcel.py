"""Several files for somebody without a desk: in a new folder, or in a ZIP archive."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from hdcli.errors import BadUsage, Conflict

File = tuple[str, bytes]
"""A path within the parcel, and what the file holds."""


def pack(place: Path, files: Iterable[File]) -> None:
    """Writes files below a folder that is new, or into an archive where the name ends in ``.zip``.

    It appears when it is complete, for the eyes of its owner alone. Raises Conflict, BadUsage.
    """
    if place.exists() or place.is_symlink():
        raise Conflict(f"{place} is there already", "name another place, or move it")
    new = place.with_name(f".{place.name}.hd-new")
    try:
        if place.suffix.lower() == ".zip":
            _archive(new, files)
        else:
            _folder(new, files)
        new.rename(place)
    except OSError as error:
        raise BadUsage(f"can't write {place}: {error.strerror}") from None
    finally:
        if new.is_dir():
            shutil.rmtree(new, ignore_errors=True)
        else:
            new.unlink(missing_ok=True)


def _folder(new: Path, files: Iterable[File]) -> None:
    new.mkdir(mode=0o700)
    for name, data in files:
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _archive(new: Path, files: Iterable[File]) -> None:
    from zipfile import ZIP_DEFLATED, ZipFile

    new.touch(mode=0o600)
    with ZipFile(new, "w", ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)

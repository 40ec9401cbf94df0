"""The files that git keeps objects in, read byte for byte: which of them are damaged.

git itself stops at the first object that it can't read; who has to mend needs all of them.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hdcli.store.git import Repository

_FOLDER = re.compile(r"[0-9a-f]{2}")
_NAME = re.compile(r"[0-9a-f]{38}(?:[0-9a-f]{24})?")
_PACK = re.compile(r"pack-[0-9a-f]{40}(?:[0-9a-f]{24})?\.pack")
_PORTION = 1 << 20
_GRAPHS = ("objects/info/commit-graph", "objects/info/commit-graphs", "objects/pack")


@dataclass(frozen=True, slots=True)
class BadPack:
    """A pack that is not what its checksums say, or that its index does not belong to."""

    pack: Path
    pack_is_sound: bool
    index_is_sound: bool


def bad_loose(repository: Repository) -> dict[str, Path]:
    """The loose objects whose files don't hold what their names say, by object id."""
    found = {}
    for oid, place in _loose(repository.common_dir / "objects"):
        with suppress(FileNotFoundError):  # packed and removed since it was listed
            if not _holds(place, oid, repository.hash):
                found[oid] = place
    return found


def bad_packs(repository: Repository) -> list[BadPack]:
    """The damaged packs, and those without an index."""
    folder = repository.common_dir / "objects" / "pack"
    found = []
    for name in _names(folder):
        if _PACK.fullmatch(name):
            pack = folder / name
            index = pack.with_suffix(".idx")
            end, indexed = sealed(pack, repository.hash), sealed(index, repository.hash)
            belongs = indexed is not None and (end is None or _pack_of(index, end) == end)
            if end is None or not belongs:
                found.append(BadPack(pack, end is not None, belongs))
    return found


def bad_indexes(repository: Repository) -> list[Path]:
    """The damaged files that only make git quick: commit-graphs, the index over all packs."""
    found = []
    for name in _GRAPHS:
        place = repository.common_dir / name
        for each in [place] if place.is_file() else (place / name for name in _names(place)):
            ours = each.suffix == ".graph" or each.name in ("commit-graph", "multi-pack-index")
            if ours and each.is_file() and sealed(each, repository.hash) is None:
                found.append(each)
    return found


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _loose(objects: Path) -> Iterator[tuple[str, Path]]:
    for folder in _names(objects):
        if _FOLDER.fullmatch(folder):
            for name in _names(objects / folder):
                if _NAME.fullmatch(name):
                    yield folder + name, objects / folder / name


def _holds(place: Path, oid: str, algorithm: str) -> bool:
    """Whether a loose object, unpacked, has the id and the length that it should have."""
    unpack, digest = zlib.decompressobj(), hashlib.new(algorithm, usedforsecurity=False)
    head, length = b"", 0
    try:
        with place.open("rb") as file:
            while data := file.read(_PORTION):
                while data:
                    part = unpack.decompress(data, _PORTION)
                    data = unpack.unconsumed_tail
                    digest.update(part)
                    length += len(part)
                    head += part[: 64 - len(head)]
    except FileNotFoundError:
        raise
    except (OSError, zlib.error):
        return False
    named, end, _ = head.partition(b"\0")
    size = named.rpartition(b" ")[2]
    whole = bool(end) and size.isdigit() and int(size) == length - len(named) - 1
    return unpack.eof and whole and digest.hexdigest() == oid


def sealed(place: Path, algorithm: str) -> bytes | None:
    """The checksum at a file's end; None where the file is missing or its bytes don't match."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    try:
        with place.open("rb") as file:
            left = os.fstat(file.fileno()).st_size - digest.digest_size
            while left > 0 and (data := file.read(min(left, _PORTION))):
                digest.update(data)
                left -= len(data)
            end = file.read()
    except OSError:
        return None
    return end if end == digest.digest() else None


def _pack_of(index: Path, end: bytes) -> bytes:
    """The checksum of the pack that an index was made for: it stands before its own."""
    with index.open("rb") as file:
        file.seek(-2 * len(end), os.SEEK_END)
        return file.read(len(end))

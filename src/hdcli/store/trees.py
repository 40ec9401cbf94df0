"""git's tree objects: what a folder holds."""

from __future__ import annotations

from collections.abc import Iterator


def tree_entries(content: bytes, hash_size: int) -> Iterator[tuple[str, str, str]]:
    """Mode, name and object id of each entry of a tree object (gitformat-pack's tree format)."""
    place = 0
    while place < len(content):
        space = content.index(b" ", place)
        end = content.index(b"\0", space)
        name = content[space + 1 : end].decode("utf-8", "surrogateescape")
        oid = content[end + 1 : end + 1 + hash_size].hex()
        yield content[place:space].decode(), name, oid
        place = end + 1 + hash_size

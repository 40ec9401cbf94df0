"""git's objects: what a folder holds, when a commit was made."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMITTED = re.compile(rb"^committer .*> ([0-9]{1,12}) ", re.MULTILINE)


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


def commit_time(content: bytes) -> int:
    """When a commit object was made, in seconds since 1970, UTC; 0 where it does not say."""
    found = _COMMITTED.search(content)
    return int(found[1]) if found else 0

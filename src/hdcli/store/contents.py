"""The contents of many objects, whatever state they are in: one that is damaged hides no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hdcli.store.git import GitFailed, Objects, Repository


def contents(
    repository: Repository, blobs: Sequence[str], limit: int | None = None
) -> Iterator[bytes | None]:
    """What blobs hold, in their order; None for those that are missing or can't be read.

    git stops at a damaged object, and is started anew behind it.
    """
    done = 0
    while done < len(blobs):
        with Objects(repository) as objects:
            try:
                for data in objects.many(blobs[done:], limit):
                    yield data
                    done += 1
            except GitFailed:
                yield None
                done += 1

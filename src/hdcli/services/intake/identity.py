"""Ids for what comes in with a name of its own: drawn from that name, not at random.

Two clones that take in the same thing before they know of each other open the same ticket with the
same first entry, which a merge sees as one. Where the id is taken by another ticket the next one is
drawn, so that it is only as likely as a chance encounter that one thing becomes two tickets.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

Entropy = Callable[[int], bytes]


def drawn_from(*name: str) -> Entropy:
    """Bytes to draw ids from: always the same for the same name, whose parts are told apart."""
    from hashlib import shake_256

    seed = "\0".join(name).encode("utf-8", "surrogateescape")
    numbers = count()

    def draw(size: int) -> bytes:
        return shake_256(b"%d\0%b" % (next(numbers), seed)).digest(size)

    return draw

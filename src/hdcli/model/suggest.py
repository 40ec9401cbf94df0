"""The nearest known name to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable

SLIP = 0.8
"""So alike are two names where one is likely the other mistyped, whatever else it may be."""


def nearest(name: str, known: Iterable[str], alike: float = 0.6) -> str:
    """The known name that ``name`` most likely meant; empty when none is so ``alike`` (0 to 1)."""
    from difflib import get_close_matches  # 5 ms, and only after a mistake

    by_lower = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=alike)
    return by_lower[found[0]] if found else ""

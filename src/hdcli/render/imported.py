"""What an import came to, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hdcli.render.text import safe

_MOST_RANGES = 6


def summary(imported: int, there: int, late: int, *, dry: bool) -> str:
    """The counts on one line."""
    tickets = f"{imported:,} ticket{'s' * (imported != 1)}"
    parts = [f"{tickets} would be imported" if dry else f"{tickets} imported"]
    if there:
        parts.append(f"{there:,} there already")
    if late:
        parts.append(f"{late:,} dated in the future, taken as of now")
    return ", ".join(parts)


def refusals(reasons: Iterable[tuple[str, int, Sequence[int]]]) -> Iterator[str]:
    """A line a reason: (reason, how many records, the numbers of their lines)."""
    for reason, count, lines in reasons:
        shown = ranges(lines) + ", …" * (count > len(lines))
        place = f"line {shown}" if count == 1 else f"{count:,} records (lines {shown})"
        yield f"{place}: {safe(reason)}"


def ranges(numbers: Iterable[int]) -> str:
    """Ascending numbers as people write them, ``3, 7-9, 12``; ``…`` where there are many."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    shown = [f"{a}" if a == b else f"{a}-{b}" for a, b in parts[:_MOST_RANGES]]
    return ", ".join(shown + ["…"] * (len(parts) > _MOST_RANGES))

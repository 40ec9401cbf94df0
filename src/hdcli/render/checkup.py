"""The lines of a check-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hdcli.model.checkup import Check
from hdcli.render.style import Palette
from hdcli.render.text import safe


def lines(checks: Sequence[Check], palette: Palette, *, quiet: bool) -> Iterator[str]:
    """A line a check: state, name, what is so, what to do. ``quiet`` leaves out what is well."""
    width = max((len(each.name) for each in checks), default=0)
    for each in checks:
        if quiet and each.state == "ok":
            continue
        remedy = f"; {each.remedy}" if each.remedy else ""
        state = f"{each.state:<7}"
        marked = palette.overdue(state) if each.state == "problem" else state
        yield f"{marked}  {each.name:<{width}}  {safe(f'{each.message}{remedy}')}"


def summed_up(checks: Sequence[Check]) -> str:
    """How many there are that are not well, and how many of them ``--fix`` mends."""
    counts = [
        f"{count} {name}{'s' * (count > 1)}"
        for name in ("problem", "warning")
        if (count := sum(each.state == name for each in checks))
    ]
    mendable = sum(bool(each.fix) for each in checks)
    hint = f"; hd doctor --fix mends {mendable} of them" if mendable else ""
    return f"{', '.join(counts)}{hint}" if counts else "all is well"

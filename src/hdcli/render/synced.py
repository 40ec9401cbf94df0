"""What a sync did, in a few lines: what concerns the reader first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hdcli.render.look import Look
from hdcli.render.text import fit, pad, safe

if TYPE_CHECKING:
    from hdcli.services.incoming import Touched
    from hdcli.services.sync import Synced

MOST = 15
"""So many tickets are named; the rest is counted."""

_TITLE = 40


def lines(done: Synced, titles: Mapping[str, str], look: Look) -> Iterator[str]:
    """A line for the whole, one for each of the first tickets that came in, the remarks."""
    yield f"{safe(done.remote)}: {_summary(done)}"
    shown = done.came.touched[:MOST]
    width = max((len(each.name) for each in shown), default=0)
    for each in shown:
        yield _line(each, titles.get(each.name, ""), width)
    if more := len(done.came.touched) - len(shown):
        yield f"  … and {more} more: hd log shows them"
    yield from (f"  merged: {safe(remark)}" for remark in done.remarks)
    told = done.came.remarks
    yield from (f"  merged {safe(remark)}" for remark in told[:MOST])
    if more := len(told) - MOST if len(told) > MOST else 0:
        yield f"  … and {more} more: git log --merges tells them"


def _summary(done: Synced) -> str:
    came, went = done.came.commits, done.went.commits
    parts = [f"{_counted(came)} came in"] * bool(came) + [f"{_counted(went)} went out"] * bool(went)
    if done.again is not None:
        own = f", {_counted(done.again)} of yours done again upon it" if done.again else ""
        parts.insert(0, f"its rewritten history is taken over{own}")
    if done.waiting:
        parts.append(f"{_counted(done.waiting)} waiting to go out")
    return ", ".join(parts) or "nothing new"


def _counted(number: int) -> str:
    return f"{number:,} commit{'s' * (number != 1)}"


def _line(each: Touched, title: str, width: int) -> str:
    name = "the desk" if each.name == "desk" else each.name
    did = ", ".join(each.actions[:4]) + (", …" if len(each.actions) > 4 else "")
    if each.level:
        did = f"escalated to level {each.level}" + (f" ({each.team})" if each.team else "")
    by = ", ".join(map(safe, each.by[:3]))
    about = f"  {pad(fit(safe(title), _TITLE), _TITLE)}" if title else ""
    head = f"  {safe(name):<{width}}{about}"
    return f"{head}  {safe(did) or 'changed'} by {by}"

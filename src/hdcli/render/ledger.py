"""The ledger as people read it: a line a commit, and below it, when asked for, what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from hdcli.render.text import fit, pad, safe, safe_block, wrap

if TYPE_CHECKING:
    from hdcli.render.look import Look
    from hdcli.services.history import Event

_TIME = 10
_LEAST_WHO, _MOST_WHO = 8, 14
_UNSAID = frozenset(("Ticket", "Article", "Action", "From-Level", "To-Level"))


def lines(
    events: Iterable[Event], look: Look, handles: Iterable[str], *, whole: bool
) -> Iterator[str]:
    """The text of each event, with its line break, made when it is asked for."""
    longest = max(map(len, handles), default=_LEAST_WHO)
    who = min(max(longest, _LEAST_WHO), _MOST_WHO)
    for event in events:
        yield _line(event, look, who) + (_more(event, look) if whole else "")


def _line(event: Event, look: Look, who: int) -> str:
    palette = look.palette
    commit = event.commit
    time = pad(look.short(event.at), _TIME)
    name = pad(safe(event.who) if look.columns is None else fit(safe(event.who), who), who)
    place = pad(event.place, 8)
    what = safe(event.what)
    if look.columns is not None:
        used = len(commit.short) + _TIME + who + len(place) + 8
        what = fit(what, max(4, look.columns - used))
    action, colon, rest = what.partition(" ")
    said = f"{palette.heading(action)}{colon}{rest}" if event.place else what
    return f"{palette.dim(commit.short)}  {time}  {name}  {palette.id(place)}  {said}\n"


def _more(event: Event, look: Look) -> str:
    width = look.prose or 1_000_000
    body = safe_block(event.commit.body)
    text = wrap(body, width, "    ") if body else ""
    facts = wrap(safe(", ".join(_facts(event))), width, "    ")
    parts = [look.palette.dim(facts)] if facts.strip() else []
    return "".join(f"{part}\n" for part in [*parts, *([text] if text else [])]) + "\n"


def _facts(event: Event) -> Iterator[str]:
    """The trailers in words: ``level 1 to 2, team network``."""
    known = dict(event.commit.trailers)
    if "To-Level" in known:
        yield f"level {known.get('From-Level', '?')} to {known['To-Level']}"
    for name, value in event.commit.trailers:
        if name not in _UNSAID:
            yield f"{name.lower().replace('-', ' ')} {value}"

"""A new ticket and what is said of it, as whoever sorts tickets sees it; what rules said of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hdcli.render.suggested import hint_lines
from hdcli.render.text import fit, pad, safe, safe_block, width, wrap

if TYPE_CHECKING:
    from hdcli.model.addressbook import Known
    from hdcli.model.rules import Verdict
    from hdcli.model.ticket import Ticket
    from hdcli.render.look import Look
    from hdcli.services.triage import Advice

_BODY_LINES = 12
_NAMED = 3
_UNBROKEN = 1_000_000
KEYS = {
    "y": "accept",
    "s": "set",
    "a": "assign",
    "t": "take",
    "m": "merge",
    "r": "reply",
    "x": "spam",
    "n": "next",
    "u": "undo",
    "o": "open",
    "q": "quit",
}


def card(
    ticket: Ticket, known: Known | None, advice: Advice, place: str, look: Look
) -> Iterator[str]:
    """The lines of a ticket in the queue; ``place`` says where in it."""
    palette = look.palette
    yield ""
    title = palette.heading(safe(ticket.title))
    yield from look.folded(f"{palette.dim(place)}  {palette.id(ticket.id)}  {title}")
    yield from look.folded("  ".join(_facts(ticket, known, look)))
    text = ticket.description.strip("\n")
    if text.strip():
        yield ""
        yield from _beginning(text, look)
    yield ""
    yield from _guessed(advice, look)
    yield from hint_lines(ticket.id, advice.hints, look)


def _facts(ticket: Ticket, known: Known | None, look: Look) -> Iterator[str]:
    if priority := ticket.text("priority"):
        yield look.priority(safe(priority))
    for name in ("category", "team", "requester", "channel"):
        if value := ticket.text(name):
            yield safe(value)
    for name, items in known.facts().items() if known else ():
        if name == "vip":
            yield look.palette.overdue("VIP")
        elif name != "name":
            yield safe(", ".join(items))
    yield look.since(ticket.text("created"))


def _beginning(text: str, look: Look) -> Iterator[str]:
    lines = wrap(safe_block(text), look.prose or _UNBROKEN).split("\n")
    yield from lines[:_BODY_LINES]
    if len(lines) > _BODY_LINES:
        yield look.palette.dim(f"… {len(lines) - _BODY_LINES} more lines (o)")


def _guessed(advice: Advice, look: Look) -> Iterator[str]:
    named = [f"{safe(each.field)} {safe(each.value)}?" for each in advice.guesses]
    longest = max(map(width, named), default=0)
    for each, name in zip(advice.guesses, named, strict=True):
        like = f"like {', '.join(map(safe, each.like[:_NAMED]))}"
        more = f" and {len(each.like) - _NAMED} more" if len(each.like) > _NAMED else ""
        told = look.palette.dim(f"{each.confidence:>4.0%}  {like}{more}")
        yield from look.folded(f"{look.palette.heading(pad(name, longest))}  {told}")


def keys(advice: Advice, look: Look) -> Iterator[str]:
    """What each key does, on as few lines as there is room for."""
    line, taken, room = "", 0, look.columns or _UNBROKEN
    for key, what in KEYS.items():
        if key == "y" and not advice.guesses:
            continue
        needed = len(f"  {key} {what}")
        if taken + needed - 2 > room:
            yield line
            line, taken = "", 0
        named = f"{look.palette.id(key)} {look.palette.dim(what)}"
        line, taken = f"{line}  {named}" if line else named, taken + needed
    yield line


def verdict_lines(verdicts: Sequence[Verdict], look: Look) -> Iterator[str]:
    """A line for each rule: whether it matches, and what it does or why not."""
    longest = max((width(each.rule.name) for each in verdicts), default=0)
    for each in verdicts:
        name = safe(each.rule.name) + " " * (longest - width(each.rule.name))
        if each.matches:
            yield f"{look.palette.heading('+ ' + name)}  {_did(each)}"
        else:
            why = "an earlier rule ended it" if each.passed else f"no: {each.failed}"
            yield look.palette.dim(f"- {name}  {fit(safe(why), look.prose or _UNBROKEN)}")


def _did(verdict: Verdict) -> str:
    did = [f"{name} {_value(value)}" for name, value in verdict.did.items()]
    kept = [f"{name} stays, said by {by}" for name, by in verdict.kept.items()]
    return safe("; ".join([*did, *kept]) or "nothing")


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """What a rule said as JSON has it; see docs/json.md."""
    return {
        "rule": verdict.rule.name,
        "matches": verdict.matches,
        "failed": verdict.failed or None,
        "passed_over": verdict.passed,
        "did": {name: _plain(value) for name, value in verdict.did.items()},
        "kept": dict(verdict.kept),
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def outcome(values: Mapping[str, Any], look: Look) -> Iterator[str]:
    """The values that a ticket ends up with, those that sorting is about."""
    names = ("priority", "category", "level", "team", "assignee", "tags", "links")
    found = (
        f"{name} {_value(tuple(v) if isinstance(v, list) else v)}"
        for name, v in _some(values, names)
    )
    yield from look.folded(safe("; ".join(found)))


def _some(values: Mapping[str, Any], names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        if name in values:
            yield name, values[name]

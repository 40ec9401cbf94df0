"""Signatures: what stands below a delimiter, what a program added, telephones below a goodbye."""

from __future__ import annotations

from collections.abc import Sequence

from hdcli.mail import phrases

_SIGNATURE = 30
_LAST = 12


def without(lines: Sequence[str]) -> list[str]:
    """The lines without a signature; where they are nothing else, all of them."""
    own = _stripped(lines)
    for at in range(len(own) - 1, max(0, len(own) - _SIGNATURE), -1):
        if own[at] == "-- " or (own[at].rstrip() == "--" and _is_short(own[at + 1 :])):
            own = _stripped(own[:at]) or own
            break
    for at in range(max(0, len(own) - _LAST), len(own)):
        line = own[at][:200].lower()
        added = phrases.SENT_WITH.match(line) and phrases.SENT_BY.search(line)
        if added and _few(own[at + 1 :], 4):
            own = _stripped(own[:at]) or own
            break
    return _without_contact(own)


def _is_card(lines: Sequence[str]) -> bool:
    """Whether lines are short, and one of them has a telephone or the like."""
    contact = any(phrases.CONTACT.search(line[:200].lower()) for line in lines)
    return contact and _is_short(lines)


def _is_short(lines: Sequence[str]) -> bool:
    """Whether lines are no sentences: short, no question, and no postscript."""
    rest = [line.strip().lower() for line in lines if line.strip()]
    return all(
        len(line) <= 100 and not line.endswith("?") and not line.startswith(("ps", "p.s", "p.-s"))
        for line in rest
    )


def _stripped(lines: Sequence[str]) -> list[str]:
    own = list(lines)
    while own and not own[-1].strip():
        own.pop()
    return own


def _few(lines: Sequence[str], most: int) -> bool:
    return sum(1 for line in lines if line.strip()) <= most


def _without_contact(lines: list[str]) -> list[str]:
    """What follows a goodbye and a name goes where it has telephones and the like."""
    for at in range(max(0, len(lines) - _LAST - 2), len(lines)):
        if not phrases.GOODBYE.match(lines[at][:100].lower()):
            continue
        name = next((n for n in range(at + 1, len(lines)) if lines[n].strip()), at)
        if _is_card(lines[name + 1 :]):
            return _stripped(lines[: name + 1])
    return lines

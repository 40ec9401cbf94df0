"""What one person is told of one ticket by one run: what is overtaken, or no longer so, is left
unsaid, and words that belong together go in one mail."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hdcli.model import mailed
from hdcli.model.canned import TO_AGENTS, TO_REQUESTERS
from hdcli.model.fields import OPEN_STATUSES
from hdcli.services.notify.events import Event
from hdcli.services.notify.people import Recipient

_ENDS = frozenset(("solved", "closed", "merged"))
_ANSWERS = frozenset(("reply", "waiting"))
# An event, and what makes it no news when it comes later in the same run.
_OVERTAKEN_BY: Mapping[str, frozenset[str]] = {
    "acknowledged": _ENDS | _ANSWERS,
    "assigned": frozenset(("assigned",)),
    "escalated": _ENDS | {"escalated"},
    "waiting": _ENDS,
    "reopened": _ENDS | {"reopened"},
    "agent-assigned": frozenset(("agent-assigned",)),
    "agent-escalated": frozenset(("agent-assigned", "agent-escalated")),
}
# The same for what may come before it, too, as it says as much.
_SAID_BY: Mapping[str, frozenset[str]] = {
    "assigned": _ENDS | _ANSWERS | {"acknowledged", "escalated", "reopened"},
    "closed": frozenset(("solved",)),
}
# Words that go with others in one mail.
_WITH: Mapping[str, str] = {
    "reply": "waiting",
    "agent-reply": "agent-unhappy",
    "agent-followed": "agent-followed",
}
_WEIGHT = {name: at for at, name in enumerate((*TO_AGENTS, *TO_REQUESTERS))}


@dataclass(frozen=True, slots=True)
class Planned:
    """Somebody who is told of an event; ``words``: events whose words the mail has, too, all in
    their order; ``unsaid``: why there is no mail."""

    event: Event
    to: Recipient
    words: Sequence[Event] = ()
    unsaid: str = ""

    @property
    def name(self) -> str:
        """The event's."""
        return self.event.name

    @property
    def told(self) -> Sequence[Event]:
        """The events that the mail tells of."""
        return self.words or (self.event,)


def weightiest(planned: Iterable[Planned]) -> Iterator[list[Planned]]:
    """What each person is told of each ticket: of one entry the weightiest event."""
    found: dict[tuple[str, str], dict[str, Planned]] = {}
    for each in planned:
        of_one = found.setdefault((each.event.ticket.id, each.to.mail), {})
        other = of_one.get(each.event.key)
        if other is None or _WEIGHT[each.name] < _WEIGHT[other.name]:
            of_one[each.event.key] = each
    return (list(of_one.values()) for of_one in found.values())


def settled(planned: Sequence[Planned], begun: Container[str] = ()) -> list[Planned]:
    """The same for one person and ticket, with what is left unsaid marked so; ``begun`` are the ids
    of the tickets that the same run would have acknowledged."""
    found = _current(planned)
    for at, each in enumerate(found):
        later = {other.name for other in found[at + 1 :] if not other.unsaid}
        beside = {other.name for other in found if not other.unsaid}
        overtaken = later & _OVERTAKEN_BY.get(each.name, frozenset())
        if by := overtaken | beside & _SAID_BY.get(each.name, frozenset()):
            found[at] = replace(each, unsaid=each.unsaid or f"told by '{min(by)}'")
    for inner, outer in _WITH.items():
        _join(found, inner, outer)
    said = [at for at, each in enumerate(found) if not each.unsaid]
    if {found[at].name for at in said} == {"closed"} and planned[0].event.ticket.id in begun:
        for at in said:
            found[at] = replace(found[at], unsaid="nobody was told that it came in")
    return found


def _current(planned: Sequence[Planned]) -> list[Planned]:
    """What is no longer so, marked so; and that it is open again where nobody heard that it was
    not."""
    found = [replace(each, unsaid=_outdated(each.event)) for each in planned]
    ended = False
    for at, each in enumerate(found):
        ended |= each.name in _ENDS and bool(each.unsaid)
        by_hand = each.event.entry is not None and not mailed.sender(each.event.entry)
        if each.name == "reopened" and ended and by_hand:
            found[at] = replace(each, unsaid="nobody was told that it was not open")
    return found


def _outdated(event: Event) -> str:
    """Why an event is no longer so; empty where it is."""
    ticket, entry = event.ticket, event.entry
    is_open = ticket.status in OPEN_STATUSES
    if event.name in ("solved", "closed") and is_open:
        return "it is open again"
    if event.name == "waiting" and is_open and ticket.status != "pending":
        return "it waits no more"
    if event.name == "assigned" and not ticket.text("assignee"):
        return "nobody has it"
    if event.name == "escalated" and entry and ticket.level < entry.set.get("level", 0):
        return "it came back"
    return ""


def _join(found: list[Planned], inner: str, outer: str) -> None:
    """Has the words of some events told in the mail of the last of others."""
    alike = [at for at, each in enumerate(found) if each.name in (inner, outer)]
    alike = [at for at in alike if not found[at].unsaid]
    last = max((at for at in alike if found[at].name == outer), default=None)
    if last is None:
        return
    words = [found[at].event for at in alike]
    for at in alike:
        found[at] = replace(found[at], unsaid=f"told with '{outer}'")
    found[last] = replace(found[last], words=words, unsaid="")

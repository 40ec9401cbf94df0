"""Where a ticket is in the procedure that it follows.

A ticket keeps to the steps that the article had when the procedure was begun: the entry that begins
it names the article's blob in git. Who edits an article never moves the ground under a checklist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hdcli.errors import BadData
from hdcli.model import procedure
from hdcli.model.entry import Entry
from hdcli.model.fold import undone
from hdcli.model.procedure import Progress, Step
from hdcli.model.ticket import Ticket

if TYPE_CHECKING:
    from hdcli.store.desk import Desk

_BLOB = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Following:
    """A procedure as a ticket follows it. ``said`` has the entry that spoke last of each step.

    ``changed`` tells that the article has other steps by now; ``trouble`` why there are none.
    """

    slug: str
    title: str = ""
    steps: tuple[Step, ...] = ()
    checklist: tuple[str, ...] = ()
    said: Mapping[int, Entry] = field(default_factory=dict)
    changed: bool = False
    trouble: str = ""

    @property
    def progress(self) -> Progress:
        """How far the ticket is."""
        return procedure.progress(self.steps, self.checklist)

    def document(self) -> dict[str, Any]:
        """As JSON has it: the steps with what came of them, and the number of the present one."""
        far = self.progress
        steps = []
        for number, step in enumerate(self.steps, 1):
            entry = self.said.get(number)
            remark = {"remark": entry.body} if entry and entry.body else {}
            state = {"outcome": far.outcomes[number]} if number in far.outcomes else {}
            steps.append({"number": number, **procedure.step_document(step), **state, **remark})
        return {
            "procedure": self.slug,
            "title": self.title,
            "at": far.at,
            "stopped": far.stopped,
            "changed": self.changed,
            "steps": steps,
        }


def following(desk: Desk, ticket: Ticket) -> Following | None:
    """The procedure that a ticket follows; None when it follows none."""
    slug = ticket.text("procedure")
    if not slug:
        return None
    found = Following(slug, checklist=_checklist(ticket, slug), said=_said(ticket, slug))
    now = _read(desk, f"{desk.place.head}:kb/{slug}.yaml")
    blob = _blob_of_start(ticket)
    then = now if now and blob in ("", now[0]) else _read(desk, blob)
    article = then or now
    if article is None:
        return replace(found, trouble=f"there is no article {slug} to be read")
    _, title, steps = article
    return replace(found, title=title, steps=steps, changed=now is None or now[2] != steps)


def caught_up(before: Following, ticket: Ticket) -> Following:
    """The same procedure after more was done on the ticket."""
    slug = before.slug
    return replace(before, checklist=_checklist(ticket, slug), said=_said(ticket, slug))


def _read(desk: Desk, name: str) -> tuple[str, str, tuple[Step, ...]] | None:
    """Blob, title and steps of the article that an object's name leads to, if it can be read."""
    from hdcli.store import codec
    from hdcli.store.yamlread import MAX_BYTES

    found = desk.objects.read(name, limit=MAX_BYTES) if name else None
    if found is None or found[1] != "blob":
        return None
    try:
        article = codec.read_article(found[2], name)
    except BadData:
        return None
    return found[0], article.title, article.steps


def _own(ticket: Ticket) -> Iterator[Entry]:
    """The entries that count, the newest first: written here, not taken back."""
    gone = undone(ticket.log)
    for entry in reversed(ticket.log):
        if not (entry.of or entry.undoes or entry.id in gone):
            yield entry


def _blob_of_start(ticket: Ticket) -> str:
    for entry in _own(ticket):
        if "procedure" in entry.set or entry.action == "procedure":
            blob = entry.extra.get("blob")
            return blob if isinstance(blob, str) and _BLOB.fullmatch(blob) else ""
    return ""


def _checklist(ticket: Ticket, slug: str) -> tuple[str, ...]:
    """The items that are this procedure's: of two begun at once, in two clones, one counts."""
    own: set[str] = set()
    others: set[str] = set()
    for entry in ticket.log:
        mine = entry.extra.get("procedure", slug) == slug
        (own if mine else others).update(entry.add.get("checklist", ()))
    return tuple(each for each in ticket.items("checklist") if each in own or each not in others)


def _said(ticket: Ticket, slug: str) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    for entry in _own(ticket):
        if entry.action == "procedure":
            break
        if entry.action == "step" and entry.extra.get("procedure", slug) == slug:
            for number in procedure.said([procedure.item_of(entry)]):
                found.setdefault(number, entry)
    return found

"""What a ticket's log says of articles: which helped, which did not, and what came after."""

from __future__ import annotations

from typing import NamedTuple

from hdcli.model.fields import OPEN_STATUSES
from hdcli.model.fold import undone
from hdcli.model.ticket import Ticket


class Verdict(NamedTuple):
    """An article that was tried on a ticket. Times are UTC, as stored.

    ``reopened`` is when the ticket last was opened again after the article had helped, or empty.
    """

    slug: str
    helped: bool
    at: str
    reopened: str = ""


def verdicts(ticket: Ticket) -> list[Verdict]:
    """The articles on a ticket, by slug, each with its present verdict.

    A ticket that was merged into another has none: the other has them.
    """
    helped, unhelpful = ticket.items("articles"), ticket.items("unhelpful")
    if (not helped and not unhelpful) or ticket.text("merged_into"):
        return []
    said: dict[tuple[str, bool], str] = {}
    reopened: dict[str, str] = {}
    was_done, gone = False, undone(ticket.log)
    for entry in ticket.log:
        if entry.of or entry.undoes or entry.id in gone:
            continue  # what was taken back says nothing
        status = entry.set.get("status")
        if was_done and status in OPEN_STATUSES:
            reopened.update((slug, entry.at) for slug, good in said if good)
        was_done = was_done if status is None else status not in OPEN_STATUSES
        for name, good in (("articles", True), ("unhelpful", False)):
            said.update(((slug, good), entry.at) for slug in entry.add.get(name, ()))
            for slug in entry.remove.get(name, ()):
                said.pop((slug, good), None)
    found = {}
    for slugs, good in ((unhelpful, False), (helped, True)):
        for slug in slugs:  # edited by hand: as old as the ticket's last entry
            at = said.get((slug, good), ticket.text("updated"))
            found[slug] = Verdict(slug, good, at, reopened.get(slug, "") if good else "")
    return sorted(found.values())

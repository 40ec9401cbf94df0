"""Tickets and each other: links, and duplicates merged into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hdcli.errors import Refused
from hdcli.model import fields
from hdcli.model.entry import Entry
from hdcli.model.person import address
from hdcli.model.redaction import is_redacted
from hdcli.model.ticket import Ticket
from hdcli.model.verdict import verdicts
from hdcli.services.actions import Draft, body_of, settled
from hdcli.services.session import Done, Session
from hdcli.store.transaction import Transaction

# A parent of its own parent would be nonsense; everything relates to each other.
_ONE_WAY = tuple(name for name in fields.RELATIONS if name != "relates-to")


def link(
    session: Session, sources: Sequence[str], relation: str, target: str, *, remove: bool = False
) -> tuple[list[Done], str]:
    """Links from tickets to another, or their end; a commit each, all of them or none.

    Gives the id of the other too: another one when that was merged into it. Raises Refused for a
    link to itself, a circle, or the end of a link that is not there.
    """

    def plan(transaction: Transaction) -> tuple[list[Done], str]:
        other = session.current(transaction, target)

        def draft_for(ticket: Ticket) -> Draft:
            item = {"links": [f"{relation} {other.id}"]}
            if remove:
                _require_link(ticket, item["links"][0])
                return Draft("link", remove=item)
            _require_no_circle(session, transaction, ticket, relation, other)
            back = f"{relation} {ticket.id}" in other.items("links")
            return Draft("link") if back and relation not in _ONE_WAY else Draft("link", add=item)

        return session.act_in(transaction, sources, draft_for), other.id

    return session.write(plan)


def _require_link(ticket: Ticket, item: str) -> None:
    links = ticket.items("links")
    if item not in links:
        there = ", ".join(links) or "none"
        raise Refused(f"{ticket.id} has no link '{item}'", f"its links: {there}")


def _require_no_circle(
    session: Session, transaction: Transaction, ticket: Ticket, relation: str, other: Ticket
) -> None:
    if ticket.id == other.id:
        raise Refused(f"{ticket.id} can't be linked to itself")
    if relation not in _ONE_WAY:
        return
    seen, ahead = {other.id}, [other]
    while ahead:
        for found in _linked(ahead.pop(), relation):
            if found == ticket.id:
                raise Refused(
                    f"{other.id} is already {relation} {ticket.id}: the links would go in a circle",
                    f"hd link {other.id} {relation} {ticket.id} --remove ends the first",
                )
            further = None if found in seen else transaction.ticket(found)
            seen.add(found)
            ahead += [further] if further else []


def _linked(ticket: Ticket, relation: str) -> list[str]:
    pairs = (item.split(" ", 1) for item in ticket.items("links"))
    return [pair[1] for pair in pairs if len(pair) == 2 and pair[0] == relation]


def merge(session: Session, sources: Sequence[str], target: str, body: str = "") -> list[Done]:
    """Duplicates into one ticket: their requesters, watchers, tags, files, links, articles and
    story follow.

    They are closed, and their ids lead to it. A commit for each, which changes both files. One that
    was merged into it before is left as it is. Raises Refused.
    """
    text = body_of(body)

    def plan(transaction: Transaction) -> list[Done]:
        into = session.current(transaction, target)
        done = []
        for source_id in dict.fromkeys(sources):
            source = session.ticket(transaction, source_id)
            if source.id == into.id:
                raise Refused(f"{source.id} can't be merged into itself")
            if session.current(transaction, source.id).id == into.id:
                done.append(Done(source, source_id, changed=False))
                continue
            if other := source.text("merged_into"):
                raise Refused(f"{source.id} was merged into {other}", f"name {other} instead")
            after = _merge_one(session, transaction, source, into, text)
            into = session.ticket(transaction, into.id)
            done.append(Done(after, source_id, changed=True))
        return done

    return session.write(plan)


def _merge_one(
    session: Session, transaction: Transaction, source: Ticket, into: Ticket, body: str
) -> Ticket:
    told = sorted((*into.log, *story(source, into)), key=lambda each: each.order)
    after = Ticket(into.id, into.values, tuple(told))
    after = after.with_entry(session.entry(after, gain(source, into)))
    draft = settled(source, Draft("merge", {"merged_into": into.id}, body=body))
    return session.record(transaction, source, draft, others=[after])


def story(source: Ticket, into: Ticket) -> list[Entry]:
    """What people said on a ticket, and how it began, as entries of another's log."""
    known = {entry.id for entry in into.log}
    opening = next((entry for entry in source.log if not entry.of), None)
    story = []
    for entry in source.log:
        told = {"title": source.title} if entry is opening else dict(entry.set) if entry.of else {}
        if entry.id not in known and (entry.body or told):
            of = entry.of or source.id
            mark = {"redacted": True} if is_redacted(entry) else {}
            own = (entry.id, entry.at, entry.by, entry.action, told)
            story.append(Entry(*own, body=entry.body, of=of, extra=mark))
    return story


def gain(source: Ticket, into: Ticket) -> Draft:
    """What the other ticket gets: people once each, whatever way their name was written."""
    known = {address(each) for each in (into.text("requester"), *into.items("cc")) if each}
    people = {address(p): p for p in (source.text("requester"), *source.items("cc")) if p}
    newcomers = [person for key, person in people.items() if key not in known]
    first = newcomers.pop(0) if newcomers and not into.text("requester") else None
    ends = (source.id, into.id)
    gains = {
        "cc": newcomers,
        "watchers": source.items("watchers"),
        "tags": source.items("tags"),
        "attachments": source.items("attachments"),
        "links": [each for each in source.items("links") if each.rpartition(" ")[2] not in ends],
        **_votes(source, into),
    }
    fresh = {n: [i for i in items if i not in into.items(n)] for n, items in gains.items()}
    add = {name: items for name, items in fresh.items() if items}
    set_ = {"requester": first} if first else {}
    return Draft("merge", set_, add, _outvoted(add, into), merged=source.id)


def _votes(source: Ticket, into: Ticket) -> dict[str, list[str]]:
    """The articles that helped with the other ticket or did not; of two words the last counts."""
    known = {each.slug: each for each in verdicts(into)}
    votes: dict[str, list[str]] = {"articles": [], "unhelpful": []}
    for each in verdicts(source):
        if each.slug not in known or each.at > known[each.slug].at:
            votes["articles" if each.helped else "unhelpful"].append(each.slug)
    return votes


def _outvoted(add: Mapping[str, Sequence[str]], into: Ticket) -> dict[str, list[str]]:
    """What the ticket said of these articles so far."""
    ends = (("articles", "unhelpful"), ("unhelpful", "articles"))
    gone = {old: [i for i in into.items(old) if i in add.get(new, ())] for old, new in ends}
    return {name: items for name, items in gone.items() if items}

"""``hd fsck --repair``: mends what can be mended without guessing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from hdcli.model.finding import Finding, Repair
from hdcli.model.message import commit_message
from hdcli.services.session import Session
from hdcli.store import leftovers, levels, mirror
from hdcli.store.desk import Desk
from hdcli.store.transaction import Transaction

Acting = Callable[[], Session]


def repair(desk: Desk, findings: Sequence[Finding], acting: Acting) -> list[str]:
    """Mends what the findings name; says what it did, a line each.

    ``acting`` gives the session of the acting agent, who is needed for commits alone. Raises what
    keeps it from going on: Conflict, Busy, NoIdentity.
    """
    done: list[str] = []
    by_repair: dict[Repair, list[str]] = {}
    for each in findings:
        by_repair.setdefault(each.repair, []).append(each.ticket)
    if by_repair.get("scratch"):
        done += _scratch(desk)
    if any(by_repair.get(kind) for kind in ("absorb", "refold", "mode")):
        done += _commits(acting(), by_repair)
    if tickets := _each(by_repair.get("levels", ())):
        levels.mend(desk, tickets)
        done += [f"{each}: its level branch is where it belongs" for each in tickets]
    if by_repair.get("cache"):
        desk.close()
        mirror.drop(desk.place.repository.local)
        done.append("the cache is built anew")
    return done


def _each(ticket_ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each for each in ticket_ids if each))


def _scratch(desk: Desk) -> list[str]:
    places = leftovers.scratch(desk.place.repository)
    for place in places:
        leftovers.remove(place)
    return [f"{place.name} is removed" for place in places]


def _commits(session: Session, by_repair: Mapping[Repair, Sequence[str]]) -> list[str]:
    def plan(transaction: Transaction) -> list[str]:
        done = []
        for ticket_id in _each(by_repair.get("absorb", ())):
            session.ticket(transaction, ticket_id)
            done.append(f"{ticket_id}: what was edited by hand is in its log")
        for ticket_id in _each(by_repair.get("refold", ())):
            _rewrite(session, transaction, ticket_id, "values as the log has them")
            done.append(f"{ticket_id}: its values are what its log says")
        for ticket_id in _each(by_repair.get("mode", ())):
            _rewrite(session, transaction, ticket_id, "a plain file again")
            done.append(f"{ticket_id}: its file is a plain one")
        return done

    return session.write(plan)


def _rewrite(session: Session, transaction: Transaction, ticket_id: str, what: str) -> None:
    ticket = session.ticket(transaction, ticket_id)
    message = commit_message(
        f"{ticket_id}: repair: {what}", "", [("Ticket", ticket_id), ("Action", "repair")]
    )
    author = session.who.signed(session.now)
    transaction.commit(message, author, [ticket.with_log(ticket.log)])

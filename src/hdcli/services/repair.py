"""``hd fsck --repair``: mends what can be mended without guessing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from hdcli.errors import HdError
from hdcli.model.article import Article
from hdcli.model.finding import Finding, Repair
from hdcli.model.message import commit_message
from hdcli.model.record import Record
from hdcli.model.ticket import Ticket
from hdcli.services import carrying, damage
from hdcli.services.doctor.checkup import Cure, Patient
from hdcli.services.fsck import Opening, Report
from hdcli.services.session import Session
from hdcli.store import leftovers, levels, mirror
from hdcli.store.desk import Desk
from hdcli.store.transaction import Transaction

Acting = Callable[[], Session]
# What is mended first: upon it rests whether a desk can be opened.
_OF_GIT = ("clone", "objects")


def repaired(
    look: Callable[[], Report], patient: Patient, opening: Opening, acting: Acting
) -> tuple[Report, Cure]:
    """Checks by ``look`` and mends until nothing is left that was not tried: one repair may bring
    another to light. What is still found, and what was done.

    ``acting`` gives the session of the acting agent, who is needed for commits alone. Raises what
    keeps it from going on: Conflict, Busy, NoIdentity.
    """
    report, cure, tried = look(), Cure(), {""}
    while found := [each for each in report.findings if each.repair not in tried]:
        if of_git := [each for each in found if each.repair in _OF_GIT]:
            found = of_git
            cure.add(damage.mend(patient, found))
            with suppress(HdError):
                opening().close()  # its git may have stopped at what was damaged
        else:
            cure.done += _mended(opening(), found, acting)
        tried |= {each.repair for each in found}
        report = look()
    return report, cure


def _mended(desk: Desk, findings: Sequence[Finding], acting: Acting) -> list[str]:
    done: list[str] = []
    by_repair: dict[Repair, list[Finding]] = {}
    for each in findings:
        by_repair.setdefault(each.repair, []).append(each)
    if by_repair.get("scratch"):
        done += _scratch(desk)
    if any(by_repair.get(kind) for kind in ("absorb", "refold", "mode", "carry")):
        done += _commits(acting(), by_repair)
    if tickets := list(dict.fromkeys(f.ticket for f in by_repair.get("levels", ()) if f.ticket)):
        levels.mend(desk, tickets)
        done += [f"{each}: its level branch is where it belongs" for each in tickets]
    if by_repair.get("cache"):
        desk.close()
        mirror.drop(desk.place.repository.local)
        done.append("the cache is built anew")
    return done


def _each(findings: Iterable[Finding]) -> list[tuple[type[Record], str]]:
    """The tickets and articles that findings are about."""
    named = ((Ticket, each.ticket) if each.ticket else (Article, each.article) for each in findings)
    return list(dict.fromkeys((kind, key) for kind, key in named if key))


def _scratch(desk: Desk) -> list[str]:
    places = leftovers.scratch(desk.place.repository)
    for place in places:
        leftovers.remove(place)
    return [f"{place.name} is removed" for place in places]


def _commits(session: Session, by_repair: Mapping[Repair, Sequence[Finding]]) -> list[str]:
    def plan(transaction: Transaction) -> list[str]:
        done = []
        for kind, key in _each(by_repair.get("absorb", ())):
            _logged(session, transaction, kind, key)
            done.append(f"{key}: what was edited by hand is in its log")
        for kind, key in _each(by_repair.get("refold", ())):
            _rewrite(session, transaction, kind, key, "values as the log has them")
            done.append(f"{key}: its values are what its log says")
        for kind, key in _each(by_repair.get("mode", ())):
            _rewrite(session, transaction, kind, key, "a plain file again")
            done.append(f"{key}: its file is a plain one")
        for _, key in _each(by_repair.get("carry", ())):
            if into := _carry(session, transaction, key):
                done.append(f"{key}: what was written on it is on {into}, too")
        return done

    return session.write(plan)


def _carry(session: Session, transaction: Transaction, key: str) -> str:
    """What was written on a merged ticket, to where it leads; that one's id."""
    ticket = session.ticket(transaction, key)
    into = carrying.behind(ticket, transaction.ticket)
    if into is None:
        return ""
    into = session.ticket(transaction, into.id)
    after = carrying.carried(session, ticket, into)
    trailers = [("Ticket", into.id), ("Action", "repair")]
    subject = f"{into.id}: repair: what was written on {key}, which was merged into it"
    author = session.who.signed(session.now)
    transaction.commit(commit_message(subject, "", trailers), author, [after])
    return into.id


def _logged(
    session: Session, transaction: Transaction, kind: type[Record], key: str
) -> Ticket | Article:
    if kind is Ticket:
        return session.ticket(transaction, key)
    return session.article(transaction, key)


def _rewrite(
    session: Session, transaction: Transaction, kind: type[Record], key: str, what: str
) -> None:
    record = _logged(session, transaction, kind, key)
    head = key if kind is Ticket else f"kb {key}"
    trailers = [(record.kind.name.capitalize(), key), ("Action", "repair")]
    message = commit_message(f"{head}: repair: {what}", "", trailers)
    author = session.who.signed(session.now)
    transaction.commit(message, author, [record.with_log(record.log)])

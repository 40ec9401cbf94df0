"""Following a procedure: what came of its steps, and the escalation that a failed one names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hdcli.errors import BadUsage, HdError, Refused
from hdcli.model import procedure
from hdcli.model.procedure import Outcome
from hdcli.model.ticket import Ticket
from hdcli.services import actions
from hdcli.services.actions import Draft
from hdcli.services.following import Following, caught_up, following
from hdcli.services.procedures import follows_none, opened, require_open
from hdcli.services.session import Done, Session
from hdcli.store.transaction import Transaction

if TYPE_CHECKING:
    from hdcli.model.settings import Settings
    from hdcli.store.desk import Desk


@dataclass(frozen=True, slots=True)
class Stepped:
    """A ticket after a step: which one, and where its procedure is now.

    ``level`` is the one that it was escalated to, 0 when it was not; ``offered`` whether it can be
    escalated as the step where it is says, which failed.
    """

    done: Done
    number: int
    following: Following
    level: int = 0
    offered: bool = False


def step(
    session: Session,
    ticket_ids: Sequence[str],
    number: int | None,
    outcome: Outcome,
    body: str = "",
    escalate: Collection[str] = (),
) -> list[Stepped]:
    """Says what came of a step (None: the one where each ticket is), all or none.

    Those of ``escalate`` go to whom the failed step names, with the checklist as the reason.
    Raises Refused, BadUsage.
    """

    def plan(transaction: Transaction) -> list[Stepped]:
        found: dict[str, Stepped] = {}
        for asked in ticket_ids:
            ticket = session.current(transaction, asked)
            if ticket.id not in found:
                each = _step(session, transaction, ticket, number, outcome, body)
                if asked in escalate:
                    each = _escalate(session, transaction, each)
                found[ticket.id] = replace(each, done=replace(each.done, asked=asked))
        return list(found.values())

    return session.write(plan)


def _step(
    session: Session,
    transaction: Transaction,
    ticket: Ticket,
    number: int | None,
    outcome: Outcome,
    body: str,
) -> Stepped:
    now, which = _place(session.desk, ticket, number)
    draft = _step_draft(ticket, now, which, outcome, actions.body_of(body))
    done = session.act_in(transaction, [ticket.id], lambda _: draft)[0]
    after = caught_up(now, done.ticket)
    far = after.progress
    offered = far.stopped and _offered(session.settings, done.ticket, after, far.at) is not None
    return Stepped(done, which, after, offered=offered)


def _place(desk: Desk, ticket: Ticket, number: int | None) -> tuple[Following, int]:
    """The procedure that a ticket follows and the step that is meant. Raises Refused, BadUsage."""
    require_open(ticket)
    found = following(desk, ticket)
    if found is None:
        raise follows_none(ticket)
    if found.trouble:
        raise Refused(found.trouble, f"hd procedure stop {ticket.id} ends it")
    if number is not None and not 1 <= number <= len(found.steps):
        raise BadUsage(f"{found.slug} has no step {number}", f"it has {len(found.steps)}")
    which = found.progress.at if number is None else number
    if not which:
        raise Refused(
            f"{ticket.id} is through all steps of {found.slug}",
            f"hd resolve {ticket.id} --article {found.slug}, or name the step",
        )
    return found, which


def _step_draft(ticket: Ticket, now: Following, number: int, outcome: Outcome, body: str) -> Draft:
    change = procedure.mark(now.steps, now.checklist, number, outcome)
    item = change.add[0]
    again = item in now.checklist
    if again and not change.remove and not body:
        return Draft("step")
    extra = {"procedure": now.slug, **({"step": item} if again else {})}
    add, remove = {"checklist": list(change.add)}, {"checklist": list(change.remove)}
    return Draft("step", opened(ticket), add, remove, body, extra=extra)


def _escalate(session: Session, transaction: Transaction, after: Stepped) -> Stepped:
    now, ticket = after.following, after.done.ticket
    draft = _escalation(session.settings, ticket, now, after.number)
    done = session.act_in(transaction, [ticket.id], lambda _: draft)[0]
    return replace(after, done=replace(done, changed=True), level=done.ticket.level)


def _escalation(settings: Settings, ticket: Ticket, now: Following, number: int) -> Draft:
    """To whom a step names when it failed; where the desk has no such team, to the next level."""
    whom = now.steps[number - 1].escalate
    if not whom:
        raise Refused(
            f"step {number} of {now.slug} names nobody to escalate to",
            f"hd escalate {ticket.id} -m REASON",
        )
    reason = reason_for(now, number)
    if isinstance(whom, int):
        level = whom if whom <= settings.last_level else None
        return actions.escalate(settings, ticket, reason, to=level)
    team = whom if whom in settings.teams else None
    return actions.escalate(settings, ticket, reason, team=team)


def reason_for(now: Following, number: int) -> str:
    """Why a ticket is escalated: the step that failed, and the checklist so far."""
    remark = now.said[number].body if number in now.said else ""
    failed = f"Step {number} of {now.slug} failed: {now.steps[number - 1].do}"
    return "\n\n".join(part for part in (failed, remark, "\n".join(_so_far(now))) if part)


def _so_far(now: Following) -> Iterator[str]:
    for number, outcome in now.progress.outcomes.items():
        yield f"{procedure.MARKS[outcome]} {number} {now.steps[number - 1].do}"
        body = now.said[number].body if number in now.said else ""
        yield from (f"      {line}".rstrip() for line in body.splitlines())


@dataclass(frozen=True, slots=True)
class Offer:
    """An escalation that a step names, should it fail: of which ticket, and where to."""

    asked: str
    ticket_id: str
    number: int
    level: int
    team: str


def offers(session: Session, ticket_ids: Sequence[str], number: int | None) -> list[Offer]:
    """What failing the step would offer on each ticket, as far as it can be done.

    Raises what ``step`` would refuse; writes nothing and takes no lock.
    """

    def plan(transaction: Transaction) -> list[Offer]:
        found = (_offer(session, transaction, asked, number) for asked in ticket_ids)
        return [each for each in found if each]

    return session.desk.rehearse(plan, session.who.committing(session.now))


def _offer(
    session: Session, transaction: Transaction, asked: str, number: int | None
) -> Offer | None:
    ticket = session.current(transaction, asked)
    now, which = _place(session.desk, ticket, number)
    draft = _offered(session.settings, ticket, now, which)
    if draft is None:
        return None
    return Offer(asked, ticket.id, which, draft.set["level"], str(draft.set["team"] or ""))


def _offered(settings: Settings, ticket: Ticket, now: Following, number: int) -> Draft | None:
    """The escalation that a step names; None where it names none, or none that can be done."""
    try:
        return _escalation(settings, ticket, now, number)
    except HdError:
        return None

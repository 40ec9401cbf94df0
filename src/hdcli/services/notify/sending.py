"""A run of the sender: what happened since the last one is planned, what is due is sent.

At most once, and this is why. What is planned is named by ticket, entry and recipient, and is taken
into the outbox in one step with the cursor. ``sending`` is on the disk before the first byte that
could deliver a mail; what a kill leaves so is ``unknown`` afterwards, and only a person sends it
again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial

from hdcli.errors import Refused, RemoteFailed
from hdcli.services.notify import hooks
from hdcli.services.notify.catchup import Span, planned
from hdcli.services.notify.delivery import Delivery
from hdcli.services.notify.digest import digests
from hdcli.services.notify.hooks import WEBHOOK
from hdcli.services.notify.letters import own_address
from hdcli.services.notify.planning import MAIL
from hdcli.services.notify.report import Report
from hdcli.services.notify.smtp import Line, server
from hdcli.services.session import utc
from hdcli.store import outbox as store
from hdcli.store import sender
from hdcli.store.desk import Desk
from hdcli.store.outbox import Notice, Outbox

_FIRST_WAIT = 300
_LONGEST_WAIT = 6 * 3600
GIVE_UP = 4 * 86_400


def require_sender(desk: Desk) -> None:
    """Raises Refused in a clone that is not the one which sends."""
    wanted, own = desk.settings.mail.sender, sender.sender_of(desk.place.repository)
    if not wanted:
        remedy = "hd config mail.sender=NAME, and git config hd.sender NAME in the clone that sends"
        raise Refused("no clone is named that sends the desk's mail", remedy)
    if own != wanted:
        said = f"it is '{own}'" if own else "it has no name"
        remedy = f"git config hd.sender {wanted} makes it so, if no other is"
        raise Refused(f"'{wanted}' sends the desk's mail, not this clone: {said}", remedy)


def run(desk: Desk, now: int, clock: Callable[[], int], since: int | None = None) -> Report:
    """Plans what happened and sends what is due. ``clock`` tells the time of each step, ``since``
    goes back to an instant.

    Raises Refused, Busy. Where the mail server fails the report says so, and all of it waits.
    """
    local = desk.place.repository.local
    with store.at_work(local):
        desk.renew()  # another clone may be named by now
        require_sender(desk)
        if not desk.settings.webhooks:
            own_address(desk.settings)
        with closing(Outbox(local)) as outbox:
            report = Report(unknown=outbox.recover(now))
            plan(desk, outbox, now, report, since)
            outbox.forget(now)
            _post(desk, outbox, clock, report)
            _send(desk, outbox, clock, report)
            report.waiting = len(outbox.of_states(("queued",)))
    return report


def rehearse(desk: Desk, now: int, since: int | None = None) -> Report:
    """What a run would send now; writes nothing."""
    require_sender(desk)
    local = desk.place.repository.local
    report = Report()
    if not store.exists(local):
        report.began = since is None
        if since is not None:
            found = list(Span(desk, "", since, utc(since)).notices(now, None, report))
            report.planned = [each for each in found if each.state != "dropped"]
        return report
    with closing(Outbox(local)) as outbox:
        by_key = {each.key: each for each in planned(desk, outbox, now, report, since)[0]}
        known = outbox.knows(list(by_key))
        fresh = (each for key, each in by_key.items() if key not in known)
        report.planned = [each for each in fresh if each.state != "dropped"]
        report.later = [*outbox.due(MAIL, now, -1), *outbox.due(WEBHOOK, now, -1)]
    return report


def plan(desk: Desk, outbox: Outbox, now: int, report: Report, since: int | None = None) -> None:
    """Takes into the outbox what happened since its cursor, and moves that."""
    found, notes = planned(desk, outbox, now, report, since)
    report.planned = outbox.plan(found, notes, now)
    report.failed += [each for each in report.planned if each.state == "failed"]


def queue_digests(desk: Desk, teams: Sequence[str], now: int) -> list[Notice]:
    """Queues the day's digests of some teams (none: of all), once a day; gives what was new.

    Raises Refused, Busy, NotOnDesk.
    """
    require_sender(desk)
    found = list(digests(desk, teams, now))
    local = desk.place.repository.local
    with store.at_work(local), closing(Outbox(local)) as outbox:
        return outbox.plan(found, {}, now)


def _send(desk: Desk, outbox: Outbox, clock: Callable[[], int], report: Report) -> None:
    due = outbox.due(MAIL, clock())
    if not due:
        return
    author = own_address(desk.settings)
    repository = desk.place.repository
    line = Line(server(sender.server_of(repository)), repository, author.rpartition("@")[2])
    with closing(line):
        while due:
            for notice in due:
                deliver = partial(line.deliver, author, notice.recipient, notice.content)
                try:
                    _send_one(deliver, outbox, notice, clock, report)
                except RemoteFailed as error:
                    report.troubled = error
                    return
            due = outbox.due(MAIL, clock())


def _post(desk: Desk, outbox: Outbox, clock: Callable[[], int], report: Report) -> None:
    """Tells the webhooks; one that takes nothing now, or does not answer, is asked again in a later
    run, and not before it said so."""
    held: set[str] = set()
    for notice in outbox.due(WEBHOOK, clock(), -1):
        if notice.recipient in held:
            continue
        deliver = partial(hooks.deliver, desk, notice, clock())
        done = _send_one(deliver, outbox, notice, clock, report)
        if done.fate in ("later", "unknown"):
            held.add(notice.recipient)
        if done.fate == "later" and done.wait:
            outbox.hold(WEBHOOK, notice.recipient, clock() + done.wait)


def _send_one(
    deliver: Callable[[Callable[[], object]], Delivery],
    outbox: Outbox,
    notice: Notice,
    clock: Callable[[], int],
    report: Report,
) -> Delivery:
    def about_to() -> None:
        outbox.move(notice.key, "sending", clock())

    done = deliver(about_to)
    now = clock()
    after = notice._replace(said=done.said, at=now, tries=notice.tries + 1)
    if done.fate == "sent":
        outbox.move(notice.key, "sent", now, said=done.said, tries=1)
        report.sent.append(after._replace(state="sent", content=b""))
    elif done.fate == "unknown":
        outbox.move(notice.key, "unknown", now, said=done.said, tries=1)
        report.unknown.append(after._replace(state="unknown"))
    elif done.fate == "failed" or now - notice.made > GIVE_UP:
        outbox.move(notice.key, "failed", now, said=done.said, tries=1)
        report.failed.append(after._replace(state="failed"))
    else:
        wait = done.wait or min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(notice.tries, 10))
        outbox.move(notice.key, "queued", now, said=done.said, due=now + wait, tries=1)
        report.later.append(after._replace(state="queued", due=now + wait))
    return done

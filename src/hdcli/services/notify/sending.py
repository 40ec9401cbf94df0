"""A run of the sender: what happened since the last one is planned, what is due is sent.

At most once, and this is why. What is planned is named by ticket, entry and recipient, and is taken
into the outbox in one step with the cursor. ``sending`` is on the disk before the first byte that
could deliver a mail; what a kill leaves so is ``unknown`` afterwards, and only a person sends it
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

from hdcli.errors import Refused, RemoteFailed
from hdcli.model.dates import format_utc
from hdcli.services.notify import hooks
from hdcli.services.notify.digest import digests
from hdcli.services.notify.events import Event, Events
from hdcli.services.notify.hooks import WEBHOOK
from hdcli.services.notify.letters import own_address
from hdcli.services.notify.planning import MAIL, Planner
from hdcli.services.notify.silence import silences
from hdcli.services.notify.smtp import Delivery, Line, server
from hdcli.services.session import utc
from hdcli.store import outbox as store
from hdcli.store import sender, stream
from hdcli.store.ancestry import is_ancestor
from hdcli.store.desk import Desk
from hdcli.store.outbox import Notice, Outbox

_FIRST_WAIT = 300
_LONGEST_WAIT = 6 * 3600
GIVE_UP = 4 * 86_400
CURSOR, BEGIN, PASSED = "cursor", "begin", "passed"
_EARLIER = 3600


@dataclass(slots=True)
class Report:
    """What a run did. ``began``: it was the first one, which tells of nothing that was before it;
    ``troubled`` is why the mail server took nothing (more)."""

    began: bool = False
    planned: list[Notice] = field(default_factory=list)
    sent: list[Notice] = field(default_factory=list)
    later: list[Notice] = field(default_factory=list)
    failed: list[Notice] = field(default_factory=list)
    unknown: list[Notice] = field(default_factory=list)
    waiting: int = 0
    troubled: RemoteFailed | None = None
    wrong: list[str] = field(default_factory=list)
    """What is wrong with webhooks that are told nothing."""

    @property
    def news(self) -> bool:
        """Whether there is anything to tell of it."""
        return bool(self.began or self.sent or self.later or self.failed or self.unknown)

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        lists = {name: getattr(self, name) for name in ("sent", "later", "failed", "unknown")}
        return {
            "began": self.began,
            **{name: [document(each) for each in found] for name, found in lists.items()},
            "waiting": self.waiting,
            "error": str(self.troubled) if self.troubled else None,
            "wrong": self.wrong,
        }


def document(notice: Notice) -> dict[str, Any]:
    """A notice as JSON has it, without its content; see docs/json.md."""
    return {
        "key": notice.key,
        "kind": notice.kind,
        "event": notice.event,
        "ticket": notice.ticket or None,
        "recipient": notice.recipient or None,
        "subject": notice.subject,
        "state": notice.state,
        "tries": notice.tries,
        "at": utc(notice.at) if notice.at else None,
        "due": utc(notice.due) if notice.state == "queued" and notice.due else None,
        "said": notice.said,
    }


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
    require_sender(desk)
    if not desk.settings.webhooks:
        own_address(desk.settings)
    local = desk.place.repository.local
    with store.at_work(local), closing(Outbox(local)) as outbox:
        report = Report(unknown=outbox.recover(now))
        desk.renew()
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
            told = _Told(desk, "", since, utc(since))
            mails = (each for each in told.mails(now) if each.state != "dropped")
            report.planned = [*mails, *told.hooks(now, report)]
        return report
    with closing(Outbox(local)) as outbox:
        found = list(_planned(desk, outbox, now, report, since)[0])
        known = outbox.knows([each.key for each in found])
        fresh = (each for each in found if each.state != "dropped")
        report.planned = [each for each in fresh if each.key not in known]
        report.later = [*outbox.due(MAIL, now, -1), *outbox.due(WEBHOOK, now, -1)]
    return report


def plan(desk: Desk, outbox: Outbox, now: int, report: Report, since: int | None = None) -> None:
    """Takes into the outbox what happened since its cursor, and moves that."""
    found, notes = _planned(desk, outbox, now, report, since)
    report.planned = outbox.plan(found, notes, now)
    report.failed += [each for each in report.planned if each.state == "failed"]


def _planned(
    desk: Desk, outbox: Outbox, now: int, report: Report, since: int | None
) -> tuple[Iterable[Notice], dict[str, str]]:
    head = desk.place.head
    cursor, begin = outbox.note(CURSOR), outbox.note(BEGIN)
    notes = {CURSOR: head, PASSED: utc(now)}
    if since is not None:
        cursor, begin = "", utc(since)
    elif not cursor:
        report.began = True
        return [], {**notes, BEGIN: utc(now)}
    if cursor and not is_ancestor(desk.place.repository, cursor, head):
        # The history was rewritten: what it tells again was told, but for what is new.
        begin = max(begin, _somewhat_before(outbox.note(PASSED)))
        cursor = ""
    told = _Told(desk, cursor, None if cursor else _seconds(begin), begin)
    return chain(told.mails(now, outbox), told.hooks(now, report)), {**notes, BEGIN: begin}


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of the commits since a cursor or an instant: of entries from ``begin`` on."""

    desk: Desk
    cursor: str
    since: int | None
    begin: str

    def _commits(self) -> Iterable[stream.Told]:
        place = self.desk.place
        return stream.between(place.repository, self.cursor, place.head, self.since)

    def mails(self, now: int, outbox: Outbox | None = None) -> Iterator[Notice]:
        """The mails, where the desk has an address to write from."""
        if not self.desk.settings.mail.addresses:
            return
        planner = Planner(self.desk, now)
        events = Events(self.desk).of(self._commits())
        told = planner.told(each for each in events if _is_after(each, self.begin))
        if outbox is not None:
            told += planner.told(silences(self.desk, outbox, self.begin, now))
        yield from planner.notices(told, outbox)

    def hooks(self, now: int, report: Report) -> list[Notice]:
        """What the webhooks are told."""
        if not self.desk.settings.webhooks:
            return []
        found, wrong = hooks.planned(self.desk, self._commits(), self.begin, now)
        report.wrong += wrong
        return found


def _is_after(event: Event, begin: str) -> bool:
    return event.entry is not None and event.entry.at >= begin


def _seconds(stored: str) -> int:
    from hdcli.model.dates import parse_utc

    return int(parse_utc(stored).timestamp())


def _somewhat_before(stored: str) -> str:
    from datetime import timedelta

    from hdcli.model.dates import parse_utc

    return format_utc(parse_utc(stored) - timedelta(seconds=_EARLIER)) if stored else ""


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

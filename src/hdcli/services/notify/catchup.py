"""What happened since the last run of the sender, as what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from hdcli.model.dates import format_utc
from hdcli.services.notify import hooks
from hdcli.services.notify.events import Event, Events
from hdcli.services.notify.planning import Planner
from hdcli.services.notify.report import Report
from hdcli.services.notify.silence import silences
from hdcli.services.notify.telling import Planned
from hdcli.services.session import utc
from hdcli.store import stream
from hdcli.store.ancestry import is_ancestor
from hdcli.store.desk import Desk
from hdcli.store.outbox import Notice, Outbox

CURSOR, BEGIN, PASSED = "cursor", "begin", "passed"
_EARLIER = 3600


def planned(
    desk: Desk, outbox: Outbox, now: int, report: Report, since: int | None
) -> tuple[Iterable[Notice], dict[str, str]]:
    """What is told of what happened since the outbox's cursor, and since an instant, and what the
    outbox has to note when that is taken in: the next cursor. The first time it is nothing."""
    cursor, begin = outbox.note(CURSOR), outbox.note(BEGIN)
    notes = {CURSOR: desk.place.head, PASSED: utc(now)}
    if since is None and not cursor:
        report.began = True
        return [], {**notes, BEGIN: utc(now)}
    spans = [Span(desk, "", since, utc(since))] if since is not None else []
    if cursor:  # what is new first: it is told whatever was asked for besides
        spans.insert(0, _since(desk, outbox, cursor, min(begin, utc(now))))
    found = (span.notices(now, outbox, report) for span in spans)
    return chain.from_iterable(found), {**notes, BEGIN: min(each.begin for each in spans)}


def _since(desk: Desk, outbox: Outbox, cursor: str, begin: str) -> Span:
    """What happened since a cursor."""
    if is_ancestor(desk.place.repository, cursor, desk.place.head):
        return Span(desk, cursor, None, begin)
    # The history was rewritten: what it tells again was told, but for what is new.
    begin = max(begin, _somewhat_before(outbox.note(PASSED)))
    return Span(desk, "", _seconds(begin), begin)


@dataclass(frozen=True, slots=True)
class Span:
    """What is told of the commits since a cursor or an instant: of entries from ``begin`` on."""

    desk: Desk
    cursor: str
    since: int | None
    begin: str

    def _commits(self) -> Iterable[stream.Told]:
        place = self.desk.place
        return stream.between(place.repository, self.cursor, place.head, self.since)

    def notices(self, now: int, outbox: Outbox | None, report: Report) -> Iterator[Notice]:
        """The mails, where the desk has an address to write from, and what the webhooks are told;
        the report says what can't be."""
        settings = self.desk.settings
        if settings.mail.addresses:
            yield from self._mails(now, outbox, report)
        if settings.webhooks:
            found, wrong = hooks.planned(self.desk, self._commits(), self.begin, now)
            report.wrong += wrong
            yield from found

    def _mails(self, now: int, outbox: Outbox | None, report: Report) -> Iterator[Notice]:
        planner = Planner(self.desk, now)
        fresh: list[Event] = []
        old: list[Event] = []
        for event in Events(self.desk).of(self._commits()):
            (fresh if _is_after(event, self.begin) else old).append(event)
        told = planner.told(fresh)
        if outbox is not None:
            told += planner.told(silences(self.desk, outbox, self.begin, now))
        if self.cursor:
            report.wrong += _left_out(planner.told(old))
        yield from planner.notices(told, outbox)


def _left_out(planned: Iterable[Planned]) -> Iterator[str]:
    """Says that there are mails that would tell of what was before this clone began."""
    times = [each.event.entry.at for each in planned if each.event.entry and not each.unsaid]
    if times:
        mails = f"{len(times)} mail{'s' * (len(times) != 1)}"
        remedy = f"hd notify run --since {min(times)[:10]} sends them"
        yield f"{mails} of what was before this clone began came later, and wait for you: {remedy}"


def _is_after(event: Event, begin: str) -> bool:
    return event.entry is not None and event.entry.at >= begin


def _seconds(stored: str) -> int:
    from hdcli.model.dates import parse_utc

    return int(parse_utc(stored).timestamp())


def _somewhat_before(stored: str) -> str:
    from datetime import timedelta

    from hdcli.model.dates import parse_utc

    return format_utc(parse_utc(stored) - timedelta(seconds=_EARLIER)) if stored else ""

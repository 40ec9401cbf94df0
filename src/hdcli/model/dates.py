"""Dates as people write them, and the one form in which they are stored (UTC, to the second).

Days, weeks, months and years are those of the time zone passed in; every result is in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from hdcli.errors import BadUsage

END_OF_WORK = time(17, 0)
"""The local time that a deadline given as a bare day means."""

SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)

_WEEKDAYS = tuple(
    frozenset(names.split())
    for names in (
        "mon monday lun lundi",
        "tue tuesday mar mardi",
        "wed wednesday mer mercredi",
        "thu thursday jeu jeudi",
        "fri friday ven vendredi",
        "sat saturday sam samedi",
        "sun sunday dim dimanche",
    )
)
_NEAR = {
    **{"today": 0, "yesterday": -1, "tomorrow": 1},
    **{"aujourd'hui": 0, "hier": -1, "demain": 1},
}
_RELATIVE = re.compile(r"([+-]?)([0-9]+)(min|mo|h|d|w|y)")
_CALENDAR = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_TIMED = re.compile(
    r"(?P<day>[^ ]+?)(?: +|(?<=[0-9])t)"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r" ?(?P<zone>z|[+-][0-9]{2}:?[0-9]{2})?"
)
_STORED = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2}))?"
)
_SPAN_FORMS = (
    "write for example today, monday, last-week, 2026-11, 2026-11-24, 2026-11-24T14:00 or -7d"
    " (units: min h d w mo y)"
)
_DEADLINE_FORMS = (
    "write for example +3d, 2h, friday, 'tomorrow 9:00', 2026-11-24 or '2026-11-24 14:00'"
    " (units: min h d w mo y)"
)


def parse_span(text: str, now: datetime, tz: tzinfo) -> tuple[datetime, datetime]:
    """The half-open UTC span [start, end) that ``text`` means; ``now`` is aware.

    A day, week (from Monday), month or year lasts as long as it does in ``tz``, a time without
    seconds one minute. ``now``, a time with seconds and a relative value (``-7d``: seven days ago
    at this time of day) are one second long. A weekday is the last one, or today. Raises BadUsage.
    """
    asked = " ".join(text.split()).casefold()
    try:
        return _span(asked, now, tz)
    except (OverflowError, ValueError):
        raise _unreadable(text, _SPAN_FORMS) from None


def parse_deadline(text: str, now: datetime, tz: tzinfo) -> datetime:
    """The moment, in UTC, by which something is due; ``now`` is aware.

    As parse_span, but a weekday is the next one after today, an unsigned ``3d`` lies in the future,
    and a bare day (or the last day of a longer span) means 17:00 in ``tz``. ``+3d`` keeps the time
    of day. A time in the past is allowed. Raises BadUsage.
    """
    asked = " ".join(text.split()).casefold()
    try:
        return _deadline(asked, now, tz)
    except (OverflowError, ValueError):
        raise _unreadable(text, _DEADLINE_FORMS) from None


def format_utc(moment: datetime) -> str:
    """``2026-11-24T09:12:44Z``, microseconds dropped. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone can't be stored")
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"


def parse_utc(text: str) -> datetime:
    """The aware UTC datetime of a stored date: ISO 8601 with ``Z`` or an offset, seconds optional.

    A date alone is midnight UTC. Raises ValueError for all else.
    """
    # What hd itself writes is recognised by its shape: this runs for every entry of every ticket.
    written = len(text) == 20 and text[10] == "T" and text[19] == "Z" and text[16] == ":"
    if not written and not _STORED.fullmatch(text):
        raise ValueError(f"not a UTC date and time: {text!r}")
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"out of range: {text!r}") from None


def _span(asked: str, now: datetime, tz: tzinfo) -> tuple[datetime, datetime]:
    if asked == "now":
        return _instant(now)
    if relative := _RELATIVE.fullmatch(asked):
        if not relative[1]:
            raise BadUsage(
                f"{asked!r} could be past or future",
                f"write -{asked} for the past or +{asked} for the future",
            )
        return _instant(_shifted(relative, now, tz))
    if timed := _TIMED.fullmatch(asked):
        start = _at_time(timed, _days(timed["day"], now, tz, coming=False), tz)
        return start, start + (SECOND if timed["second"] else timedelta(minutes=1))
    first, after = _days(asked, now, tz, coming=False)
    return _to_utc(first, time(), tz), _to_utc(after, time(), tz)


def _deadline(asked: str, now: datetime, tz: tzinfo) -> datetime:
    if asked == "now":
        return _instant(now)[0]
    if relative := _RELATIVE.fullmatch(asked):
        return _instant(_shifted(relative, now, tz))[0]
    if timed := _TIMED.fullmatch(asked):
        return _at_time(timed, _days(timed["day"], now, tz, coming=True), tz)
    _, after = _days(asked, now, tz, coming=True)
    return _to_utc(after - _DAY, END_OF_WORK, tz)


def _days(asked: str, now: datetime, tz: tzinfo, *, coming: bool) -> tuple[date, date]:
    """The first day meant and the day after the last one; ``coming``: weekdays lie ahead."""
    today = now.astimezone(tz).date()
    if calendar := _CALENDAR.fullmatch(asked):
        return _calendar_days(calendar)
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    match asked:
        case "today" | "yesterday" | "tomorrow" | "aujourd'hui" | "hier" | "demain":
            first = today + _NEAR[asked] * _DAY
            return first, first + _DAY
        case "this-week":
            return monday, monday + 7 * _DAY
        case "last-week":
            return monday - 7 * _DAY, monday
        case "this-month":
            return month, _add_months(month, 1)
        case "last-month":
            return _add_months(month, -1), month
    for number, names in enumerate(_WEEKDAYS):
        if asked in names:
            ahead = (number - today.weekday() - 1) % 7 + 1
            back = (today.weekday() - number) % 7
            first = today + (ahead if coming else -back) * _DAY
            return first, first + _DAY
    raise ValueError(asked)


def _calendar_days(found: re.Match[str]) -> tuple[date, date]:
    year, month, day = found.groups()
    first = date(int(year), int(month or 1), int(day or 1))
    if day:
        return first, first + _DAY
    return first, _add_months(first, 1 if month else 12)


def _at_time(timed: re.Match[str], days: tuple[date, date], tz: tzinfo) -> datetime:
    """The moment of ``timed`` on the one day given. Raises ValueError where it is several days."""
    first, after = days
    if after - first != _DAY:
        raise ValueError(timed[0])
    clock = time(int(timed["hour"]), int(timed["minute"]), int(timed["second"] or 0))
    zone = timed["zone"]
    if zone == "z":
        tz = UTC
    elif zone:
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        tz = timezone(-offset if zone[0] == "-" else offset)
    return _to_utc(first, clock, tz)


def _shifted(relative: re.Match[str], now: datetime, tz: tzinfo) -> datetime:
    sign, digits, unit = relative.groups()
    count = -int(digits) if sign == "-" else int(digits)
    if unit == "min":
        return now + timedelta(minutes=count)
    if unit == "h":
        return now + timedelta(hours=count)
    local = now.astimezone(tz)
    if unit in ("d", "w"):
        day = local.date() + timedelta(days=count * (7 if unit == "w" else 1))
    else:
        day = _add_months(local.date(), count * (12 if unit == "y" else 1))
    # The fold tells the two passes of the hour apart in which summer time ends.
    return _to_utc(day, local.time(), tz)


def _add_months(day: date, count: int) -> date:
    """The same day ``count`` months on, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    for last in range(day.day, 28, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def _to_utc(day: date, clock: time, tz: tzinfo) -> datetime:
    return datetime.combine(day, clock, tz).astimezone(UTC)


def _instant(moment: datetime) -> tuple[datetime, datetime]:
    start = moment.astimezone(UTC).replace(microsecond=0)
    return start, start + SECOND


def _unreadable(text: str, forms: str) -> BadUsage:
    shown = text if len(text) <= 40 else text[:37] + "..."
    return BadUsage(f"can't read the date {shown!r}", forms)

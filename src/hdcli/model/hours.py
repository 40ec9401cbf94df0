"""Working hours: for each day of the week when somebody is there, and the days when nobody is.

A frame is local time from one clock to another, on the same day; 24:00 is its end. In summer time's
lost hour a clock stands for the one an hour later. Without any hours it is always working time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FRAME = re.compile(r"([0-9]{1,2}):([0-5][0-9]) ?- ?([0-9]{1,2}):([0-5][0-9])")
_SPAN = re.compile(r"([a-z]{3})(?: ?- ?([a-z]{3}))?")
_HOLIDAY = re.compile(r"(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2}")
_CLOSED = ("closed", "none", "")
_FAR = 4000

Frame = tuple[int, int]
"""From a minute of the day to another, which is no more in it."""


@dataclass(frozen=True, slots=True)
class Hours:
    """``zone`` is an IANA name; ``frames`` those of each day of the week; ``holidays`` are dates
    (``2026-12-25``) or days of every year (``12-25``)."""

    zone: str = "UTC"
    frames: Mapping[str, tuple[Frame, ...]] = field(default_factory=dict)
    holidays: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether there are any: without them it is always working time."""
        return bool(self.frames)

    def is_open(self, moment: datetime) -> bool:
        """Whether a moment (aware) is in working hours."""
        if not self.frames:
            return True
        local = moment.astimezone(self.tz)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self._of(local.date()))

    def between(self, start: datetime, end: datetime) -> int:
        """The seconds of working time from one moment to another (aware); 0 when it is before."""
        if not self.frames:
            return max(0, int((end - start).total_seconds()))
        day, last = start.astimezone(self.tz).date(), end.astimezone(self.tz).date()
        total = 0.0
        while day <= last:
            for opens, closes in self._moments(day):
                total += max(0.0, (min(closes, end) - max(opens, start)).total_seconds())
            day += timedelta(days=1)
        return int(total)

    def after(self, start: datetime, seconds: int) -> datetime:
        """The moment (UTC) when so much working time has passed since another; time that is used
        up at closing ends there. Far beyond the calendar's days it ends anyway."""
        if not self.frames:
            return start.astimezone(UTC) + timedelta(seconds=seconds)
        day, left = start.astimezone(self.tz).date(), float(seconds)
        for _ in range(_FAR):
            for opens, closes in self._moments(day):
                begin = max(opens, start)
                room = (closes - begin).total_seconds()
                if room > 0 and left <= room:
                    return begin + timedelta(seconds=left)
                left -= max(0.0, room)
            day += timedelta(days=1)
        return datetime.combine(day, time(), UTC)

    def before(self, end: datetime, seconds: int) -> datetime:
        """The moment (UTC) from which on so much working time has passed until another; the latest,
        where several are. Far beyond the calendar's days it ends anyway."""
        if not self.frames:
            return end.astimezone(UTC) - timedelta(seconds=seconds)
        day, left = end.astimezone(self.tz).date(), float(seconds)
        for _ in range(_FAR):
            for opens, closes in reversed(list(self._moments(day))):
                last = min(closes, end)
                room = (last - opens).total_seconds()
                if room > 0 and left <= room:
                    return last - timedelta(seconds=left)
                left -= max(0.0, room)
            day -= timedelta(days=1)
        return datetime.combine(day, time(), UTC)

    @property
    def tz(self) -> tzinfo:
        """The time zone; UTC where the system does not know it."""
        return _known(self.zone) or UTC

    @property
    def is_zone_known(self) -> bool:
        """Whether the system knows the time zone."""
        return _known(self.zone) is not None

    def _of(self, day: date) -> tuple[Frame, ...]:
        if {day.isoformat(), day.isoformat()[5:]} & self.holidays:
            return ()
        return self.frames.get(DAYS[day.weekday()], ())

    def _moments(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        midnight, tz = datetime.combine(day, time()), self.tz
        for start, end in self._of(day):
            first, last = (
                (midnight + timedelta(minutes=each)).replace(tzinfo=tz).astimezone(UTC)
                for each in (start, end)
            )
            yield first, last


def _known(zone: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo  # 5 ms

    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return None


def days(text: str) -> tuple[str, ...]:
    """The days of the week that ``mon``, ``mon-fri`` or ``sat-mon`` means; none for what is no
    such thing."""
    found = _SPAN.fullmatch(text.strip().lower())
    if not found or any(each and each not in DAYS for each in found.groups()):
        return ()
    first = DAYS.index(found[1])
    count = (DAYS.index(found[2]) - first) % 7 + 1 if found[2] else 1
    return tuple(DAYS[(first + each) % 7] for each in range(count))


def frames(text: str) -> tuple[Frame, ...]:
    """The frames of a day, as in ``08:30-12:00, 13:30-18:00`` or ``closed``. Raises ValueError."""
    if text.strip().lower() in _CLOSED:
        return ()
    found: list[Frame] = []
    for part in text.split(","):
        clock = _FRAME.fullmatch(part.strip())
        start, end = (int(h) * 60 + int(m) for h, m in _pairs(clock)) if clock else (0, 0)
        if not start < end <= 24 * 60 or (found and start < found[-1][1]):
            raise ValueError(part.strip())
        found.append((start, end))
    return tuple(found)


def _pairs(clock: re.Match[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (clock[1], clock[2]), (clock[3], clock[4])


def is_holiday(text: str) -> bool:
    """Whether this is a date or a day of every year."""
    try:
        date.fromisoformat(text if len(text) > 5 else f"2024-{text}")
    except ValueError:
        return False
    return bool(_HOLIDAY.fullmatch(text))


def written(of_day: tuple[Frame, ...]) -> str:
    """The frames of a day as a person writes them."""
    clocks = (f"{s // 60:02d}:{s % 60:02d}-{e // 60:02d}:{e % 60:02d}" for s, e in of_day)
    return ", ".join(clocks) or "closed"

"""Times as people read them on screen: local and short, in English whatever the locale."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEK = 6
"""Days before and after today that a weekday's name tells apart."""

_UNITS = (
    (timedelta(days=365), "y"),
    (timedelta(weeks=1), "wk"),
    (timedelta(days=1), "d"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
)


def short(dt: datetime, now: datetime, tz: tzinfo | None) -> str:
    """``14:05`` today, ``Mon 14:05`` within six days, ``3 Nov`` this year, else ``2025-11-03``.

    Both times are aware; ``tz`` is the reader's zone, None the system's. Raises ValueError for
    a time without a zone.
    """
    local, today = _local(dt, tz), _local(now, tz)
    days = (local.date() - today.date()).days
    clock = f"{local.hour:02}:{local.minute:02}"
    if days == 0:
        return clock
    if abs(days) <= _WEEK:
        return f"{_DAYS[local.weekday()]} {clock}"
    if local.year == today.year:
        return f"{local.day} {_MONTHS[local.month - 1]}"
    return local.date().isoformat()


def ago(dt: datetime, now: datetime) -> str:
    """How long ago, rounded down: ``3 min``, ``2 h``, ``5 d``, ``3 wk``, ``1 y``; ``in 2 h`` for
    what is to come, ``now`` within a minute. Both times are aware."""
    apart = abs(now - dt)
    for unit, name in _UNITS:
        if apart >= unit:
            return f"{'in ' if dt > now else ''}{apart // unit} {name}"
    return "now"


def full(dt: datetime, tz: tzinfo | None) -> str:
    """``2026-11-24 14:05`` in ``tz``, None the system's zone. Raises ValueError for a time
    without a zone."""
    return _local(dt, tz).replace(tzinfo=None).isoformat(" ", "minutes")


def _local(dt: datetime, tz: tzinfo | None) -> datetime:
    if dt.tzinfo is None:
        raise ValueError(f"the time {dt.isoformat()} has no zone")
    try:
        return dt.astimezone(tz)
    except OverflowError:
        # The first and last day of the calendar have no neighbour to move to.
        return dt

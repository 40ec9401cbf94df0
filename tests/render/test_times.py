"""Times on screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.render.times import ago, full, short

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday, 13:00 in Paris


@pytest.mark.parametrize(
    ("dt", "expected"),
    [
        (datetime(2026, 11, 24, 13, 5, tzinfo=UTC), "14:05"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "00:30"),
        (datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "Wed 00:30"),
        (datetime(2026, 11, 23, 13, 5, tzinfo=UTC), "Mon 14:05"),
        (datetime(2026, 11, 18, 8, 0, tzinfo=UTC), "Wed 09:00"),
        (datetime(2026, 11, 30, 8, 0, tzinfo=UTC), "Mon 09:00"),
        (datetime(2026, 11, 17, 8, 0, tzinfo=UTC), "17 Nov"),
        (datetime(2026, 7, 3, 8, 0, tzinfo=UTC), "3 Jul"),
        (datetime(2025, 11, 3, 8, 0, tzinfo=UTC), "2025-11-03"),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "1 Jan"),
        (datetime.max.replace(tzinfo=UTC), "9999-12-31"),
    ],
)
def test_short(dt: datetime, expected: str) -> None:
    assert short(dt, NOW, PARIS) == expected


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=3, seconds=59), "3 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=5), "5 d"),
        (timedelta(days=21), "3 wk"),
        (timedelta(days=800), "2 y"),
        (timedelta(hours=-2), "in 2 h"),
        (timedelta(seconds=-5), "now"),
    ],
)
def test_ago(apart: timedelta, expected: str) -> None:
    assert ago(NOW - apart, NOW) == expected


def test_full() -> None:
    assert full(datetime(2026, 11, 24, 13, 5, 59, tzinfo=UTC), PARIS) == "2026-11-24 14:05"


def test_the_systems_zone_is_meant_by_none() -> None:
    assert full(NOW, None) == NOW.astimezone().strftime("%Y-%m-%d %H:%M")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        short(datetime(2026, 1, 1), NOW, PARIS)  # noqa: DTZ001


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-23, 23))
def test_every_time_can_be_shown(dt: datetime, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    assert 3 <= len(short(dt, NOW, zone)) <= 10
    assert len(full(dt, zone)) == 16
    assert len(ago(dt, NOW)) <= 10

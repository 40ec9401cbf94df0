from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hdcli.services.demo import office_hours

PARIS = ZoneInfo("Europe/Paris")
NOON = int(datetime(2026, 11, 24, 12, tzinfo=PARIS).timestamp())  # a Tuesday
DAY = 86_400


def local(at: int) -> str:
    return datetime.fromtimestamp(at, PARIS).strftime("%a %d %H:%M")


def test_only_office_hours_pass() -> None:
    clock = office_hours(NOON, PARIS)
    assert local(clock(NOON)) == "Tue 24 12:00"
    assert local(clock(NOON - DAY * 0.7)) == "Mon 23 17:00"
    assert local(clock(NOON - DAY * 2.1)) == "Fri 20 17:00"
    assert local(clock(NOON - 35 * DAY)) == "Tue 20 12:00"


def test_at_night_and_at_the_weekend_the_last_working_hour_is_now() -> None:
    for hours, shown in ((-7, "Mon 23 18:00"), (8, "Tue 24 18:00"), (4 * 24, "Fri 27 18:00")):
        now = NOON + hours * 3600
        assert local(office_hours(now, PARIS)(now)) == shown


@given(
    st.integers(1_600_000_000, 2_000_000_000),
    st.lists(st.floats(0, 40), min_size=1, max_size=20),
    st.sampled_from([PARIS, UTC, ZoneInfo("Asia/Kolkata"), ZoneInfo("America/New_York")]),
)
def test_no_time_overtakes_another_or_comes_after_now(
    now: int, days: list[float], zone: ZoneInfo
) -> None:
    clock = office_hours(now, zone)
    times = [clock(now - back * DAY) for back in sorted(days, reverse=True)]
    assert times == sorted(times)
    assert times[-1] <= now
    for at in times:
        moment = datetime.fromtimestamp(at, zone)
        assert moment.weekday() < 5
        assert timedelta(hours=8) <= moment - moment.replace(hour=0, minute=0, second=0)
        assert moment.hour < 18 or (moment.hour, moment.minute) == (18, 0)

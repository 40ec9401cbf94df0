"""Working hours, across holidays, nights and the days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.hours import DAYS, Hours, days, frames, is_holiday, written

WEEK = {day: frames("08:00-12:00, 13:00-17:00") for day in days("mon-fri")}
HOURS = Hours("Europe/Paris", WEEK, frozenset({"12-25", "2026-11-11"}))
MOMENTS = st.integers(1_767_225_600, 1_830_297_600).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24T08:00:00+01:00", True),
        ("2026-11-24T07:59:59+01:00", False),
        ("2026-11-24T12:30:00+01:00", False),
        ("2026-11-24T17:00:00+01:00", False),
        ("2026-11-22T10:00:00+01:00", False),
        ("2026-11-11T10:00:00+01:00", False),
        ("2026-12-25T10:00:00+01:00", False),
        ("2026-07-01T07:30:00+02:00", False),
        ("2026-07-01T08:00:00+02:00", True),
    ],
)
def test_somebody_is_there_in_local_working_hours(moment: str, is_open: bool) -> None:
    assert HOURS.is_open(at(moment)) == is_open


def test_time_passes_in_working_hours_alone() -> None:
    friday, monday = at("2026-11-20T16:00:00+01:00"), at("2026-11-23T09:30:00+01:00")
    assert HOURS.between(friday, monday) == 2.5 * 3600
    assert HOURS.after(friday, int(2.5 * 3600)) == monday
    assert HOURS.after(friday, 3600) == at("2026-11-20T17:00:00+01:00")


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is() -> None:
    night = Hours("Europe/Paris", {day: frames("00:00-24:00") for day in DAYS})
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)):
        start = datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=night.tz)
        after = (start.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=night.tz)
        assert night.between(start, after) == hours * 3600


@given(MOMENTS, st.integers(0, 200_000))
def test_after_and_between_agree(start: datetime, seconds: int) -> None:
    assert HOURS.between(start, HOURS.after(start, seconds)) == seconds


@given(MOMENTS, MOMENTS, MOMENTS)
def test_spans_add_up(one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three))
    parts = HOURS.between(first, second) + HOURS.between(second, third)
    assert HOURS.between(first, third) == parts


def test_without_hours_it_is_always_working_time() -> None:
    assert Hours().is_open(at("2026-11-22T03:00:00+00:00"))
    assert Hours().between(at("2026-11-22T03:00:00+00:00"), at("2026-11-22T04:00:00+00:00")) == 3600


def test_what_people_write_is_read_or_refused() -> None:
    assert days("sat-mon") == ("sat", "sun", "mon")
    assert days("tue") == ("tue",)
    assert days("funday") == ()
    assert written(frames("8:00 - 12:00,13:00-24:00")) == "08:00-12:00, 13:00-24:00"
    assert frames("closed") == ()
    assert [is_holiday(each) for each in ("02-29", "2026-02-29", "12-25", "x")] == [
        *(True, False, True, False)
    ]
    for wrong in ("17:00-08:00", "08:00", "08:00-12:00, 11:00-13:00", "08:00-24:01"):
        with pytest.raises(ValueError, match=r"\d"):
            frames(wrong)

"""What dates mean, in a zone with summer time (Europe/Paris) unless the test says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.errors import BadUsage
from hdcli.model.dates import format_utc, parse_deadline, parse_span, parse_utc

PARIS = ZoneInfo("Europe/Paris")
# A Tuesday, 10:12:44 in Paris.
NOW = datetime(2026, 11, 24, 9, 12, 44, 567, tzinfo=UTC)


def span(text: str, now: datetime = NOW) -> tuple[str, str]:
    start, end = parse_span(text, now, PARIS)
    assert start.tzinfo is UTC
    assert end.tzinfo is UTC
    return format_utc(start), format_utc(end)


def deadline(text: str, now: datetime = NOW) -> str:
    return format_utc(parse_deadline(text, now, PARIS))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("now", "2026-11-24T09:12:44Z", "2026-11-24T09:12:45Z"),
        ("today", "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"),
        (" Today ", "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"),
        ("yesterday", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z"),
        ("tomorrow", "2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z"),
        ("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
        ("2026-06", "2026-05-31T22:00:00Z", "2026-06-30T22:00:00Z"),
        ("2026-12", "2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"),
        ("2026-11-24", "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"),
        ("2026-11-24T14:00", "2026-11-24T13:00:00Z", "2026-11-24T13:01:00Z"),
        ("2026-11-24 14:00", "2026-11-24T13:00:00Z", "2026-11-24T13:01:00Z"),
        ("2026-11-24T14:00:05", "2026-11-24T13:00:05Z", "2026-11-24T13:00:06Z"),
        ("2026-11-24T14:00Z", "2026-11-24T14:00:00Z", "2026-11-24T14:01:00Z"),
        ("2026-11-24T14:00:05+05:30", "2026-11-24T08:30:05Z", "2026-11-24T08:30:06Z"),
        ("2026-11-24T14:00-01:30", "2026-11-24T15:30:00Z", "2026-11-24T15:31:00Z"),
        ("yesterday 9:30", "2026-11-23T08:30:00Z", "2026-11-23T08:31:00Z"),
        ("-90min", "2026-11-24T07:42:44Z", "2026-11-24T07:42:45Z"),
        ("+2h", "2026-11-24T11:12:44Z", "2026-11-24T11:12:45Z"),
        ("-7d", "2026-11-17T09:12:44Z", "2026-11-17T09:12:45Z"),
        ("-1w", "2026-11-17T09:12:44Z", "2026-11-17T09:12:45Z"),
        ("-1mo", "2026-10-24T08:12:44Z", "2026-10-24T08:12:45Z"),
        ("-1y", "2025-11-24T09:12:44Z", "2025-11-24T09:12:45Z"),
        ("tuesday", "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"),
        ("MON", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z"),
        ("lundi", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z"),
        ("wed", "2026-11-17T23:00:00Z", "2026-11-18T23:00:00Z"),
        ("mer", "2026-11-17T23:00:00Z", "2026-11-18T23:00:00Z"),
        ("this-week", "2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z"),
        ("last-week", "2026-11-15T23:00:00Z", "2026-11-22T23:00:00Z"),
        ("this-month", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
        ("last-month", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
    ],
)
def test_span(text: str, start: str, end: str) -> None:
    assert span(text) == (start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-24T09:12:44Z"),
        ("today", "2026-11-24T16:00:00Z"),
        ("tomorrow", "2026-11-25T16:00:00Z"),
        ("tomorrow 9:00", "2026-11-25T08:00:00Z"),
        ("2026-11-20", "2026-11-20T16:00:00Z"),
        ("2026-07-01", "2026-07-01T15:00:00Z"),
        ("2026-12", "2026-12-31T16:00:00Z"),
        ("this-week", "2026-11-29T16:00:00Z"),
        ("2026-11-30 14:30", "2026-11-30T13:30:00Z"),
        ("2026-11-30T14:30:15Z", "2026-11-30T14:30:15Z"),
        ("friday", "2026-11-27T16:00:00Z"),
        ("vendredi", "2026-11-27T16:00:00Z"),
        ("tuesday", "2026-12-01T16:00:00Z"),
        ("fri 14:30", "2026-11-27T13:30:00Z"),
        ("+3d", "2026-11-27T09:12:44Z"),
        ("3d", "2026-11-27T09:12:44Z"),
        ("2h", "2026-11-24T11:12:44Z"),
        ("-2h", "2026-11-24T07:12:44Z"),
        ("1mo", "2026-12-24T09:12:44Z"),
    ],
)
def test_deadline(text: str, expected: str) -> None:
    assert deadline(text) == expected


def test_days_are_23_and_25_hours_long_when_summer_time_changes() -> None:
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25)):
        start, end = parse_span(day, NOW, PARIS)
        assert end - start == timedelta(hours=hours)


def test_days_keep_the_time_of_day_and_hours_do_not() -> None:
    before = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)  # noon in Paris
    assert deadline("+1d", before) == "2026-03-29T10:00:00Z"
    assert deadline("+24h", before) == "2026-03-29T11:00:00Z"


def test_the_repeated_hour_is_not_left_by_adding_nothing() -> None:
    second_pass = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert deadline("+0d", second_pass) == "2026-10-25T01:30:00Z"


def test_a_day_without_midnight_begins_when_it_begins() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    start, end = parse_span("2018-11-04", NOW, zone)
    assert format_utc(start) == "2018-11-04T03:00:00Z"
    assert end - start == timedelta(hours=23)


def test_the_day_is_that_of_the_zone_not_of_utc() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert span("today", late)[0] == "2026-11-24T23:00:00Z"
    start, _ = parse_span("today", late, timezone(timedelta(hours=-5)))
    assert format_utc(start) == "2026-11-24T05:00:00Z"


def test_months_end_at_their_last_day() -> None:
    assert deadline("1mo", datetime(2026, 1, 31, 9, 0, tzinfo=UTC)) == "2026-02-28T09:00:00Z"
    assert deadline("1y", datetime(2028, 2, 29, 9, 0, tzinfo=UTC)) == "2029-02-28T09:00:00Z"


def test_an_unsigned_value_in_a_query_is_refused_and_both_signs_are_named() -> None:
    with pytest.raises(BadUsage, match="-7d for the past or \\+7d for the future"):
        parse_span("7d", NOW, PARIS)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "soon", "2026-13", "2026-02-30", "2026-11-24T25:00", "2026-11-24T14:60"),
        *("26-11-24", "0000", "9999", "+99999999y", "-99999999999d", "+" + "9" * 5000 + "mo"),
        *("+99999999999999999999h", "2026-11 14:00", "this-week 9:00", "+7", "+7m", "+d"),
        *("2026-11-24T14:00+25:00", "٢٠٢٦", "9999-12-31T23:59:59Z", "0001-01-01"),
    ],
)
def test_what_is_no_date_is_refused_with_examples(text: str) -> None:
    with pytest.raises(BadUsage, match="2026-11-24") as refusal:
        parse_span(text, NOW, PARIS)
    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize("text", ["", "+99999999y", "9" * 5000 + "d", "2026-02-30", "later"])
def test_what_is_no_deadline_is_refused(text: str) -> None:
    with pytest.raises(BadUsage, match="tomorrow 9:00"):
        parse_deadline(text, NOW, PARIS)


@given(st.text() | st.from_regex(r"[+-]?[0-9]{1,30}(min|mo|h|d|w|y)", fullmatch=True))
def test_any_text_gives_a_span_or_a_refusal(text: str) -> None:
    for read in (lambda: parse_span(text, NOW, PARIS), lambda: parse_deadline(text, NOW, PARIS)):
        try:
            read()
        except BadUsage:
            continue


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["Europe/Paris", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"]),
    st.sampled_from(["today", "this-week", "last-month", "mon", "2026", "-1mo", "now", "-3h"]),
)
def test_every_span_has_a_length(moment: datetime, zone: str, text: str) -> None:
    start, end = parse_span(text, moment.replace(tzinfo=UTC), ZoneInfo(zone))
    assert start < end


@given(st.datetimes(timezones=st.timezones()))
def test_stored_dates_come_back(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return
    assert parse_utc(format_utc(moment)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T09:12:44Z", "2026-11-24T09:12:44Z"),
        ("2026-11-24T09:12Z", "2026-11-24T09:12:00Z"),
        ("2026-11-24T09:12:44+01:00", "2026-11-24T08:12:44Z"),
        ("2026-11-24T09:12-05:30", "2026-11-24T14:42:00Z"),
        ("2026-11-24T09:12:44.250Z", "2026-11-24T09:12:44Z"),
        ("2026-11-24", "2026-11-24T00:00:00Z"),
    ],
)
def test_stored_forms(text: str, expected: str) -> None:
    assert parse_utc(text).tzinfo is UTC
    assert format_utc(parse_utc(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "20261124", "2026-W48-2", "2026-11-24T09", "2026-11-24T09:12:44"),
        *("2026-11-24 09:12:44Z", "20261124T091244.123Z", "2026-11-24T24:00:00Z", "2026-02-30"),
        *("2026-11-24T09:12:44ZZ", "0001-01-01T00:00:00+14:00", "２026-11-24T09:12:44Z"),
    ],
)
def test_other_forms_are_not_stored_dates(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_utc(text)


@given(st.text(max_size=30))
def test_any_text_is_a_stored_date_or_a_value_error(text: str) -> None:
    try:
        assert parse_utc(text).tzinfo is UTC
    except ValueError:
        return


def test_a_naive_moment_is_not_formatted() -> None:
    with pytest.raises(ValueError, match="time zone"):
        format_utc(datetime(2026, 1, 1))  # noqa: DTZ001

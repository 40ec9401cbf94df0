from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hdcli.app import LocalZone


@pytest.mark.parametrize("start", ["2026-10-24T20:00Z", "2026-03-28T20:00Z"])
def test_the_local_zone_knows_when_summer_time_ends(start: str) -> None:
    paris, here = ZoneInfo("Europe/Paris"), LocalZone()
    for half_hours in range(40):
        moment = datetime.fromisoformat(start) + timedelta(minutes=30 * half_hours)
        local, expected = moment.astimezone(here), moment.astimezone(paris)
        assert local.isoformat() == expected.isoformat()
        assert (local.fold, local.dst(), local.tzname()) == (
            expected.fold,
            expected.dst(),
            expected.tzname(),
        )
        assert local.astimezone(UTC) == moment


def test_the_local_zone_ends_with_the_calendar() -> None:
    with pytest.raises(OverflowError):
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC).astimezone(LocalZone())

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hdcli.app import LocalZone
from support import run_hd


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


def test_a_folder_named_like_nobody_s_home_is_a_folder(tmp_path: Path) -> None:
    assert run_hd("--desk", "~nobody-here", "list").err == "hd: no folder ~nobody-here\n"
    (tmp_path / "~nobody-here").mkdir()
    assert run_hd("--desk", "~nobody-here", "list").err.startswith("hd: no desk here")

from __future__ import annotations

import pytest

from hdcli.services.standing import _Meanwhile


def test_what_goes_wrong_beside_is_raised_where_it_is_waited_for() -> None:
    with pytest.raises(OSError, match="no more processes"):
        _Meanwhile(_without_processes).result()
    assert _Meanwhile(lambda: 7).result() == 7


def _without_processes() -> int:
    raise OSError("no more processes")

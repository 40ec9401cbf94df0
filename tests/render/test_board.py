"""The board of hd status, on screens of any height."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hdcli.render.board import board
from hdcli.render.look import Look
from hdcli.render.pager import lines_on_screen
from hdcli.render.style import Palette
from hdcli.services.standing import AtLevel, Pile, Standing
from hdcli.store.upstream import Following

_FIRST = tuple({"id": f"HD-0000{n}", "status": "open", "title": "Printer jams"} for n in range(5))
_PILE, _OTHERS = Pile(9, _FIRST), Pile(9, _FIRST[:3])
_STANDING = Standing(
    desk="Support of a company with a long name",
    me="alice-martin",
    tickets=99,
    open=27,
    resolved=7,
    waiting=7,
    mine=_PILE,
    unassigned=_OTHERS,
    overdue=_OTHERS,
    come=_OTHERS,
    inbox=2,
    stale=1,
    levels=tuple(AtLevel(n, "Level", 9, 3, 2, {"desk": 9}) for n in (1, 2, 3)),
    edits=(),
    git=Following(shown=True, upstream="origin/main"),
    under_way=(),
    bare=False,
    unreadable=(),
)
_LOOK = Look(Palette(enabled=False), datetime(2026, 11, 24, 9, tzinfo=UTC), UTC, 80)


@pytest.mark.parametrize(("lines", "tickets"), [(24, 4), (30, 8), (50, 14), (None, 14), (5, 4)])
def test_it_shows_of_each_pile_what_the_screen_has_room_for(
    lines: int | None, tickets: int
) -> None:
    shown = board(_STANDING, replace(_LOOK, lines=lines))
    assert shown.count("\n  HD-") == tickets
    assert lines_on_screen(shown, 80) < (lines or 99) or lines == 5
    assert max(map(len, shown.splitlines())) <= 80
    assert "Yours 9  hd list assignee:me" in shown

from __future__ import annotations

from contextlib import closing

from hdcli.store import levels
from hdcli.store.desk import Desk
from support import DeskFolder


def test_what_others_wrote_meanwhile_is_not_left_behind(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("escalate", ticket, "-m", "Too hard")
    with closing(Desk.open(a_desk.path)) as desk:
        a_desk.hd("note", ticket, "-m", "Seen")
        levels.mend(desk, [ticket])
    assert a_desk.branches() == [f"l2/{ticket}: {ticket}: note: Seen"]

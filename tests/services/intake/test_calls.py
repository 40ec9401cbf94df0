"""Who calls: people found by what is typed of them."""

from __future__ import annotations

from contextlib import closing

from hdcli.services.intake.calls import Calls
from hdcli.store.desk import Desk
from support import DeskFolder


def test_people_are_found_by_parts_of_names_and_addresses(a_desk: DeskFolder) -> None:
    (a_desk.path / "requesters.yaml").write_text("zoe@example.org: {name: Zoé Costa}\n")
    a_desk.hd("commit")
    often = "Corentin Zola <cz@example.org>"
    for who in (often, often, "Ana Silva <ana@example.org>", "Zoe <ZOE@example.org>"):
        a_desk.new("Help", "-r", who)
    with closing(Desk.open(a_desk.path)) as desk:
        calls = Calls(desk)
        known = "Zoé Costa <zoe@example.org>"
        assert calls.people("zo", 5) == [known, often]
        assert calls.people("COS zoe", 5) == [known]
        assert calls.people("z", 1) == [known]
        assert calls.people("example.org", 5)[:2] == [known, often]
        assert calls.people(" ", 5) == []
        assert len(calls.open_of("x <cz@example.org>")) == 2

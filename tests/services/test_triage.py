"""Sorting a ticket: values, lists and the team's level in one entry."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from hdcli.errors import HdError, Refused
from hdcli.services import triage
from hdcli.services.session import Session
from hdcli.services.who import identify
from hdcli.store.desk import Desk
from support import DeskFolder


def sorted_as(desk: Path, ticket_id: str, **values: str) -> None:
    with closing(Desk.open(desk)) as opened:
        who = identify(opened.settings, desk, None)
        triage.sort(Session(opened, who, int(time.time())), ticket_id, values)


def test_one_entry_has_values_lists_and_the_level_of_the_team(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Printer jams", "-t", "floor2")
    sorted_as(a_desk.path, ticket, category="printing", tags="paper", team="systems", impact="high")
    found = a_desk.ticket(ticket)
    assert [entry.action for entry in found.log] == ["new", "triage"]
    assert found.items("tags") == ("floor2", "paper")
    assert (found.level, found.text("team"), found.text("priority")) == (2, "systems", "high")
    assert a_desk.hd("fsck").code == 0
    assert a_desk.branches()[0].startswith(f"l2/{ticket}: ")


def test_what_other_commands_change_and_what_is_not_there_is_refused(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Printer jams")
    with pytest.raises(Refused, match="not set by hand"):
        sorted_as(a_desk.path, ticket, status="closed")
    for wrong in ({"category": "prnting"}, {"colour": "red"}, {"team": "none of ours"}):
        with pytest.raises(HdError):
            sorted_as(a_desk.path, ticket, **wrong)
    assert len(a_desk.ticket(ticket).log) == 1

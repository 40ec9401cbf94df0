"""What hd new tells beside the id: likely duplicates and what may help."""

from __future__ import annotations

import json
from typing import Any

import pytest

from editing import at_terminal
from support import DeskFolder

ANA = "Ana Silva <ana@example.org>"


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    """A ticket that an article solved."""
    a_desk.hd("kb", "new", "Clear a paper jam", "--slug", "clear-jam", "-m", "Open the tray")
    a_desk.hd("kb", "publish", "clear-jam")
    solved = a_desk.new("Printer jams in room 12")
    a_desk.hd(
        "resolve", solved, "-m", "Took the paper out\nand closed it", "--article", "clear-jam"
    )
    return a_desk


def hinted(desk: DeskFolder, *args: str) -> Any:
    found = json.loads(desk.hd("new", *args, "--json").out)
    assert list(found) == ["format", "ticket", "suggestions"]
    return found["suggestions"]


def test_at_a_terminal_what_may_help_and_what_is_the_same_follow_the_id(desk: DeskFolder) -> None:
    same = desk.new("The printer jams", "-r", "ANA@example.org")
    other = desk.new("A new chair", "-r", ANA)
    ran = at_terminal(desk, "new", "Printer jams", "-r", ANA)
    lines = ran.out.splitlines()
    ticket = lines[0]
    assert desk.ticket(ticket).title == "Printer jams"
    assert lines[1] == "perhaps the same, and open:"
    assert lines[2].startswith(f"  {same}  new, just now, The printer jams")
    assert "(the same requester and the same words)" in lines[2]
    assert lines[3].startswith(f"  {other}  ")
    assert lines[4] == f"may help (hd suggest {ticket} says why):"
    assert lines[5].startswith("  clear-jam  Clear a paper jam; solved 1 ticket like it: ")
    assert lines[6].endswith("Printer jams in room 12; solved: Took the paper out")
    assert len(lines) == 7


def test_a_closed_ticket_is_no_duplicate_nor_is_one_that_shares_a_word(desk: DeskFolder) -> None:
    desk.new("The printer of the accounts department has a new place now")
    assert hinted(desk, "Printer jams in room 12")["duplicates"] == []


def test_the_json_has_the_ticket_and_everything_else(desk: DeskFolder) -> None:
    same = desk.new("Printer jams", "-r", ANA)
    found = json.loads(desk.hd("new", "Printer jams", "--json").out)
    shown = json.loads(desk.hd("list", "--jsonl", f"id:{found['ticket']['id']}").out)
    assert found["ticket"] == shown
    suggestions = found["suggestions"]
    assert [each["slug"] for each in suggestions["articles"]] == ["clear-jam"]
    assert suggestions["tickets"][0]["solution"] == "Took the paper out"
    (twin,) = suggestions["duplicates"]
    assert (twin["id"], twin["requester"]) == (same, ANA)
    assert (twin["same_requester"], twin["same_words"]) == (False, True)


def test_what_is_hardly_like_it_is_not_told(desk: DeskFolder) -> None:
    found = hinted(desk, "Room for the new colleague", "-b", "A desk, a chair, a phone, a badge")
    assert (found["articles"], found["tickets"], found["duplicates"]) == ([], [], [])


def test_nobody_is_told_who_does_not_want_to_be(desk: DeskFolder) -> None:
    assert len(at_terminal(desk, "new", "Printer jams", "--no-suggest").out.splitlines()) == 1
    assert len(at_terminal(desk, "new", "Printer jams", "-q").out.splitlines()) == 1
    assert hinted(desk, "Printer jams", "--no-suggest") is None
    desk.hd("config", "suggestions=false")
    assert len(at_terminal(desk, "new", "Printer jams").out.splitlines()) == 1
    assert hinted(desk, "Printer jams") is None


def test_json_and_bare_ids_are_two_forms(desk: DeskFolder) -> None:
    before = desk.commits()
    desk.hd("new", "Printer jams", "--json", "-q", code=2)
    assert desk.commits() == before


def test_nobody_waits_for_a_first_index_of_many_tickets(a_desk: DeskFolder) -> None:
    lines = "".join(f'{{"title": "Printer {n} jams"}}\n' for n in range(450))
    a_desk.hd("import", "-", "--format", "jsonl", stdin=lines)
    ticket, remark = at_terminal(a_desk, "new", "Printer jams").out.splitlines()
    assert remark == f"hd: hd suggest {ticket} indexes the desk, and shows what helps"
    a_desk.hd("suggest", ticket)
    assert "perhaps the same" in at_terminal(a_desk, "new", "Printer 7 jams").out

"""The page of a ticket, the ledger and the board at a terminal: nothing is wider than it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hdcli.model.addressbook import Known
from hdcli.model.entry import Entry
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.render.board import board
from hdcli.render.ledger import lines
from hdcli.render.look import Look
from hdcli.render.style import Palette
from hdcli.render.text import width
from hdcli.render.ticket import ticket_page
from hdcli.render.triage import card, keys
from hdcli.search.sorting import Guess
from hdcli.services.hints import Hints
from hdcli.services.history import Event
from hdcli.services.sheet import Related, Sheet
from hdcli.services.standing import AtLevel, Pile, Standing
from hdcli.services.suggest import Suggestions
from hdcli.services.triage import Advice
from hdcli.store.edits import Edited
from hdcli.store.history import Commit
from hdcli.store.upstream import Following

NOW = datetime(2026, 11, 24, 9, 12, 44, tzinfo=UTC)
LONG = "网络 слово word\x1b[31m " * 30
AT = "2026-11-24T09:00:00Z"


def look(columns: int | None) -> Look:
    return Look(Palette(enabled=False), NOW, UTC, columns, 24, ("low", "high"))


def fits(text: str, columns: int) -> bool:
    assert "\x1b" not in text
    return all(width(line) <= columns for line in text.splitlines())


def a_sheet() -> Sheet:
    log = tuple(
        Entry(f"{n:04d}-aaaaaa", AT, "alice", action, {"custom": LONG}, body=LONG)
        for n, action in enumerate(("new", "note", "reply", "escalate"), 1)
    )
    values = {"title": LONG, "status": "open", "level": 2, "priority": "high", "custom": LONG}
    ticket = Ticket("HD-7K3QF", {**values, "team": "network", "created": AT}, log)
    return Sheet(ticket, (), frozenset(), (), ())


@pytest.mark.parametrize("columns", [60, 100, 300])
def test_a_long_text_is_wrapped(columns: int) -> None:
    page = ticket_page(a_sheet(), Settings(), look(columns), None)
    body = page.partition("Description\n")[2].partition("Log\n")[0]
    assert fits(body, min(columns, 100))
    assert "  | " in page


@pytest.mark.parametrize("columns", [40, 80])
def test_a_ticket_to_sort_and_the_keys_for_it_fit(columns: int) -> None:
    guess = Guess("category", "printing", 0.8, ("HD-7K3QF", "HD-9FQ2X", "HD-9FN72", "HD-JPKJ6"))
    advice = Advice((guess,), Hints(Suggestions((), (), ()), ()))
    ticket = a_sheet().ticket
    known = Known("ana@example.org", note=LONG[:150], vip=True)
    lines = [*card(ticket, known, advice, "1/9", look(columns)), *keys(advice, look(columns))]
    assert fits("\n".join(lines), columns)
    assert sum(each in line for line in lines for each in ("y accept", "q quit", "80%")) == 3


def test_in_a_pipe_lines_stay_whole() -> None:
    page = ticket_page(a_sheet(), Settings(), look(None), None)
    assert len(page.partition("Description\n")[2].splitlines()[0]) > 400


def test_related_tickets_stand_in_columns() -> None:
    sheet = a_sheet()
    related = (
        Related("duplicates", "HD-AAAAA", "One", "closed"),
        Related("child of", "HD-BBBBB", LONG, ""),
    )
    found = Sheet(sheet.ticket, related, frozenset(), (), ())
    page = ticket_page(found, Settings(), look(None), None)
    assert "duplicates  HD-AAAAA  closed         One\n" in page
    assert "child of    HD-BBBBB  can't be read  " in page


@pytest.mark.parametrize("columns", [60, 120])
def test_the_ledger_is_a_line_a_commit(columns: int) -> None:
    commit = Commit("a" * 40, "aaaaaaa", 1_795_000_000, LONG, "x@example.org", LONG)
    event = Event(commit, LONG, agent=False, place="HD-7K3QF", what=LONG)
    text = "".join(lines([event], look(columns), ["alice"], whole=False))
    assert fits(text, columns)
    assert len(text.splitlines()) == 1


def a_standing(**more: Any) -> Standing:
    document: Mapping[str, Any] = {
        **{"id": "HD-7K3QF", "title": LONG, "status": "pending", "priority": "high"},
        **{"created": AT, "due": "2026-11-20T00:00:00Z"},
    }
    pile = Pile(1200, (document,) * 3)
    levels = (AtLevel(1, "Service desk", 1200, 3, 4, {"desk": 1100, "": 100}),)
    values: dict[str, Any] = {
        **{"desk": "North", "me": "alice", "tickets": 5000, "open": 1200, "resolved": 1},
        **{"waiting": 2, "mine": pile, "unassigned": pile, "overdue": pile, "come": pile},
        **{"levels": levels, "inbox": 3, "edits": (Edited("desk.yaml"),) * 9, "bare": False},
        **{"git": Following(shown=True, upstream="origin/main", ahead=1, behind=2)},
        **{"unreadable": (), "stale": 0, "under_way": ()},
    }
    return Standing(**{**values, **more})


@pytest.mark.parametrize("columns", [60, 100])
def test_the_board_fits_the_screen(columns: int) -> None:
    text = board(a_standing(), replace(look(columns), lines=50))
    rows = [line for line in text.splitlines() if line.startswith("  HD-")]
    assert len(rows) == 12
    assert all(width(row) <= columns for row in rows)
    assert "Yours 1,200  hd list assignee:me\n" in text
    assert "9 files edited by hand, not committed: hd commit\n" in text
    assert "1 commit not pushed to origin/main, 2 commits not pulled: hd sync\n" in text
    assert "desk 1,100, no team 100" in text


@pytest.mark.parametrize(("lines", "tickets"), [(20, 4), (24, 8), (50, 12), (None, 12), (5, 4)])
def test_the_board_shows_of_each_pile_what_the_screen_has_room_for(
    lines: int | None, tickets: int
) -> None:
    text = board(a_standing(edits=()), replace(look(80), lines=lines))
    assert text.count("\n  HD-") == tickets
    assert len(text.splitlines()) < (lines or 99) or lines == 5

"""How a ticket was solved, and what a word names."""

from __future__ import annotations

from contextlib import closing

from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket
from hdcli.services.suggest import solution, ticket_named
from hdcli.store.desk import Desk
from support import DeskFolder


def solved(*said: tuple[str, str], undoing: str = "") -> str:
    """The solution of a ticket with such entries (action, body) behind the first."""
    log = [Entry("0001-aaaaaa", "2026-11-24T09:00:00Z", "a", "new", {"title": "x"}, body="Help")]
    for number, (action, body) in enumerate(said, 2):
        at = f"2026-11-24T09:00:{number:02}Z"
        log.append(Entry(f"{number:04}-aaaaaa", at, "a", action, body=body))
    if undoing:
        log.append(Entry("0009-aaaaaa", "2026-11-24T10:00:00Z", "a", "undo", undoes=undoing))
    return solution(Ticket("HD-7K3QF", fold(log), tuple(log)))


def test_the_solution_is_the_first_line_of_what_was_said_last() -> None:
    assert solved(("resolve", "New cable"), ("resolve", "New port\n\nin room 12")) == "New port"
    assert solved(("resolve", "New cable"), ("close", "Confirmed")) == "New cable"
    assert solved(("note", "Looked"), ("close", "Gone by itself")) == "Gone by itself"
    assert solved(("note", "Looked"), ("reply", "Please wait")) == ""


def test_what_was_taken_back_solved_nothing() -> None:
    assert (
        solved(("resolve", "New cable"), ("resolve", "Oops"), undoing="0003-aaaaaa") == "New cable"
    )


def test_a_word_names_a_ticket_only_when_it_can_be_nothing_else(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    key = ticket.removeprefix("HD-")
    with closing(Desk.open(a_desk.path)) as desk:
        assert ticket_named(desk, "@") == ticket
        assert ticket_named(desk, ticket.lower()) == ticket
        assert ticket_named(desk, key.lower()) == ticket
        for word in ("vpn", "printer", key[:2], "365", "", "l'imprimante", "zzz99"):
            assert ticket_named(desk, word) is None

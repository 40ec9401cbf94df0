from __future__ import annotations

from typing import Any

from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket
from hdcli.model.verdict import Verdict, verdicts


def ticket(*entries: tuple[str, dict[str, Any]]) -> Ticket:
    opened = Entry("0001-aaaaaa", at(1), "a", "new", {"title": "x", "status": "open", "level": 1})
    log = [opened]
    for number, (action, more) in enumerate(entries, 2):
        log.append(Entry(f"{number:04d}-aaaaaa", at(number), "a", action, **more))
    return Ticket("HD-7K3QF", fold(log), tuple(log))


def at(hour: int) -> str:
    return f"2026-11-24T{hour:02d}:00:00Z"


RESOLVE = ("resolve", {"set": {"status": "resolved"}, "add": {"articles": ["vpn"]}})
REOPEN = ("reopen", {"set": {"status": "open"}})


def test_an_article_helped_when_it_was_said() -> None:
    assert verdicts(ticket(RESOLVE)) == [Verdict("vpn", True, at(2))]
    assert verdicts(ticket()) == []


def test_a_ticket_opened_again_after_it_counts_against_it() -> None:
    assert verdicts(ticket(RESOLVE, REOPEN)) == [Verdict("vpn", True, at(2), at(3))]
    again = ("helpful", {"add": {"articles": ["vpn"]}})
    solved = ("resolve", {"set": {"status": "resolved"}})
    assert verdicts(ticket(solved, REOPEN, again)) == [Verdict("vpn", True, at(4))]


def test_what_was_taken_back_says_nothing() -> None:
    undo = ("undo", {"set": {"status": "open"}, "undoes": "0003-aaaaaa"})
    helped = ("helpful", {"add": {"articles": ["vpn"]}})
    solved = ("resolve", {"set": {"status": "resolved"}})
    assert verdicts(ticket(helped, solved, undo)) == [Verdict("vpn", True, at(2))]


def test_the_last_word_counts() -> None:
    change = {"add": {"unhelpful": ["vpn"]}, "remove": {"articles": ["vpn"]}}
    found = verdicts(ticket(RESOLVE, REOPEN, ("helpful", change)))
    assert found == [Verdict("vpn", False, at(4))]

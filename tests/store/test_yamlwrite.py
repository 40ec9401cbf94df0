from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.model.entry import Entry
from hdcli.model.ticket import Ticket
from hdcli.store import codec, yamlread, yamlwrite
from strategies import PLAIN, TEXTS, tickets


@given(st.one_of(tickets(), tickets(edited=True)))
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_back_the_same(ticket: Ticket) -> None:
    data = yamlwrite.record_bytes(ticket)
    again = codec.read_ticket(data, ticket.path)
    assert again == ticket
    assert yamlwrite.record_bytes(again) == data


@given(st.one_of(TEXTS, PLAIN))
@settings(max_examples=60, deadline=None)
def test_a_value_on_one_line_is_that_value_to_libyaml(value: Any) -> None:
    line = yamlwrite.flow([value, {"key": value}])
    assert "\n" not in line
    assert yamlread.load(line.encode(), "x") == [value, {"key": value}]


def test_a_log_reads_like_a_ledger() -> None:
    entry = Entry(
        "0002-x7k2qf", "2026-11-24T09:12:44Z", "alice", "set", {"team": None}, body="Two\nlines"
    )
    assert yamlwrite.entry_bytes(entry).decode() == (
        "- id: 0002-x7k2qf\n"
        "  at: 2026-11-24T09:12:44Z\n"
        "  by: alice\n"
        "  action: set\n"
        "  set: {team: null}\n"
        "  body: |\n"
        "    Two\n"
        "    lines\n"
    )


def test_lone_surrogates_do_not_make_a_file_that_nobody_can_read() -> None:
    ticket = Ticket("HD-7K3QF", {"title": "a\udc80b", "status": "new", "level": 1}, ())
    again = codec.read_ticket(yamlwrite.record_bytes(ticket), "x")
    assert again.title == "a\ufffdb"

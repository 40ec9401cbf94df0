from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.model.article import Article, article_from
from hdcli.model.entry import Entry
from hdcli.model.ticket import Ticket
from hdcli.store import codec, refs, yamlread, yamlwrite
from strategies import PLAIN, TEXTS, articles, tickets


@given(st.one_of(tickets(), tickets(edited=True)))
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_back_the_same(ticket: Ticket) -> None:
    data = yamlwrite.record_bytes(ticket)
    again = codec.read_ticket(data, ticket.path)
    assert again == ticket
    assert refs.branch_of_file(data, ticket.path) == refs.branch_of(ticket)
    assert yamlwrite.record_bytes(again) == data


@given(st.one_of(articles(), articles(edited=True)))
@settings(max_examples=60, deadline=None)
def test_what_is_written_of_an_article_reads_back_the_same(article: Article) -> None:
    data = yamlwrite.record_bytes(article)
    again = codec.read_article(data, article.path)
    assert again == article
    assert yamlwrite.record_bytes(again) == data


def test_an_article_is_a_page_to_read() -> None:
    steps: list[object] = [{"do": "Ask who it is", "expect": "A name\nand a room"}]
    steps += [{"do": "Restart it", "command": {"linux": "reboot"}, "else": {"escalate": "network"}}]
    body = "    indented: first\n\n# Then\nlog: not one\n"
    article = article_from(
        {"slug": "vpn", "title": "VPN", "state": "draft", "steps": steps, "body": body}
    )
    assert yamlwrite.record_bytes(article).decode() == (
        "slug: vpn\n"
        "title: VPN\n"
        "state: draft\n"
        "steps:\n"
        "- do: Ask who it is\n"
        "  expect: |-\n"
        "    A name\n"
        "    and a room\n"
        "- do: Restart it\n"
        "  command: {linux: reboot}\n"
        "  else: {escalate: network}\n"
        "body: |2\n"
        "      indented: first\n"
        "\n"
        "  # Then\n"
        "  log: not one\n"
        "log: []\n"
    )


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

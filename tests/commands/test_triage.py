"""hd triage: the queue, one key at a time; hd triage test: what rules make of something."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing

from support import DeskFolder
from terminal import Terminal

RULES = """\
rules:
  - {name: vpn, when: {words: vpn}, then: {category: network, tags: [vpn]}}
  - {name: boss, when: {vip: true}, then: {urgency: high}, stop: true}
  - {name: rest, then: {tags: [seen]}}
"""


def taught(desk: DeskFolder) -> None:
    """Some tickets that were sorted."""
    for words in ("printer jams on floor 2", "printer jams again", "the printer jams paper"):
        desk.hd("take", desk.new(words, "-c", "printing", "--urgency", "low"))


def test_keys_accept_take_back_assign_merge_close_and_go_on(a_desk: DeskFolder) -> None:
    taught(a_desk)
    for _ in range(5):
        a_desk.new("Printer jams")
    one, two, three, four, _ = a_desk.hd("list", "-q", "status:new").out.split()
    argv = [sys.executable, "-m", "hdcli", "triage"]
    with closing(Terminal(argv, a_desk.path, {**os.environ, "NO_COLOR": "1"})) as terminal:
        for awaited, keys in (
            (f"1/5  {one}", ""),
            ("q quit", "y"),
            (f"{one} category printing, urgency low", ""),
            (f"2/5  {two}", ""),
            ("q quit", "u"),
            (f"{one} is as it was", ""),
            ("q quit", "y"),
            (f"2/5  {two}", ""),
            ("q quit", "a"),
            ("agent, team or me", "bob\n"),
            (f"{two} is with bob", ""),
            (f"3/5  {three}", ""),
            ("q quit", "m"),
            ("merge into", f"{one}\n"),
            (f"{three} is merged into {one}", ""),
            (f"4/5  {four}", ""),
            ("q quit", "x"),
            (f"{four} is closed as spam", ""),
            ("5/5", ""),
            ("q quit", "n"),
            ("4 done, 1 in the queue", ""),
        ):
            terminal.await_output(awaited)
            terminal.output = terminal.output.partition(awaited)[2]
            terminal.type(keys)
    assert a_desk.ticket(one).text("category") == "printing"
    assert [entry.action for entry in a_desk.ticket(one).log if not entry.of] == [
        *("new", "triage", "undo", "triage", "merge")
    ]
    assert a_desk.ticket(two).text("assignee") == "bob"
    assert a_desk.ticket(three).status == a_desk.ticket(four).status == "closed"
    assert a_desk.ticket(four).items("tags") == ("spam",)
    assert a_desk.clean()


def test_keys_typed_ahead_are_done_one_after_the_other(a_desk: DeskFolder) -> None:
    taught(a_desk)
    for _ in range(3):
        a_desk.new("Printer jams")
    one, two, three = a_desk.hd("list", "-q", "status:new").out.split()
    argv = [sys.executable, "-m", "hdcli", "triage"]
    with closing(Terminal(argv, a_desk.path, {**os.environ, "NO_COLOR": "1"})) as terminal:
        terminal.await_output("q quit")
        a_desk.hd("take", three)
        terminal.type("a\x04yua?\x7fbob\rzscategory=email\r")
        terminal.await_output(f"{three} is open by now")
        terminal.await_output("2 done, 0 in the queue")
    assert a_desk.ticket(one).text("assignee") == "bob"
    assert a_desk.ticket(two).text("category") == "email"


def test_the_queue_has_what_is_not_sorted_yet_for_scripts_too(a_desk: DeskFolder) -> None:
    taught(a_desk)
    lost = a_desk.new("A printer jams")
    sorted_ = a_desk.new("Mail is slow", "-c", "email")
    found = json.loads(a_desk.hd("triage", "--json").out)["tickets"]
    assert [each["ticket"]["id"] for each in found] == [lost]
    best = found[0]["suggestions"]["guesses"][0]
    assert (best["field"], best["value"], len(best["like"])) == ("category", "printing", 3)
    assert best["confidence"] > 0.6
    everything = json.loads(a_desk.hd("triage", "--all", "--json").out)["tickets"]
    assert {each["ticket"]["id"] for each in everything} == {lost, sorted_}
    assert "takes a terminal" in a_desk.hd("triage", code=2).err


def test_rules_are_tried_on_a_ticket_a_request_and_a_mail(a_desk: DeskFolder) -> None:
    settings = a_desk.path / "desk.yaml"
    settings.write_text(settings.read_text() + RULES)
    (a_desk.path / "requesters.yaml").write_text("ana@example.org: {vip: true}\n")
    a_desk.hd("commit")
    before = a_desk.commits()
    request = '{"title": "VPN down", "category": "email",\n "requester": "ana@example.org"}'
    shown = a_desk.hd("triage", "test", "-", stdin=request).out
    assert "+ vpn   tags vpn; category stays, said by the request" in shown
    assert "+ boss  urgency high" in shown
    assert "- rest  an earlier rule ended it" in shown
    assert "priority high; category email; level 1; team desk; tags vpn" in shown
    mail = a_desk.path / "mail.eml"
    mail.write_text("From: bob@example.net\nSubject: Help\n\nThe vpn is down\n")
    told = json.loads(a_desk.hd("triage", "test", str(mail), "--json").out)
    assert [each["matches"] for each in told["rules"]] == [True, False, True]
    assert told["rules"][1]["failed"] == "vip: true"
    assert told["ticket"]["category"] == "network"
    assert a_desk.commits() == before
    ticket = a_desk.new("VPN", "--no-rules")
    assert "+ vpn" in a_desk.hd("triage", "test", ticket).out
    assert "not JSON" in a_desk.hd("triage", "test", "-", stdin="{x", code=4).err
    assert "can't read no.eml: No such file" in a_desk.hd("triage", "test", "no.eml", code=2).err


def test_what_an_order_by_mail_says_no_rule_decides(a_desk: DeskFolder) -> None:
    settings = a_desk.path / "desk.yaml"
    rule = "rules: [{name: all, then: {priority: urgent, category: email}}]\n"
    settings.write_text(settings.read_text() + rule + "mail: {authservers: [mx]}\n")
    a_desk.hd("commit")
    mail = a_desk.path / "mail.eml"
    mail.write_text(
        "Authentication-Results: mx; dmarc=pass header.from=example.org\n"
        "From: bob@example.org\nSubject: Help\n\n#priority low\nIt is down\n"
    )
    told = "+ all  category email; priority stays, said by the request\n\npriority low;"
    assert told in a_desk.hd("triage", "test", str(mail)).out
    a_desk.hd("intake", "mail", stdin=mail.read_bytes())
    (ticket,) = a_desk.hd("list", "-q").out.split()
    assert a_desk.ticket(ticket).text("priority") == "low"
    assert told in a_desk.hd("triage", "test", ticket).out

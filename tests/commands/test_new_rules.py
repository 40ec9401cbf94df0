"""The desk's rules at work on a new ticket."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

from support import DeskFolder, run_hd

RULES = """\
hours: {zone: UTC, mon-sun: "00:00-24:00"}
rules:
  - name: vpn
    when: {words: vpn}
    then: {category: network, tags: [vpn], outage: "tag:outage category:network"}
  - name: boss
    when: {vip: true}
    then: {impact: high, urgency: high}
  - name: turns
    when: {words: [turn, vpn]}
    then: {team: network, assignee: round-robin, at_work: true}
  - name: loads
    when: {words: load}
    then: {team: network, assignee: least-loaded, skill: Linux}
  - name: up
    when: {words: disaster}
    then: {escalate: systems, reason: Servers are for systems}
"""
BOOK = "ana@example.org: {name: Ana Silva, vip: true, site: Lyon, machines: [PC-042]}\n"


def ruled(desk: DeskFolder, rules: str = RULES) -> DeskFolder:
    """A desk with rules, an address book and skills."""
    settings = desk.path / "desk.yaml"
    text = settings.read_text().replace(
        "bob@example.org\n", "bob@example.org\n    skills: [linux]\n"
    )
    settings.write_text(text + textwrap.dedent(rules))
    (desk.path / "requesters.yaml").write_text(BOOK)
    desk.hd("commit")
    return desk


def test_rules_fill_in_what_is_left_open_and_each_entry_names_them(a_desk: DeskFolder) -> None:
    ruled(a_desk)
    outage = a_desk.new("No network at all", "-c", "network", "-t", "outage")
    ticket = a_desk.ticket(a_desk.new("The VPN fails", "-r", "ana@example.org"))
    assert [entry.action for entry in ticket.log] == ["new", "triage"]
    triage = ticket.log[1]
    assert triage.extra["rules"] == {
        "vpn": ["category", "tags", "outage"],
        "boss": ["impact", "urgency"],
        "turns": ["team", "assignee"],
    }
    assert (ticket.level, ticket.status, ticket.text("priority")) == (2, "open", "urgent")
    assert (ticket.text("team"), ticket.text("assignee")) == ("network", "bob")
    assert ticket.items("links") == (f"caused-by {outage}",)
    assert "Rule: vpn\nRule: boss\nRule: turns" in a_desk.message()
    assert f"l2/{ticket.id}" in a_desk.branches()[0]
    shown = a_desk.hd("show", ticket.id).out
    assert "(rules vpn: category, tags, outage; boss: impact, urgency" in shown
    assert "vip" in shown
    assert "Lyon" in shown
    assert a_desk.clean()
    assert a_desk.hd("fsck").code == 0


def test_what_the_request_says_stays_and_no_rules_means_none(a_desk: DeskFolder) -> None:
    ruled(a_desk)
    said = a_desk.ticket(a_desk.new("VPN", "-c", "email", "--team", "apps", "-p", "low"))
    assert [said.text(name) for name in ("category", "team", "priority")] == [
        *("email", "apps", "low")
    ]
    assert said.items("tags") == ("vpn",)
    plain = a_desk.ticket(a_desk.new("VPN", "--no-rules"))
    assert len(plain.log) == 1


def test_an_undone_triage_goes_back(a_desk: DeskFolder) -> None:
    ruled(a_desk)
    ticket = a_desk.new("VPN")
    a_desk.hd("undo")
    assert a_desk.ticket(ticket).items("tags") == ()
    assert a_desk.ticket(ticket).level == 1


def test_tickets_are_dealt_out_in_turn_by_load_and_by_skill(a_desk: DeskFolder) -> None:
    ruled(a_desk)
    a_desk.hd("agent", "edit", "carol", "--team", "network")
    turns = "".join(f'{{"title": "turn {n}"}}\n' for n in range(4))
    ids = a_desk.hd("intake", "jsonl", "-q", stdin=turns).out.split()
    assert [a_desk.ticket(each).text("assignee") for each in ids] == ["bob", "carol"] * 2
    apart = [a_desk.new("turn") for _ in range(4)]  # likely within one second
    assert [a_desk.ticket(each).text("assignee") for each in apart] == ["bob", "carol"] * 2
    assert a_desk.ticket(a_desk.new("load")).text("assignee") == "bob"
    a_desk.hd("agent", "edit", "bob", "--inactive")
    ran = a_desk.hd("new", "load again")
    assert "rule 'loads': nobody there to assign it to" in ran.err
    assert a_desk.ticket(ran.id).text("assignee") == ""


def test_a_rule_escalates_at_once(a_desk: DeskFolder) -> None:
    ruled(a_desk)
    ticket = a_desk.ticket(a_desk.new("disaster"))
    assert [entry.action for entry in ticket.log] == ["new", "escalate"]
    assert ticket.log[1].body == "Servers are for systems"
    assert ticket.text("team") == "systems"


def test_an_intake_agent_may_do_what_rules_say_and_no_more(
    make_desk: Callable[..., DeskFolder], tmp_path: Path
) -> None:
    hub = make_desk("hub.git", "--bare")
    assert run_hd("clone", str(hub.path), str(tmp_path / "desk")).code == 0
    desk = DeskFolder(tmp_path / "desk")
    desk.hd("agent", "add", "post", "Post <post@example.org>", "--role", "intake")
    settings = desk.path / "desk.yaml"
    settings.write_text(settings.read_text() + RULES)
    desk.hd("commit")
    desk.hd("sync")
    ticket = desk.hd("new", "VPN disaster", agent="post").id
    assert [e.action for e in desk.ticket(ticket).log] == ["new", "triage"]
    desk.hd("sync")
    desk.hd("set", ticket, "urgency=high", agent="post", code=1)


def test_a_rule_that_asks_for_what_is_not_there_keeps_no_request_out(a_desk: DeskFolder) -> None:
    rules = """\
    rules:
      - name: lost
        then: {category: gone, team: gone, assignee: gone, outage: "status:x", tags: a}
    """
    ruled(a_desk, rules)
    ran = a_desk.hd("new", "anything")
    assert ran.err.count("hd: rule 'lost': ") == 4
    assert a_desk.ticket(ran.id).items("tags") == ("a",)


def test_mail_is_sorted_by_rules_too(a_desk: DeskFolder) -> None:
    rules = """\
    rules:
      - {name: box, when: {recipient: "vpn@*", domain: example.org}, then: {category: network}}
    """
    ruled(a_desk, rules)
    mail = "From: Ana <ana@example.org>\nTo: vpn@desk.example\nSubject: Help\n\nIt fails.\n"
    a_desk.hd("intake", "mail", stdin=mail)
    ticket = a_desk.ticket(a_desk.hd("list", "-q").id)
    assert ticket.text("category") == "network"
    assert ticket.log[1].extra["rules"] == {"box": ["category"]}


def test_a_rule_answers_with_a_canned_reply(a_desk: DeskFolder) -> None:
    rules = """\
    rules:
      - {name: lost, when: {words: proxy}, then: {canned: nowhere}}
      - {name: known, when: {words: proxy}, then: {canned: maintenance}}
    """
    (a_desk.path / "canned").mkdir()
    text = "en: 'Hello {requester_first_name}, the proxy is back at noon.'\n"
    (a_desk.path / "canned/maintenance.yaml").write_text(text)
    ruled(a_desk, rules)
    ran = a_desk.hd("new", "Proxy down", "-r", "Ana Silva <ana@example.org>")
    assert "rule 'lost': no canned reply 'nowhere'" in ran.err
    ticket = a_desk.ticket(ran.id)
    reply = ticket.log[1]
    assert (reply.action, reply.body) == ("reply", "Hello Ana, the proxy is back at noon.")
    assert reply.extra["rules"] == {"known": ["canned"]}
    assert ticket.status == "new"


def test_a_broken_address_book_stops_nothing_and_is_complained_of(a_desk: DeskFolder) -> None:
    ruled(a_desk)
    book = a_desk.path / "requesters.yaml"
    book.write_text("ana@example.org: {vip: perhaps}\n")
    assert "requesters.yaml:1: 'vip' must be true or false" in a_desk.hd("commit", code=4).err
    a_desk.git("commit", "-qam", "by hand")
    assert a_desk.hd("show", a_desk.new("Help", "-r", "ana@example.org")).code == 0
    assert "requesters.yaml:1: 'vip' must be true or false" in a_desk.hd("fsck", code=4).out


def test_a_rule_may_be_called_as_people_write(a_desk: DeskFolder) -> None:
    name = "nuit\u00a0: «\u202furgences\u202f»"
    ruled(a_desk, f"rules: [{{name: '{name}', then: {{tags: a}}}}]\n")
    ticket = a_desk.ticket(a_desk.new("x"))
    assert ticket.log[1].extra["rules"] == {"nuit : « urgences »": ["tags"]}
    assert a_desk.hd("fsck").code == 0


def test_a_rule_that_git_brought_in_wrong_keeps_no_request_out(a_desk: DeskFolder) -> None:
    settings = a_desk.path / "desk.yaml"
    rules = """\
    rules:
      - {name: odd, when: {pattern: "(a"}, then: {tags: [odd]}}
      - 7
      - {name: vpn, when: {words: vpn}, then: {tags: [vpn]}}
    """
    settings.write_text(settings.read_text() + textwrap.dedent(rules))
    a_desk.git("commit", "-qam", "Rules")
    ran = a_desk.hd("new", "vpn is down", "-q")
    assert a_desk.ticket(ran.id).items("tags") == ("vpn",)
    assert "rule 'odd' is passed over: '(a' is no pattern: a '(' that nothing closes" in ran.err
    answer = json.loads(a_desk.hd("intake", "jsonl", stdin='{"title": "vpn"}').out)
    assert answer["rules"] == ["vpn"]
    assert [each.partition(":")[0] for each in answer["troubles"]] == [
        *("rule 'odd' is passed over", "rule 'rule 2' is passed over")
    ]
    assert "is no pattern" in a_desk.hd("triage", "test", "-", stdin='{"title": "x"}').err
    line = settings.read_text().splitlines().index("rules:") + 2
    assert f"error: desk.yaml:{line}: '(a' is no pattern" in a_desk.hd("fsck", code=4).out


def test_fsck_names_what_rules_ask_for_and_the_desk_does_not_have(a_desk: DeskFolder) -> None:
    settings = a_desk.path / "desk.yaml"
    rules = """\
    hours: {zone: Europe/Pariss, mon: "08:00-12:00"}
    rules:
      - name: odd
        when: {team: tem}
        then: {canned: sory, outage: "prioriti:x"}
    """
    settings.write_text(settings.read_text() + textwrap.dedent(rules))
    a_desk.hd("commit", "-q")
    first = settings.read_text().splitlines().index("rules:")
    found = a_desk.hd("fsck", code=4).out
    for said in (
        f":{first}: no time zone 'Europe/Pariss' here: UTC is taken",
        f":{first + 3}: rule 'odd': no team 'tem' on this desk",
        f":{first + 4}: rule 'odd': unknown field 'prioriti', did you mean 'priority'?",
        ": rule 'odd': no canned reply 'sory' on this desk",
    ):
        assert f"desk.yaml{said}" in found


def test_the_log_of_the_intake_says_what_rules_could_not_do_with_a_mail(
    a_desk: DeskFolder,
) -> None:
    ruled(a_desk, "rules: [{name: turns, then: {assignee: round-robin, skill: cobol}}]\n")
    a_desk.hd("intake", "mail", stdin="From: bob@example.net\nSubject: Help\n\nNow\n")
    assert "(rule 'turns': nobody there to assign it to)" in a_desk.hd("intake", "log").out

from __future__ import annotations

import pytest

from support import DeskFolder


def test_tags_come_and_go(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "-t", "printer")
    ran = a_desk.hd("tag", ticket, "+vpn", "+étage-2", "-printer")
    assert ran.out == f"{ticket} has the tags vpn, étage-2: x\n"
    assert a_desk.message() == (
        f"{ticket}: tag +vpn +étage-2 -printer\n"
        "\n"
        f"Ticket: {ticket}\n"
        "Action: tag\n"
        "Tags: +vpn +étage-2 -printer"
    )
    assert a_desk.hd("tag", ticket, "-vpn", "-étage-2").out == f"{ticket} has no tags: x\n"


def test_a_tag_to_remove_is_no_heap_of_options(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "-t", "help,quick,q2,a,phone")
    a_desk.hd("tag", ticket, "-help", "-quick", "-q2", "-a", "--as", "bob")
    assert a_desk.ticket(ticket).items("tags") == ("phone",)
    assert a_desk.ticket(ticket).log[-1].by == "bob"
    assert a_desk.hd("tag", ticket, "-phone", "-q").out == f"{ticket}\n"
    assert a_desk.hd("tag", "-h").out.startswith("Usage: hd tag")


def test_tags_that_are_so_already_are_said(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "-t", "vpn")
    before = a_desk.commits()
    said = f"{ticket} has the tag vpn already: x\n"
    assert a_desk.hd("tag", ticket, "+vpn", "-printer").out == said
    assert a_desk.commits() == before
    a_desk.hd("tag", ticket, "+vpn", "+wlan")
    assert a_desk.ticket(ticket).log[-1].add == {"tags": ["wlan"]}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("7k3",), "name tickets and tags"),
        (("+vpn",), "name tickets and tags"),
        (("{}", "+vpn", "-vpn"), "'vpn' is both added and removed"),
        (("{}", "+a,b"), "'a,b' is no tag"),
        (("{}", "+"), "'' is no tag"),
        (("{}", "+a\x1b"), "'a\\x1b' is no tag"),
        (("{}", "+a\u202e"), "'a\\u202e' is no tag"),
        (("{}", "+" + "x" * 51), "at most 50 characters"),
        (("{}", "--vpn"), "no such option"),
    ],
)
def test_refuses_what_is_no_tag(a_desk: DeskFolder, words: tuple[str, ...], error: str) -> None:
    ticket = a_desk.new()
    ran = a_desk.hd("tag", *(word.replace("{}", ticket) for word in words), code=2)
    assert error in ran.err


def test_fields_change_and_the_priority_follows(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    ran = a_desk.hd("set", ticket, "urgency=high", "impact=high", "category=network")
    assert ran.out == (
        f"{ticket} has urgency=high, impact=high, category=network, priority=urgent: x\n"
    )
    assert a_desk.message() == (
        f"{ticket}: set urgency, impact, category, priority\n"
        "\n"
        f"Ticket: {ticket}\n"
        "Action: set\n"
        "Priority: urgent\n"
        "Category: network"
    )
    a_desk.hd("set", ticket, "urgency=low", "priority=high")
    assert a_desk.ticket(ticket).text("priority") == "high"
    assert a_desk.message().startswith(f"{ticket}: set urgency=low, priority=high\n")
    said = f"{ticket} has priority=high already: x\n"
    before = a_desk.commits()
    assert a_desk.hd("set", ticket, "priority=high").out == said
    assert a_desk.commits() == before


def test_every_field_that_is_only_a_value_can_be_set_and_cleared(a_desk: DeskFolder) -> None:
    with_field = (a_desk.path / "desk.yaml").read_text().replace("fields: []", "fields: [asset-no]")
    (a_desk.path / "desk.yaml").write_text(with_field)
    a_desk.git("commit", "-qam", "a field of our own")
    ticket = a_desk.new("x")
    wanted = {
        "title": "Réseau = en panne",
        "category": "network",
        "requester": "Ana Silva <ana@example.org>",
        "cc": "Bo <bo@example.org>,carl@example.org",
        "channel": "phone",
        "tags": "a,b c",
        "due": "2026-12-24 9:00",
        "external-id": "#1",
        "assignee": "me",
        "asset-no": "PC-042",
    }
    a_desk.hd("set", ticket, *(f"{name}={value}" for name, value in wanted.items()))
    values = a_desk.ticket(ticket).values
    assert values["title"] == "Réseau = en panne"
    assert values["cc"] == ["Bo <bo@example.org>", "carl@example.org"]
    assert values["tags"] == ["a", "b", "c"]
    assert values["due"] == "2026-12-24T08:00:00Z"
    assert values["external_id"] == "#1"
    assert values["asset-no"] == "PC-042"
    assert (values["assignee"], values["status"]) == ("alice", "open")
    a_desk.hd("set", ticket, *(f"{name}=" for name in wanted if name != "title"), "team=none")
    cleared = a_desk.ticket(ticket).values
    assert not {name.replace("-id", "_id") for name in wanted if name != "title"} & cleared.keys()
    assert "team" not in cleared


def test_a_date_is_said_in_local_time(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    said = a_desk.hd("set", ticket, "due=2099-06-24 9:00").out
    assert said == f"{ticket} has due=2099-06-24: x\n"
    assert a_desk.ticket(ticket).text("due") == "2099-06-24T07:00:00Z"


def test_a_list_is_set_by_what_comes_and_goes(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "-t", "a,b")
    a_desk.hd("set", ticket, "tags=b,c")
    last = a_desk.ticket(ticket).log[-1]
    assert (last.add, last.remove) == ({"tags": ["c"]}, {"tags": ["a"]})


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("{}",), 2, "name tickets and fields"),
        (("title=x",), 2, "name tickets and fields"),
        (("{}", "titel=x"), 1, "no field 'titel' on this desk; did you mean 'title'?"),
        (("{}", "=x"), 1, "no field ''"),
        (("{}", "category=netwrok"), 1, "no category 'netwrok' on this desk; did you mean"),
        (("{}", "priority=hihg"), 1, "did you mean 'high'?"),
        (("{}", "team=netwrok"), 1, "did you mean 'network'?"),
        (("{}", "assignee=bbo"), 1, "did you mean 'bob'?"),
        (("{}", "channel=fax"), 1, "no channel 'fax'"),
        (("{}", "title="), 2, "'title' can't be empty"),
        (("{}", "priority=none"), 2, "'priority' can't be empty"),
        (("{}", "title=" + "x" * 501), 2, "'title' must have 1 to 500 characters"),
        (("{}", "due=soon"), 2, "can't read the date 'soon'"),
        (("{}", "requester=Ana <ana>"), 2, "is no requester"),
        (("{}", "tags=a["), 2, "is no tag"),
        (("{}", "title=a", "Title=b"), 2, "'title' is given twice"),
        (("{}", "status=closed"), 1, "hd take, pend, resolve, reopen and close change it"),
        (("{}", "level=2"), 1, "hd escalate and hd deescalate change it"),
        (("{}", "pending=vendor"), 1, "hd pend ID --on vendor sets it"),
        (("{}", "pending-until=friday"), 1, "hd pend ID --on vendor --until WHEN"),
        (("{}", "links=x"), 1, "hd link ID RELATION ID"),
        (("{}", "attachments=x"), 1, "hd attach ID FILE"),
        (("{}", "created=today"), 1, "it follows from the log"),
        (("{}", "id=HD-AAAAA"), 1, "no field 'id'"),
        (("{}", "team=network"), 1, "--team network -m REASON"),
    ],
)
def test_refuses_what_can_t_be_set(
    a_desk: DeskFolder, words: tuple[str, ...], code: int, error: str
) -> None:
    ticket = a_desk.new()
    before = a_desk.commits()
    ran = a_desk.hd("set", *(word.replace("{}", ticket) for word in words), code=code)
    assert error in ran.err
    assert a_desk.commits() == before

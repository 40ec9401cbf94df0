from __future__ import annotations

import pytest

from support import DeskFolder


def test_an_agent_gets_it_and_it_is_open(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("No network")
    ran = a_desk.hd("assign", ticket, "bob", "-m", "You know the switch")
    assert ran.out == f"{ticket} is with bob: No network\n"
    assert a_desk.message() == (
        f"{ticket}: assign to bob\n"
        "\n"
        "You know the switch\n"
        "\n"
        f"Ticket: {ticket}\n"
        "Action: assign\n"
        "Status: open\n"
        "Assignee: bob"
    )
    assert a_desk.git("log", "-1", "--format=%an <%ae>") == "Alice Martin <alice@example.org>"


def test_me_is_the_acting_agent(a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = a_desk.new()
    a_desk.hd("assign", ticket, "me", agent="carol")
    assert a_desk.ticket(ticket).text("assignee") == "carol"
    a_desk.hd("assign", ticket, "me", "--as", "bob")
    assert a_desk.ticket(ticket).text("assignee") == "bob"
    assert a_desk.git("log", "-1", "--format=%an, %cn") == "Bob Ndiaye, Alice Martin"
    monkeypatch.setenv("HD_AGENT", "carol")
    assert a_desk.hd("take", ticket).out == f"{ticket} is yours: Printer jams\n"
    assert a_desk.ticket(ticket).text("assignee") == "carol"


def test_a_team_gets_it_for_whoever_comes_first(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "--team", "network", "-a", "bob")
    assert a_desk.hd("assign", ticket, "systems").out == f"{ticket} is with team systems: x\n"
    found = a_desk.ticket(ticket)
    assert (found.text("team"), found.text("assignee"), found.status) == ("systems", "", "open")
    assert a_desk.message().startswith(f"{ticket}: assign to team systems\n")
    a_desk.hd("assign", ticket, "bob")  # his only team at this level comes with him
    assert a_desk.ticket(ticket).text("team") == "network"
    a_desk.hd("assign", ticket, "carol")  # two teams there: which one is not for hd to say
    assert a_desk.ticket(ticket).text("team") == "network"
    assert a_desk.hd("assign", ticket, "none").out == f"{ticket} is with team network: x\n"
    assert a_desk.message().startswith(f"{ticket}: unassign (network)\n")


def test_a_team_of_another_level_gets_nothing(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("a"), a_desk.new("b", "--team", "network")
    up = a_desk.hd("assign", first, "network", code=1).err
    assert f"hd escalate {first} --team network -m REASON" in up
    down = a_desk.hd("assign", second, "desk", code=1).err
    assert f"hd deescalate {second} --team desk -m REASON" in down


def test_an_agent_from_another_level_leaves_the_team_alone(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("take", ticket, agent="bob")
    found = a_desk.ticket(ticket)
    assert (found.level, found.text("team"), found.text("assignee")) == (1, "desk", "bob")


def test_what_is_so_already_is_said_and_commits_nothing(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "-a", "bob")
    before = a_desk.commits()
    assert a_desk.hd("assign", ticket, "bob").out == f"{ticket} is with bob already: x\n"
    assert a_desk.hd("take", ticket, agent="bob").out == f"{ticket} is yours already: x\n"
    assert a_desk.hd("assign", ticket, "bob", "-q").out == f"{ticket}\n"
    assert a_desk.commits() == before


def test_one_refusal_and_nothing_is_done(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("a"), a_desk.new("b")
    a_desk.hd("close", second)
    before = a_desk.commits()
    error = a_desk.hd("assign", first, second, "bob", code=1).err
    assert error == (
        f"hd: {second} is closed: can't assign it; "
        "allowed now: note, reply, procedure, reopen, tag, set, edit, link, merge, attach, "
        "helpful, rate, follow\n"
    )
    a_desk.hd("take", first, "zzzzz", code=3)
    assert a_desk.commits() == before
    assert a_desk.ticket(first).text("assignee") == ""


@pytest.mark.parametrize(
    ("target", "code", "error"),
    [
        ("bbo", 1, "no agent or team 'bbo' on this desk; did you mean 'bob'?"),
        ("netwrk", 1, "did you mean 'network'?"),
        ("", 1, "no agent or team ''"),
    ],
)
def test_refuses_whom_the_desk_does_not_know(
    a_desk: DeskFolder, target: str, code: int, error: str
) -> None:
    assert error in a_desk.hd("assign", a_desk.new(), target, code=code).err


def test_who_has_left_gets_nothing(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    settings = a_desk.path / "desk.yaml"
    text = settings.read_text()
    settings.write_text(text.replace("name: Bob Ndiaye", "name: Bob Ndiaye\n    active: false"))
    a_desk.git("commit", "-qam", "Bob left")
    for args in (
        ("assign", ticket, "bob"),
        ("set", ticket, "assignee=bob"),
        ("escalate", ticket, "-a", "bob", "-m", "x"),
        ("new", "x", "-a", "bob"),
        ("take", ticket, "--as", "bob"),
    ):
        assert "agent 'bob' is not active" in a_desk.hd(*args, code=1).err


def test_taking_it_while_it_waits_leaves_it_waiting(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("pend", ticket, "--on", "vendor")
    a_desk.hd("take", ticket)
    found = a_desk.ticket(ticket)
    assert (found.status, found.text("assignee")) == ("pending", "alice")

from __future__ import annotations

from pathlib import Path

import pytest

from editing import at_terminal, write
from support import DeskFolder


def test_the_next_level_gets_it_with_the_reason_and_a_branch(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("No network", "-c", "network", "-a", "me")
    ran = a_desk.hd("escalate", ticket, "-m", "Restarted twice")
    assert ran.out == f"{ticket} is at level 2, with network: No network\n"
    assert a_desk.message() == (
        f"{ticket}: escalate to level 2 (network)\n"
        "\n"
        "Restarted twice\n"
        "\n"
        f"Ticket: {ticket}\n"
        "Action: escalate\n"
        "From-Level: 1\n"
        "To-Level: 2\n"
        "Team: network\n"
        "Assignee: none"
    )
    assert a_desk.branches() == [f"l2/{ticket}: {ticket}: escalate to level 2 (network)"]
    assert a_desk.clean()


def test_the_branch_moves_with_the_ticket_and_goes_when_it_is_done(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "-c", "network")
    other = a_desk.new("y")
    a_desk.hd("escalate", ticket, "-m", "first")
    a_desk.hd("note", ticket, "-m", "seen")
    a_desk.hd("note", other, "-m", "unrelated")
    assert a_desk.branches() == [f"l2/{ticket}: {ticket}: note: seen"]
    assert a_desk.git("rev-parse", f"l2/{ticket}") == a_desk.git("rev-parse", "main^")
    a_desk.hd("escalate", ticket, "-m", "second")
    assert a_desk.branches() == [f"l3/{ticket}: {ticket}: escalate to level 3 (vendor)"]
    a_desk.hd("deescalate", ticket, "-m", "back")
    assert a_desk.branches() == [f"l2/{ticket}: {ticket}: deescalate to level 2 (network)"]
    a_desk.hd("resolve", ticket, "-m", "done")
    assert a_desk.branches() == []
    a_desk.hd("reopen", ticket)
    assert a_desk.branches() == [f"l2/{ticket}: {ticket}: reopen"]
    a_desk.hd("close", ticket)
    assert a_desk.branches() == []
    a_desk.hd("undo")
    assert a_desk.branches() == [f"l2/{ticket}: {ticket}: undo close"]
    a_desk.hd("deescalate", ticket, "--to", "1")
    assert a_desk.branches() == []


def test_level_team_and_agent_can_be_named(a_desk: DeskFolder) -> None:
    first, second, third, fourth = (a_desk.new(title) for title in "abcd")
    a_desk.hd("escalate", first, "--to", "3", "-m", "x")
    assert (a_desk.ticket(first).level, a_desk.ticket(first).text("team")) == (3, "vendor")
    a_desk.hd("escalate", second, "--team", "vendor", "-m", "x")  # the team says the level
    assert a_desk.ticket(second).level == 3
    said = a_desk.hd("escalate", third, "-a", "bob", "-m", "x").out  # the agent says the team
    assert said == f"{third} is at level 2, with network and bob: c\n"
    a_desk.hd("escalate", fourth, "--team", "apps", "-a", "me", "-m", "x")
    found = a_desk.ticket(fourth)
    assert (found.text("team"), found.text("assignee")) == ("apps", "alice")


def test_where_nobody_says_which_team_it_has_none(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "-c", "other", "-a", "me")
    ran = a_desk.hd("escalate", ticket, "-m", "x")
    assert ran.out == f"{ticket} is at level 2: x\n"
    assert f"nobody is told of {ticket}: no team" in ran.err
    found = a_desk.ticket(ticket)
    assert (found.status, found.text("team"), found.text("assignee")) == ("open", "", "")


def test_a_waiting_ticket_waits_no_more(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("pend", ticket, "--on", "vendor", "--until", "+3d")
    a_desk.hd("escalate", ticket, "-m", "They don't answer")
    found = a_desk.ticket(ticket)
    assert (found.status, found.text("pending"), found.text("pending_until")) == ("open", "", "")


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        ((), 2, "no reason; give it with -m TEXT, --file FILE"),
        (("-m", ""), 2, "a reason to escalate is missing"),
        (("-m", " \n"), 2, "a reason to escalate is missing"),
        (("-m", "x", "--to", "2"), 1, "is at level 2 already; hd assign"),
        (("-m", "x", "--to", "1"), 1, "is at level 2, above 1; hd deescalate"),
        (("-m", "x", "--to", "4"), 1, "no level 4 on this desk; its levels are 1 to 3"),
        (("-m", "x", "--to", "0"), 1, "no level 0 on this desk"),
        (("-m", "x", "--to", "x"), 2, "'x' is not a valid integer"),
        (("-m", "x", "--to", "3", "--team", "apps"), 1, "team 'apps' works at level 2, not 3"),
        (("-m", "x", "--team", "vendro"), 1, "did you mean 'vendor'?"),
        (("-m", "x", "-a", "bbo"), 1, "did you mean 'bob'?"),
    ],
)
def test_refuses_what_makes_no_sense(
    a_desk: DeskFolder, args: tuple[str, ...], code: int, error: str
) -> None:
    ticket = a_desk.new("x", "--team", "network")
    before = a_desk.commits()
    assert error in a_desk.hd("escalate", ticket, *args, code=code).err
    assert a_desk.commits() == before


def test_nothing_is_above_the_last_level(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "--team", "vendor")
    error = a_desk.hd("escalate", ticket, "-m", "x", code=1).err
    assert error == (
        f"hd: {ticket} is at level 3, the desk's last; "
        f"hd assign {ticket} gives it to another team or agent there\n"
    )


def test_going_down_needs_a_level_below(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("a"), a_desk.new("b", "--team", "network")
    assert "is at level 1, the first" in a_desk.hd("deescalate", first, code=1).err
    assert "is at level 2, not above 2" in a_desk.hd("deescalate", second, "--to", "2", code=1).err
    assert "no level 0" in a_desk.hd("deescalate", second, "--to", "0", code=1).err
    said = a_desk.hd("deescalate", second, "-a", "me", "-m", "Only a password").out
    assert said == f"{second} is at level 1, with desk and alice: b\n"


def test_several_go_up_each_to_its_own_next_level(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("a"), a_desk.new("b", "--team", "network")
    before = a_desk.commits()
    a_desk.hd("escalate", f"{first},{second}", "-m", "x")
    assert [a_desk.ticket(first).level, a_desk.ticket(second).level] == [2, 3]
    assert a_desk.commits() == before + 2


def test_at_a_terminal_the_editor_asks_for_the_reason(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new("x", "-c", "network")
    seen = tmp_path / "template"
    ran = at_terminal(a_desk, "escalate", ticket, editor=write("Looks like\nthe VLAN", seen))
    assert (ran.code, ran.out) == (0, f"{ticket} is at level 2, with network: x\n")
    assert a_desk.ticket(ticket).log[-1].body == "Looks like\nthe VLAN"
    assert f"# Why does {ticket} need another level?" in seen.read_text()
    refused = at_terminal(a_desk, "escalate", ticket, "--to", "2", editor=f"rm '{seen}'")
    assert (refused.code, seen.exists()) == (1, True)

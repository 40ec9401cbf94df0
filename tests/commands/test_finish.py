from __future__ import annotations

from pathlib import Path

from editing import at_terminal, write
from support import DeskFolder


def test_a_solution_is_needed_and_kept(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("No network", "-a", "me")
    assert "no solution" in a_desk.hd("resolve", ticket, code=2).err
    assert "a solution is missing" in a_desk.hd("resolve", ticket, "-m", " ", code=2).err
    ran = a_desk.hd("resolve", ticket, "-m", "-", stdin="The cable was loose\n")
    assert ran.out == f"{ticket} is resolved: No network\n"
    assert a_desk.message() == (
        f"{ticket}: resolve\n\nThe cable was loose\n\n"
        f"Ticket: {ticket}\nAction: resolve\nStatus: resolved"
    )
    found = a_desk.ticket(ticket)
    assert found.text("resolved") == found.log[-1].at


def test_reopening_and_closing(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    a_desk.hd("resolve", ticket, "-m", "done")
    assert a_desk.hd("reopen", ticket, "-m", "It is back").out == f"{ticket} is open: x\n"
    assert "resolved" not in a_desk.ticket(ticket).values
    assert a_desk.hd("close", ticket).out == f"{ticket} is closed: x\n"
    assert a_desk.message() == (
        f"{ticket}: close\n\nTicket: {ticket}\nAction: close\nStatus: closed"
    )


def test_what_is_so_already_is_said_unless_words_would_be_lost(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "-a", "me")
    before = a_desk.commits()
    assert a_desk.hd("reopen", ticket).out == f"{ticket} is open already: x\n"
    assert "can't reopen it" in a_desk.hd("reopen", ticket, "-m", "why", code=1).err
    assert a_desk.commits() == before
    a_desk.hd("close", ticket)
    assert a_desk.hd("close", ticket).out == f"{ticket} is closed already: x\n"
    assert a_desk.hd("close", ticket, "-q").out == f"{ticket}\n"
    assert "can't close it" in a_desk.hd("close", ticket, "-m", "why", code=1).err
    assert "can't resolve it" in a_desk.hd("resolve", ticket, "-m", "why", code=1).err
    assert a_desk.commits() == before + 1


def test_reopening_ends_the_waiting(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("pend", ticket, "--on", "requester", "--until", "+1w")
    a_desk.hd("reopen", ticket)
    found = a_desk.ticket(ticket)
    assert (found.status, found.text("pending"), found.text("pending_until")) == ("open", "", "")


def test_at_a_terminal_the_editor_asks_for_the_solution(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new("x")
    seen = tmp_path / "template"
    assert at_terminal(a_desk, "resolve", ticket, editor=write("New clip", seen)).code == 0
    assert f"# How was {ticket} solved?" in seen.read_text()
    assert a_desk.ticket(ticket).log[-1].body == "New clip"


def test_at_a_terminal_nothing_is_asked_that_can_t_be_done(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    ticket = a_desk.new("x")
    a_desk.hd("close", ticket)
    ran = at_terminal(a_desk, "resolve", ticket, editor=f"touch '{tmp_path}/opened'")
    assert (ran.code, "can't resolve it" in ran.out) == (1, True)
    assert not (tmp_path / "opened").exists()

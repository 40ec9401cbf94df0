from __future__ import annotations

from support import DeskFolder


def test_who_follows_a_ticket_stands_on_it_once(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new(), a_desk.new("x")
    ran = a_desk.hd("follow", ticket, ticket)
    assert ran.out == f"{ticket} is followed by you: Printer jams\n"
    assert a_desk.message() == (
        f"{ticket}: follow\n\nTicket: {ticket}\nAction: follow\nWatcher: +alice"
    )
    a_desk.hd("follow", ticket, agent="bob")
    assert a_desk.ticket(ticket).items("watchers") == ("alice", "bob")
    assert a_desk.ticket(ticket).status == "new"
    assert a_desk.hd("follow", ticket).out == f"{ticket} is followed by you already: Printer jams\n"
    assert a_desk.hd("list", "-q", "watcher:me").out == f"{ticket}\n"
    assert a_desk.hd("list", "-q", "watcher:carol").out == ""
    assert a_desk.hd("list", "-q", "watcher:none").out == f"{other}\n"


def test_nobody_stops_but_the_one_who_says_so(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("follow", ticket)
    a_desk.hd("follow", ticket, agent="bob")
    ran = a_desk.hd("follow", "--stop", ticket, agent="bob")
    assert ran.out == f"{ticket} is not followed by you: Printer jams\n"
    assert a_desk.message().startswith(f"{ticket}: no longer follow\n")
    assert a_desk.ticket(ticket).items("watchers") == ("alice",)
    assert a_desk.hd("list", "-q", "watcher:bob").out == ""
    assert a_desk.hd("fsck").code == 0


def test_who_follows_a_duplicate_follows_what_it_is_merged_into(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new("a"), a_desk.new("b")
    a_desk.hd("follow", other, agent="bob")
    a_desk.hd("merge", other, ticket)
    assert a_desk.ticket(ticket).items("watchers") == ("bob",)


def test_a_watcher_whom_the_desk_does_not_know_is_refused(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    file = a_desk.file(ticket)
    file.write_text(file.read_text().replace("\nstatus:", "\nwatchers: [dave]\nstatus:"))
    assert "no agent 'dave' on this desk" in a_desk.hd("commit", ticket, code=4).err

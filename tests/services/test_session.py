from __future__ import annotations

from hdcli.model.ticket import Ticket
from hdcli.store import codec
from support import DeskFolder


def edit(desk: DeskFolder, ticket_id: str, old: str, new: str, author: str = "") -> None:
    """A hand edit that is committed with git alone."""
    file = desk.file(ticket_id)
    top, log, rest = file.read_text().partition("\nlog:")
    assert old in top
    file.write_text(top.replace(old, new, 1) + log + rest)
    who = ["--author", author, "--date", "2026-11-01T08:00:00Z"] if author else []
    desk.git("commit", "-qam", f"{new}, by hand", *who)


def ticket(desk: DeskFolder, ticket_id: str) -> Ticket:
    return codec.read_ticket(desk.file(ticket_id).read_bytes(), "x")


BOB = "Bob Ndiaye <bob@example.org>"
EVE = "Eve Stone <eve@elsewhere.example>"


def test_the_next_action_first_takes_in_what_git_alone_committed(a_desk: DeskFolder) -> None:
    found = a_desk.new("Jam")
    edit(a_desk, found, "priority: normal", "priority: high   # boss", BOB)
    assert "high" in a_desk.hd("show", found).out
    a_desk.hd("note", found, "-m", "Seen.")
    log = ticket(a_desk, found).log
    assert [(each.by, each.action) for each in log] == [
        ("alice", "new"),
        ("bob", "edit"),
        ("alice", "note"),
    ]
    assert log[1].set == {"priority": "high"}
    assert log[1].at == log[0].at  # bob's clock said earlier: a log never goes back
    subjects = a_desk.git("log", "-2", "--format=%an <%ae> %s").splitlines()
    assert subjects == [
        f"Alice Martin <alice@example.org> {found}: note: Seen.",
        f"{BOB} {found}: edit priority=high",
    ]
    assert "priority: high   # boss\n" in a_desk.file(found).read_text()
    assert a_desk.clean()


def test_each_author_since_the_last_entry_gets_an_entry(a_desk: DeskFolder) -> None:
    found = a_desk.new("Jam")
    edit(a_desk, found, "priority: normal", "priority: high", BOB)
    edit(a_desk, found, "title: Jam", "title: Smoke", EVE)
    edit(a_desk, found, "title: Smoke", "title: Smoke # really", BOB)
    edit(a_desk, found, "priority: high", "priority: urgent", EVE)
    a_desk.hd("take", found)
    assert [(each.by, dict(each.set)) for each in ticket(a_desk, found).log[1:-1]] == [
        ("bob", {"priority": "high"}),
        (EVE, {"title": "Smoke"}),
        (EVE, {"priority": "urgent"}),
    ]


def test_what_was_edited_and_put_back_leaves_no_entry_behind(a_desk: DeskFolder) -> None:
    found = a_desk.new("Jam")
    edit(a_desk, found, "title: Jam", "title: Smoke", BOB)
    edit(a_desk, found, "title: Smoke", "title: Jam", EVE)
    a_desk.hd("note", found, "-m", "Seen.")
    assert [each.action for each in ticket(a_desk, found).log] == ["new", "note"]


def test_the_level_branch_follows_an_edit_that_git_committed(a_desk: DeskFolder) -> None:
    found = a_desk.new("Jam")
    edit(a_desk, found, "level: 1", "level: 2", BOB)
    a_desk.hd("note", found, "-m", "Seen.")
    assert a_desk.git("rev-parse", f"l2/{found}") == a_desk.git("rev-parse", "main")
    edit(a_desk, found, "level: 2", "level: 1", BOB)
    a_desk.hd("note", found, "-m", "Down again.")
    assert a_desk.git("branch", "--list", "l*/*") == ""


def test_a_ticket_made_by_hand_and_committed_with_git_opens_with_its_first_action(
    a_desk: DeskFolder,
) -> None:
    file = a_desk.file("HD-0A0A0")
    file.parent.mkdir(parents=True)
    file.write_text("id: HD-0A0A0\ntitle: Jam\nstatus: new\nlevel: 2\n")
    a_desk.git("add", "tickets")
    a_desk.git("commit", "-qm", "by hand", "--author", EVE)
    assert "Jam" in a_desk.hd("list").out
    a_desk.hd("take", "0a0a0")
    assert [(each.by, each.action) for each in ticket(a_desk, "HD-0A0A0").log] == [
        (EVE, "new"),
        ("alice", "take"),
    ]
    assert a_desk.git("log", "-1", "--skip=1", "--format=%s") == "HD-0A0A0: new: Jam"
    assert a_desk.git("rev-parse", "l2/HD-0A0A0") == a_desk.git("rev-parse", "main")


def test_a_refused_action_takes_nothing_in(a_desk: DeskFolder) -> None:
    found = a_desk.new("Jam")
    edit(a_desk, found, "title: Jam", "title: Smoke", BOB)
    before = a_desk.git("rev-parse", "main")
    a_desk.hd("reopen", found, code=1)
    assert a_desk.git("rev-parse", "main") == before


def test_entries_follow_one_another_whatever_the_clock_says(a_desk: DeskFolder) -> None:
    found = a_desk.new("Jam")
    text = a_desk.file(found).read_text()
    stamp = text.partition("at: ")[2].partition("\n")[0]
    a_desk.file(found).write_text(text.replace(stamp, "2099-01-01T00:00:00Z"))
    a_desk.git("commit", "-qam", "a clock that is wrong")
    a_desk.hd("note", found, "-m", "Seen.")
    log = ticket(a_desk, found).log
    assert [each.action for each in log] == ["new", "note"]
    assert log[1].at == "2099-01-01T00:00:00Z"
    assert log[1].id > log[0].id

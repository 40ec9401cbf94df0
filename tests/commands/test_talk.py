from __future__ import annotations

import sys
from pathlib import Path

import pytest

from editing import at_terminal, write
from support import DeskFolder


def test_a_note_changes_nothing_but_the_log(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    before = a_desk.ticket(ticket)
    ran = a_desk.hd("note", ticket, "-m", "Port 12 is dead\n\nSpare ordered\n")
    assert ran.out == f"{ticket} has your note: x\n"
    after = a_desk.ticket(ticket)
    assert {**after.values, "updated": ""} == {**before.values, "updated": ""}
    assert after.log[-1].body == "Port 12 is dead\n\nSpare ordered"
    assert a_desk.message() == (
        f"{ticket}: note: Port 12 is dead\n"
        "\n"
        "Port 12 is dead\n"
        "\n"
        "Spare ordered\n"
        "\n"
        f"Ticket: {ticket}\n"
        "Action: note"
    )


def test_a_reply_opens_a_new_ticket_and_leaves_others_as_they_are(a_desk: DeskFolder) -> None:
    fresh, waiting, ended = (a_desk.new(title) for title in "abc")
    a_desk.hd("pend", waiting, "--on", "requester")
    a_desk.hd("close", ended)
    ran = a_desk.hd("reply", fresh, waiting, ended, "--file", "-", stdin="Which number?")
    assert ran.out == "".join(
        f"{each} has your reply: {title}\n"
        for each, title in ((fresh, "a"), (waiting, "b"), (ended, "c"))
    )
    assert [a_desk.ticket(each).status for each in (fresh, waiting, ended)] == [
        "open",
        "pending",
        "closed",
    ]


def test_who_is_called_is_kept_with_the_words(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    ran = a_desk.hd("note", ticket, "-m", "@Bob, @systems: see mail of x@bob. Or ask @carl")
    assert ran.err == "note: @carl is no agent or team of this desk, did you mean @carol?\n"
    assert a_desk.ticket(ticket).log[-1].extra == {"mentions": ["bob", "systems"]}
    assert a_desk.message().endswith("Action: note\nMention: bob\nMention: systems")
    a_desk.hd("reply", ticket, "-m", "nobody@example.org knows")
    assert not a_desk.ticket(ticket).log[-1].extra


def test_any_text_of_an_agent_calls_but_what_a_requester_said_of_a_score(
    a_desk: DeskFolder,
) -> None:
    ticket = a_desk.new()
    for action in ("pend", "escalate", "resolve", "reopen"):
        ran = a_desk.hd(action, ticket, "-m", f"@bob, @carl: {action}")
        assert "@carl is no agent" in ran.err
        assert a_desk.ticket(ticket).log[-1].extra == {"mentions": ["bob"]}
    assert a_desk.hd("rate", ticket, "4", "-m", "thanks @bob and @carl").err == ""
    assert not a_desk.ticket(ticket).log[-1].extra


def test_a_call_that_nobody_will_read_is_told(a_desk: DeskFolder) -> None:
    a_desk.hd("agent", "edit", "bob", "--inactive")
    ran = a_desk.hd("note", a_desk.new(), "-m", "@bob and @network")
    assert (
        ran.err
        == "note: @bob is not active and won't read it\nnote: @network has no active agent\n"
    )


def test_files_come_with_the_words(a_desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("boom")
    ticket = a_desk.new()
    a_desk.hd("note", ticket, "-m", "See there", "--attach", "log.txt")
    (path,) = a_desk.ticket(ticket).items("attachments")
    assert (a_desk.path / path).read_text() == "boom"
    assert a_desk.clean()
    assert f"Attachment: +{path}" in a_desk.message()


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ((), "no note; give it with -m TEXT, --file FILE or -m - from standard input"),
        (("-m", "\n \n"), "a note is missing"),
        (("-m", "a", "--file", "b"), "give -m or --file, not both"),
        (("--file", "nowhere"), "can't read nowhere"),
        (("--file", "."), "can't read .: Is a directory"),
        (("-m", "x" * 1_000_001), "longer than 1,000,000 characters"),
        (("-m", "x", "--attach", "nowhere"), "can't read nowhere"),
    ],
)
def test_refuses_a_note_of_nothing(a_desk: DeskFolder, args: tuple[str, ...], error: str) -> None:
    ticket = a_desk.new()
    before = a_desk.commits()
    assert error in a_desk.hd("note", ticket, *args, code=2).err
    assert a_desk.commits() == before


def test_at_a_terminal_the_editor_asks_and_empty_stops(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new("x")
    seen = tmp_path / "template"
    ran = at_terminal(a_desk, "reply", ticket, editor=write("# not this\nHello\n#nor this", seen))
    assert (ran.code, ran.out) == (0, f"{ticket} has your reply: x\n")
    assert a_desk.ticket(ticket).log[-1].body == "Hello"
    assert f"# A reply on {ticket}: the requester reads it." in seen.read_text()
    before = a_desk.commits()
    empty = at_terminal(a_desk, "note", ticket, editor="true")
    assert (empty.code, empty.out) == (1, "hd: nothing was written, so nothing was done\n")
    assert a_desk.commits() == before


def test_the_desk_is_free_while_somebody_writes(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    meanwhile = f"{sys.executable} -m hdcli note {ticket} -m meanwhile </dev/null || exit 9"
    ran = at_terminal(a_desk, "note", ticket, editor=f"{meanwhile}\n{write('at last')}")
    assert ran.code == 0
    assert [entry.body for entry in a_desk.ticket(ticket).log[1:]] == ["meanwhile", "at last"]


def test_what_was_written_is_kept_when_the_ticket_can_t_take_it(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    path = a_desk.file(ticket)
    ran = at_terminal(
        a_desk, "note", ticket, editor=f"echo '# by hand' >> '{path}'\n{write('A long story')}"
    )
    assert ran.code == 5
    assert "your text is in" in ran.out
    assert (a_desk.path / ".git" / "hd" / "unsaved.txt").read_text() == "A long story\n"


def test_a_title_can_t_colour_the_screen_or_break_the_line(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    path = a_desk.file(ticket)
    text = path.read_text().replace("title: x", 'title: "\\e[31mred \\u202eder"')
    path.write_text(text)
    a_desk.git("commit", "-qam", "by hand")
    assert a_desk.hd("note", ticket, "-m", "y").out == (
        f"{ticket} has your note: ^[[31mred \\u202eder\n"
    )


def test_at_a_narrow_terminal_a_line_stays_a_line(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("word " * 40)
    ran = at_terminal(a_desk, "note", ticket, "-m", "x")
    (line,) = ran.out.splitlines()
    assert len(line) <= 100  # COLUMNS
    assert line.endswith("…")

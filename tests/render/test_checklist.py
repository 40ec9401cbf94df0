from __future__ import annotations

from datetime import UTC, datetime

from hdcli.model.entry import Entry
from hdcli.model.procedure import steps_from
from hdcli.render.checklist import all_steps, checklist, next_step
from hdcli.render.look import Look
from hdcli.render.style import Palette
from hdcli.services.following import Following

STEPS = steps_from(
    [
        {"do": "Ask for the name, and for the number on the sticker", "then": {"goto": 3}},
        {"do": "Look it up", "else": {"escalate": "network"}},
        {
            "do": "Print \x1b[31mred\u202e",
            "expect": "It comes out",
            "command": {"Linux": "lp \x07x"},
        },
    ]
)


def look(columns: int | None = None, *, colours: bool = False) -> Look:
    return Look(Palette(colours), datetime(2026, 11, 24, tzinfo=UTC), UTC, columns)


def now(*items: str) -> Following:
    entry = Entry("0002-aaaaaa", "2026-11-24T09:00:00Z", "ann", "step", body="It is\nprn-4\x1b[2J")
    return Following("print", "Printing", STEPS, items, {1: entry})


def test_marks_tell_what_came_of_each_step() -> None:
    assert list(checklist(now("1 done"), look(), is_open=True)) == [
        "Procedure: Printing (print, step 3 of 3)",
        "[x] 1  Ask for the name, and for the number on the sticker",
        "       | It is",
        "       | prn-4^[[2J",
        "    2  Look it up",
        "[>] 3  Print ^[[31mred\\u202e",
        "       expect: It comes out",
        "       Linux:",
        "         lp ^Gx",
    ]


def test_on_a_closed_ticket_nothing_is_next() -> None:
    lines = list(checklist(now("1 skip", "2 fail"), look(), is_open=False))
    assert [line[:6] for line in lines if line.startswith("[")] == ["[-] 1 ", "[!] 2 ", "[ ] 3 "]


def test_long_lines_hang_below_their_beginning_but_commands_are_never_broken() -> None:
    command = "Get-ADUser USER -Properties Enabled, LockedOut, PasswordExpired, PasswordLastSet"
    steps = steps_from([{"do": "word " * 12, "expect": "more " * 10, "command": command}])
    found = Following("x", "X", steps)
    assert list(next_step(found, look(40))) == [
        "1/1  word word word word word word word",
        "     word word word word word",
        "     expect: more more more more more",
        "             more more more more more",
        "     command:",
        f"       {command}",
    ]


def test_colour_only_adds_to_what_the_marks_say() -> None:
    import re

    items = ("1 fail", "2 fail")
    plain = list(checklist(now(*items), look(), is_open=True))
    coloured = list(checklist(now(*items), look(colours=True), is_open=True))
    assert plain != coloured
    assert [re.sub("\x1b\\[[0-9;]*m", "", line) for line in coloured] == plain


def test_all_steps_say_where_they_lead() -> None:
    lines = list(all_steps(STEPS, look()))
    assert "   then step 3" in lines
    assert "   else escalate to network" in lines

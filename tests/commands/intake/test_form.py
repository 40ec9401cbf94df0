"""hd intake form: a call, taken at a terminal with one hand."""

from __future__ import annotations

import os
import sys
from contextlib import closing

from support import DeskFolder
from terminal import Terminal

BOOK = 'zoe@example.org: {name: Zoé Costa, vip: true, site: Lyon, phone: "+33 4 72"}\n'
DOWN = "\x1b[B"


def test_who_is_known_is_completed_and_what_may_help_is_shown(a_desk: DeskFolder) -> None:
    (a_desk.path / "requesters.yaml").write_text(BOOK)
    a_desk.hd("commit")
    waiting = a_desk.new("Printer jams", "-r", "zoe@example.org", "-c", "printing")
    a_desk.hd("take", waiting)
    argv = [sys.executable, "-m", "hdcli", "intake", "form"]
    with closing(Terminal(argv, a_desk.path, {**os.environ, "NO_COLOR": "1"})) as terminal:
        for awaited, keys in (
            ("Who:", "cos"),
            ("Zoé Costa <zoe@example.org>", DOWN + "\r"),
            ("Lyon  +33 4 72  VIP", ""),
            (f"open: {waiting}", ""),
            ("What is wrong:", "Printer jam \x7f\x7fms again"),
            (f"{waiting}  open", "\r"),
            ("Details:", "\x1b[200~Since ten.\r\rNow too.\x1b[201~\r"),
            ("more:", "\r"),
            ("> printing", "\r"),
            ("> medium", DOWN + DOWN + "\r"),
        ):
            terminal.await_output(awaited)
            terminal.output = terminal.output.partition(awaited)[2]
            terminal.type(keys)
        terminal.await_output("HD-")
        terminal.await_output("\n")
    ticket = a_desk.ticket(a_desk.hd("list", "-q", "status:new").id)
    assert ticket.title == "Printer jams again"
    assert ticket.description == "Since ten.\n\nNow too."
    assert ticket.text("requester") == "Zoé Costa <zoe@example.org>"
    assert [ticket.text(name) for name in ("channel", "category", "urgency")] == [
        *("phone", "printing", "high")
    ]


def test_who_gives_up_opens_nothing_and_the_terminal_is_as_it_was(a_desk: DeskFolder) -> None:
    argv = ["sh", "-c", f"{sys.executable} -m hdcli intake form; stty -a | grep -o '[-]*icanon'"]
    with closing(Terminal(argv, a_desk.path, {**os.environ, "NO_COLOR": "1"})) as terminal:
        terminal.await_output("Who:")
        terminal.type("Ana <ana\r")
        terminal.await_output("is no requester")
        terminal.type("Ana\r")
        terminal.await_output("What is wrong:")
        terminal.type("\x1b")
        terminal.await_output("nothing was taken in")
        terminal.await_output("icanon")
        assert "-icanon" not in terminal.output
    assert a_desk.hd("list", "--count", "--all").out == "0\n"
    assert "for a terminal" in a_desk.hd("intake", "form", code=2).err

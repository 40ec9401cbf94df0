"""hd open: a ticket's file in the editor, or its path."""

from __future__ import annotations

import shlex
import sys
from contextlib import closing
from pathlib import Path

from hdcli.errors import NotFound, Refused
from support import DeskFolder
from terminal import Terminal


def test_prints_the_paths_where_there_is_no_terminal(a_desk: DeskFolder) -> None:
    one, other = a_desk.new(), a_desk.new()
    ran = a_desk.hd("open", one, other)
    assert ran.out.splitlines() == [str(a_desk.file(one)), str(a_desk.file(other))]
    assert a_desk.hd("open", "--print", one).out.strip() == str(a_desk.file(one))


def test_a_file_that_is_not_there(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new()
    a_desk.file(ticket).unlink()
    assert "git restore tickets/" in a_desk.hd("open", ticket, code=NotFound.exit_code).err
    hub = DeskFolder(tmp_path / "hub.git")
    a_desk.git("clone", "-q", "--bare", str(a_desk.path), str(hub.path))
    assert "hd show" in hub.hd("open", ticket, code=Refused.exit_code).err


def run_editor(desk: DeskFolder, editor: str, *args: str) -> Terminal:
    return Terminal([sys.executable, "-m", "hdcli", *args], desk.path, {"GIT_EDITOR": editor})


def test_at_a_terminal_git_s_editor_opens_it(make_desk: object) -> None:
    assert callable(make_desk)
    desk = make_desk("a desk with spaces & more")
    ticket = desk.new("Before")
    with closing(run_editor(desk, "sed -i s/Before/After/", "open", ticket)) as terminal:
        terminal.await_output(f"{ticket} was edited; hd commit takes it up")
    assert "title: After" in desk.file(ticket).read_text()


def test_an_editor_that_fails_is_told(a_desk: DeskFolder) -> None:
    editor = f"{shlex.quote(sys.executable)} -c 'raise SystemExit(3)'"
    with closing(run_editor(a_desk, editor, "open", a_desk.new())) as terminal:
        terminal.await_output("ended with an error (3)")

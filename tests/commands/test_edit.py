from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hdcli.store import codec
from support import DeskFolder
from terminal import Terminal


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shell script that is the editor: ``$1`` is the file, ``$n`` how often it was opened."""
    script, seen, caller = (tmp_path / name for name in ("script.sh", "opened", "editor"))
    caller.write_text(f"#!/bin/sh\necho >>{seen}\nn=$(wc -l <{seen})\n. {script}\n")
    caller.chmod(0o755)
    monkeypatch.setenv("GIT_EDITOR", str(caller))
    return script


def log(desk: DeskFolder, ticket_id: str) -> list[tuple[str, str, dict[str, object]]]:
    found = codec.read_ticket(desk.file(ticket_id).read_bytes(), "x")
    return [(entry.by, entry.action, dict(entry.set)) for entry in found.log]


def kept(message: str) -> str:
    return Path(message.strip().rpartition("your text is in ")[2]).read_text()


def test_what_was_changed_becomes_an_entry_and_comments_stay(
    a_desk: DeskFolder, editor: Path
) -> None:
    ticket = a_desk.new("Jam", "-b", "Since nine.")
    editor.write_text("sed -i 's/^priority: .*/priority: high  # boss/' $1; cp $1 seen")
    assert a_desk.hd("edit", ticket, "-m", "He rang").out == f"{ticket}: edit priority=high\n"
    assert log(a_desk, ticket)[1:] == [("alice", "edit", {"priority": "high"})]
    assert "priority: high  # boss\n" in a_desk.file(ticket).read_text()
    assert a_desk.git("log", "-1", "--format=%b").startswith("He rang\n")
    shown = Path("seen").read_text()
    assert shown.startswith(f"# hd: {ticket} as it is")
    assert "log:" not in shown
    assert "# hd:" not in a_desk.file(ticket).read_text()
    assert a_desk.clean()


def test_what_follows_from_an_edit_is_part_of_it(a_desk: DeskFolder, editor: Path) -> None:
    ticket = a_desk.new("Jam")
    editor.write_text("sed -i 's/^impact: .*/impact: high/; s/^status: .*/status: pending/' $1")
    a_desk.hd("edit", ticket)
    change = {"status": "pending", "impact": "high", "priority": "high", "pending": "requester"}
    assert log(a_desk, ticket)[1:] == [("alice", "edit", change)]
    editor.write_text("sed -i 's/^impact: .*/impact: low/; s/^priority: .*/priority: urgent/' $1")
    a_desk.hd("edit", ticket)
    assert log(a_desk, ticket)[2:] == [("alice", "edit", {"impact": "low", "priority": "urgent"})]


def test_left_as_it_is_nothing_happens(a_desk: DeskFolder, editor: Path) -> None:
    ticket = a_desk.new("Jam")
    before = a_desk.git("rev-parse", "main")
    editor.write_text("touch $1")
    assert a_desk.hd("edit", ticket).out == f"{ticket} stays as it is\n"
    editor.write_text("sed -i 's/^title: Jam/title: \"Jam\"/' $1; sed -i 's/\"Jam\"/Jam/' $1")
    assert a_desk.hd("edit", ticket, "-q").out == ""
    assert a_desk.git("rev-parse", "main") == before
    assert not list((a_desk.path / ".git/hd").glob(f"{ticket}-*"))


def test_several_are_edited_one_after_the_other(a_desk: DeskFolder, editor: Path) -> None:
    one, two = a_desk.new("One"), a_desk.new("Two")
    editor.write_text("sed -i 's/^priority: .*/priority: high/' $1")
    assert a_desk.hd("edit", "-q", f"{one},{two}").out.split() == [one, two]


def test_a_wrong_text_is_shown_again_with_the_reason_on_top(
    a_desk: DeskFolder, editor: Path
) -> None:
    ticket = a_desk.new("Jam")
    editor.write_text(
        "if [ $n = 1 ]; then sed -i 's/^priority: .*/priority: hihg/' $1;\n"
        "else cp $1 seen; sed -i 's/hihg/high/' $1; fi"
    )
    a_desk.hd("edit", ticket)
    top, line = Path("seen").read_text().splitlines()[0], ""
    assert top.startswith("# hd: line ")
    number = int(top.split()[3].rstrip(":"))
    line = Path("seen").read_text().splitlines()[number - 1]
    assert line == "priority: hihg"
    assert log(a_desk, ticket)[1:] == [("alice", "edit", {"priority": "high"})]


@pytest.mark.parametrize(
    "script",
    [
        "[ $n = 1 ] && sed -i 's/^priority: .*/priority: hihg  # typed/' $1; true",
        "sed -i 's/^priority: .*/priority: hihg  # typed/' $1",
        "sed -i 's/^priority: .*/&x  # typed/' $1",
    ],
)
def test_who_gives_up_finds_the_text_again(a_desk: DeskFolder, editor: Path, script: str) -> None:
    ticket = a_desk.new("Jam")
    editor.write_text(script)
    ran = a_desk.hd("edit", ticket, code=4)
    assert ran.err.startswith(f"hd: {ticket}:")
    assert "# typed" in kept(ran.err)
    assert "# hd:" not in kept(ran.err)
    assert log(a_desk, ticket)[1:] == []


def test_an_editor_that_fails_or_leaves_nothing_changes_nothing(
    a_desk: DeskFolder, editor: Path
) -> None:
    ticket = a_desk.new("Jam")
    editor.write_text("exit 1")
    assert "your text" not in a_desk.hd("edit", ticket, code=1).err
    editor.write_text("echo '# typed' >$1; exit 1")
    assert kept(a_desk.hd("edit", ticket, code=1).err) == "# typed\n"
    editor.write_text(": >$1")
    assert "nothing was left" in a_desk.hd("edit", ticket, code=1).err


def test_the_log_is_not_edited(a_desk: DeskFolder, editor: Path) -> None:
    ticket = a_desk.new("Jam")
    editor.write_text("[ $n = 1 ] && echo 'log: []' >>$1; true")
    assert "hd note adds to it" in a_desk.hd("edit", ticket, code=4).err


def test_others_go_on_meanwhile_and_both_changes_stay(a_desk: DeskFolder, editor: Path) -> None:
    ticket = a_desk.new("Jam", "-t", "paper")
    editor.write_text(
        f"{sys.executable} -m hdcli --desk {a_desk.path} --as bob set {ticket} urgency=high\n"
        f"{sys.executable} -m hdcli --desk {a_desk.path} --as bob tag {ticket} +bob\n"
        "sed -i 's/^title: Jam/title: Jam again  # typed/; s/^tags: .*/tags: [paper, alice]/' $1"
    )
    a_desk.hd("edit", ticket)
    found = codec.read_ticket(a_desk.file(ticket).read_bytes(), "x")
    assert (found.title, found.text("urgency")) == ("Jam again", "high")
    assert found.items("tags") == ("paper", "bob", "alice")
    assert "title: Jam again  # typed\n" in a_desk.file(ticket).read_text()
    assert [entry.by for entry in found.log] == ["alice", "bob", "bob", "alice"]


def test_a_field_that_both_changed_is_a_conflict_and_the_text_stays(
    a_desk: DeskFolder, editor: Path
) -> None:
    ticket = a_desk.new("Jam")
    editor.write_text(
        f"{sys.executable} -m hdcli --desk {a_desk.path} --as bob set {ticket} title=Smoke\n"
        "sed -i 's/^title: Jam/title: Fire/' $1"
    )
    ran = a_desk.hd("edit", ticket, code=5)
    assert f"{ticket}: bob changed title while you edited it" in ran.err
    assert "title: Fire\n" in kept(ran.err)


def test_hand_edits_that_wait_are_said_before_the_editor_opens(
    a_desk: DeskFolder, editor: Path
) -> None:
    ticket = a_desk.new("Jam")
    a_desk.file(ticket).write_text(a_desk.file(ticket).read_text() + "# mine\n")
    editor.write_text("touch opened_all_the_same")
    assert "hd commit" in a_desk.hd("edit", ticket, code=5).err
    assert not Path("opened_all_the_same").exists()


def test_a_file_that_git_has_broken_can_be_mended(a_desk: DeskFolder, editor: Path) -> None:
    ticket = a_desk.new("Jam")
    a_desk.file(ticket).write_text(a_desk.file(ticket).read_text().replace("Jam", "[Jam", 1))
    a_desk.git("commit", "-qam", "oops")
    editor.write_text("sed -i 's/^title: .*/title: Jam/' $1")
    a_desk.hd("edit", ticket)
    assert codec.read_ticket(a_desk.file(ticket).read_bytes(), "x").title == "Jam"


def test_without_terminal_and_editor_it_says_what_to_do(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = a_desk.new("Jam")
    for name in ("GIT_EDITOR", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    assert "hd set ID FIELD=VALUE" in a_desk.hd("edit", ticket, code=2).err


def test_at_a_terminal_nobody_waits_for_the_lock(a_desk: DeskFolder, editor: Path) -> None:
    ticket = a_desk.new("Jam")
    editor.write_text(f"touch {editor.parent}/open; while [ ! -e {editor.parent}/go ]; do :; done")
    argv = [sys.executable, "-m", "hdcli", "edit", ticket]
    with closing(Terminal(argv, a_desk.path, dict(os.environ))) as terminal:
        while not (editor.parent / "open").exists():
            pass
        a_desk.hd("note", ticket, "-m", "Meanwhile.")
        (editor.parent / "go").touch()
        terminal.await_output("stays as it is")

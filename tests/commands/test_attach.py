from __future__ import annotations

import os
from pathlib import Path

from hdcli.services import attachments
from support import DeskFolder


def test_files_lie_beside_the_ticket_and_are_listed_on_it(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    (tmp_path / "Écran bleu.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "empty.log").write_bytes(b"")
    ticket = a_desk.new("x")
    ran = a_desk.hd("attach", ticket, "Écran bleu.jpg", "empty.log", "-m", "As seen at nine")
    assert ran.out == f"{ticket} has Écran-bleu.jpg, empty.log: x\n"
    paths = a_desk.ticket(ticket).items("attachments")
    assert [(a_desk.path / path).read_bytes() for path in paths] == [b"\xff\xd8", b""]
    assert all(path.startswith(f"attachments/{ticket[3:5].lower()}/{ticket}/") for path in paths)
    assert a_desk.message().startswith(
        f"{ticket}: attach Écran-bleu.jpg, empty.log\n\nAs seen at nine\n\nTicket: {ticket}\n"
    )
    assert a_desk.clean()


def test_the_same_file_again_is_there_already(a_desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    ticket = a_desk.new("x")
    a_desk.hd("attach", ticket, "a.txt", "a.txt")
    before = a_desk.commits()
    assert a_desk.hd("attach", ticket, "a.txt").out == f"{ticket} has a.txt already: x\n"
    assert a_desk.commits() == before
    (tmp_path / "a.txt").write_text("two")
    a_desk.hd("attach", ticket, "a.txt")
    assert len(a_desk.ticket(ticket).items("attachments")) == 2


def test_several_tickets_get_it(a_desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    first, second = a_desk.new(), a_desk.new()
    a_desk.hd("attach", f"{first},{second}", "a.txt")
    for each in (first, second):
        (path,) = a_desk.ticket(each).items("attachments")
        assert each in path


def test_a_pipe_is_a_file_too(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    read, write = os.pipe()
    os.write(write, b"last lines")
    os.close(write)
    a_desk.hd("attach", ticket, f"/dev/fd/{read}")
    os.close(read)
    (path,) = a_desk.ticket(ticket).items("attachments")
    assert (a_desk.path / path).read_bytes() == b"last lines"


def test_refuses_what_is_no_file_or_too_large(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new()
    a_desk.hd("config", "max_file=1")
    before = a_desk.commits()
    (tmp_path / "folder").mkdir()
    (tmp_path / "large.bin").write_bytes(b"x" * 1_000_001)
    for name, error in (
        ("nowhere", "can't read nowhere: No such file or directory"),
        ("folder", "can't read folder: Is a directory"),
        ("large.bin", "large.bin is larger than 1 MB"),
        ("/dev/zero", "/dev/zero is larger than"),
    ):
        ran = a_desk.hd("attach", ticket, name, code=2)
        assert error in ran.err
    assert a_desk.commits() == before


def test_an_odd_name_is_cleaned(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new()
    names = [b"-rf \xff *.txt", b"..\xe2\x80\xae", b"a\nb", b"\xf0\x9f\x96\xa8" * 60, b"\x1b[31m"]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(name)
    a_desk.hd("attach", ticket, *(f"./{os.fsdecode(name)}" for name in names))
    cleaned = [attachments.name_of(path) for path in a_desk.ticket(ticket).items("attachments")]
    assert cleaned == ["rf-.txt", "file", "a-b", "file", "31m"]
    assert a_desk.clean()

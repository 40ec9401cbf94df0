from __future__ import annotations

import damaging
from hdcli.store.contents import contents
from hdcli.store.discover import discover
from support import DeskFolder


def test_damaged_and_missing_objects_hide_no_other(a_desk: DeskFolder) -> None:
    blobs = []
    for number in range(9):
        (a_desk.path / "file").write_text(f"{number} " * 3000)
        blobs.append(a_desk.git("hash-object", "-w", "file"))
    for number, data in ((0, b""), (3, b"garbage"), (8, b"")):
        damaging.loose(a_desk, blobs[number]).write_bytes(data)
    damaging.flip(damaging.loose(a_desk, blobs[5]), -2)
    damaging.loose(a_desk, blobs[6]).unlink()
    found = list(contents(discover(a_desk.path).repository, blobs))
    assert [data and data[:2] for data in found] == [
        *(None, b"1 ", b"2 ", None, b"4 ", None, None, b"7 ", None)
    ]


def test_a_damaged_ticket_is_told_and_all_others_are_listed(a_desk: DeskFolder) -> None:
    (a_desk.path.parent / "long").write_text("words " * 5000)
    long = ("--file", str(a_desk.path.parent / "long"))
    tickets = [a_desk.new(f"number {n}", *long) for n in range(3)]
    path = a_desk.file(tickets[1]).relative_to(a_desk.path).as_posix()
    damaging.flip(damaging.loose(a_desk, f"main:{path}"), -2)
    ran = a_desk.hd("list", "-q")
    assert sorted(ran.out.split()) == sorted({*tickets} - {tickets[1]})
    assert path in ran.err

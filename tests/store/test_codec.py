from __future__ import annotations

from dataclasses import replace

import pytest

from hdcli.errors import BadData, Refused
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket
from hdcli.store import codec, yamlread, yamlwrite

FIRST = Entry(
    "0001-aaaaaa",
    "2026-11-24T08:00:00Z",
    "alice",
    "new",
    {"title": "Jam", "status": "new", "level": 1},
)
TICKET = Ticket("HD-7K3QF", fold([FIRST]), (FIRST,))
NOTE = Entry("0002-bbbbbb", "2026-11-24T09:00:00Z", "bob", "note", body="Seen.")


def test_a_note_on_a_file_of_hd_only_adds_lines_below() -> None:
    old = yamlwrite.record_bytes(TICKET).decode().splitlines()
    after = TICKET.with_entry(NOTE)
    new = codec.write(after, yamlwrite.record_bytes(TICKET)).decode().splitlines()
    moved = [line for line in old if line not in new]
    assert moved == ["updated: 2026-11-24T08:00:00Z"]
    assert new[-5:] == [
        "- id: 0002-bbbbbb",
        "  at: 2026-11-24T09:00:00Z",
        "  by: bob",
        "  action: note",
        "  body: Seen.",
    ]


def test_a_file_formatted_by_hand_keeps_its_form() -> None:
    old = yamlwrite.record_bytes(TICKET).replace(b"title: Jam", b"# rings daily\ntitle: 'Jam'", 1)
    new = codec.write(TICKET.with_entry(NOTE), old)
    assert b"# rings daily\ntitle: 'Jam'\n" in new
    assert codec.read_ticket(new, "x") == TICKET.with_entry(NOTE)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("- a\n", 1),
        ("just text\n", 1),
        ("id: HD-7K3QF\ntitle: x\nstatus: opne\nlevel: 1\n", 3),
        ("id: HD-7K3QF\ntitle: x\nstatus: open\nlevel: 99\n", 4),
        ("id: 'HD-../x'\ntitle: x\nstatus: open\nlevel: 1\n", 1),
        ("id: HD-7K3QF\ntitle: x\nstatus: open\nlevel: 1\nlog:\n- id: 0001-aaaaaa\n  at: now\n", 6),
    ],
)  # fmt: skip
def test_what_is_no_ticket_is_refused_by_name_and_line(text: str, line: int) -> None:
    with pytest.raises(BadData) as caught:
        codec.read_ticket(text.encode(), "tickets/7k/HD-7K3QF.yaml")
    assert (caught.value.where, caught.value.line) == ("tickets/7k/HD-7K3QF.yaml", line)


def test_a_broken_old_file_is_not_written_over_in_silence() -> None:
    with pytest.raises(BadData):
        codec.write(TICKET, b"title: [")


@pytest.mark.parametrize(
    "much",
    [
        Entry("0002-bbbbbb", "2026-11-24T09:00:00Z", "bob", "note", body="x" * yamlread.MAX_BYTES),
        Entry(
            "0002-bbbbbb",
            "2026-11-24T09:00:00Z",
            "bob",
            "tag",
            add={"tags": [str(number) for number in range(yamlread.MAX_EVENTS // 2)]},
        ),
    ],
)
def test_what_could_not_be_read_again_is_not_written(much: Entry) -> None:
    with pytest.raises(Refused, match="HD-7K3QF is full"):
        codec.write(TICKET.with_entry(much))


def test_a_ticket_that_is_full_of_words_can_still_be_closed() -> None:
    size = yamlread.MAX_BYTES - len(codec.write(TICKET.with_entry(replace(NOTE, body="x " * 99))))
    room = "y" * (size - 9_800)
    fits = TICKET.with_entry(replace(NOTE, body=room[:-400]))
    assert codec.read_ticket(codec.write(fits), fits.path) == fits
    full = TICKET.with_entry(replace(NOTE, body=room))
    with pytest.raises(Refused):
        codec.write(full)
    closing = Entry("0003-cccccc", "2026-11-24T10:00:00Z", "bob", "close", {"status": "closed"})
    closed = full.with_entry(closing)
    assert codec.read_ticket(codec.write(closed), closed.path) == closed

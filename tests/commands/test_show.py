"""hd show: a page made for reading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from damaging import loose
from hdcli.errors import BadData, NotFound
from support import DeskFolder


def page(desk: DeskFolder, ticket: str) -> str:
    return desk.hd("show", ticket).out


def test_the_page_tells_where_it_stands_and_what_was_said(a_desk: DeskFolder) -> None:
    ticket = a_desk.new(
        "No network", "-r", "Ana <ana@example.org>", "-b", "Since nine.\n\nAll of it."
    )
    a_desk.hd("take", ticket)
    a_desk.hd("note", ticket, "-m", "The switch blinks")
    a_desk.hd("reply", ticket, "-m", "We are on it")
    text = page(a_desk, ticket)
    head = text.splitlines()[:2]
    assert head[0] == f"{ticket}  No network"
    where = "open, normal priority, level 1 (Service desk), team desk, with alice (Alice Martin)"
    assert head[1].strip() == where
    assert "requester  Ana <ana@example.org>\n" in text
    assert "Description\nSince nine.\n\nAll of it.\n" in text
    assert "  alice  note for agents\n  | The switch blinks\n" in text
    assert "  alice  reply to the requester\n    We are on it\n" in text


def test_what_matters_now_comes_first(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("No network", "--due", "2026-01-02")
    assert f"nobody has it yet: hd take {ticket}" in page(a_desk, ticket)
    a_desk.hd("escalate", ticket, "-m", "Looks like the VLAN\nreally")
    a_desk.hd("pend", ticket, "--on", "vendor", "--until", "2030-01-02")
    text = page(a_desk, ticket)
    assert "overdue: 2 Jan, " in text or "overdue: 2026-01-02, " in text
    assert "waits for the vendor until 2030-01-02" in text
    assert "by alice: Looks like the VLAN\n" in text
    assert "  alice  escalate: level 2" in text


def test_a_merged_ticket_shows_where_it_went_and_what_came(a_desk: DeskFolder) -> None:
    source, target = a_desk.new("Same", "-b", "me too"), a_desk.new("First")
    a_desk.hd("merge", source, target)
    gone, kept = page(a_desk, source), page(a_desk, target)
    assert f"merged into {target}  First\n" in gone
    assert f"merged in  {source}  closed  Same\n" in kept
    assert f"new (on {source})\n    me too\n" in kept


def test_links_are_read_from_both_ends(a_desk: DeskFolder) -> None:
    child, parent = a_desk.new("Child"), a_desk.new("Parent")
    a_desk.hd("link", parent, "parent-of", child)
    assert f"child of  {parent}  new  Parent" in page(a_desk, child)
    assert f"parent of  {child}  new  Child" in page(a_desk, parent)


def test_a_linked_ticket_that_can_not_be_read_is_said_so(a_desk: DeskFolder) -> None:
    one, other = a_desk.new("One"), a_desk.new("Other")
    a_desk.hd("link", one, "relates-to", other)
    a_desk.file(other).write_text("{\n")
    a_desk.git("commit", "-qam", "broken")
    ran = a_desk.hd("show", one)
    assert f"{other}  can't be read" in ran.out
    assert f"can't read tickets/{other[3:5].lower()}/{other}.yaml" in ran.err


def test_entries_that_were_taken_back_are_told_apart(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("set", ticket, "priority=high")
    a_desk.hd("undo")
    text = page(a_desk, ticket)
    assert "set: priority high (taken back)\n" in text
    assert "  alice  undo set: priority normal\n" in text


def test_two_edits_that_did_not_know_each_other(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("set", ticket, "priority=high")
    path = a_desk.file(ticket)
    other = "- id: 0002-zzzzzz\n  at: 2030-01-01T00:00:00Z\n  by: bob\n  action: set\n"
    text = path.read_text().replace("priority: high", "priority: low", 1)
    path.write_text(f"{text}{other}  set: {{priority: low}}\n")
    a_desk.git("commit", "-qam", "merged by hand")
    assert "two set priority at once: bob's low counts, not alice's high" in page(a_desk, ticket)


def test_a_hand_edit_that_is_in_git_but_not_in_the_log(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Before")
    path = a_desk.file(ticket)
    path.write_text(path.read_text().replace("title: Before", "title: After", 1))
    a_desk.git("commit", "-qam", "by hand")
    text = page(a_desk, ticket)
    assert text.startswith(f"{ticket}  After\n")
    assert "edited by hand, not in the log yet: title" in text


def test_attachments_are_paths_to_open(a_desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "photo.txt").write_text("x")
    ticket = a_desk.new("Broken", "--attach", str(tmp_path / "photo.txt"))
    last = page(a_desk, ticket).splitlines()[-1]
    assert (tmp_path / last).read_text() == "x"
    (tmp_path / last).unlink()
    assert page(a_desk, ticket).endswith("(not there)\n")


def test_a_path_that_no_file_can_have_is_not_there(a_desk: DeskFolder) -> None:
    path = f"attachments/{'x' * 300}"
    (a_desk.path / "attachments").mkdir()
    ticket = a_desk.hd("import", "-q", "-", stdin=json.dumps({"title": "x", "attachments": [path]}))
    assert page(a_desk, ticket.id).endswith(f"{path}  (not there)\n")


def test_several_tickets_and_ids_from_standard_input(a_desk: DeskFolder) -> None:
    one, other = a_desk.new("One"), a_desk.new("Other")
    text = a_desk.hd("show", "-", stdin=f"{other} {one}\n").out
    assert text.index(other) < text.index(one)
    found = json.loads(a_desk.hd("show", "--json", f"{one},{other}").out)
    assert [each["id"] for each in found["tickets"]] == [one, other]


def test_a_broken_file_gives_file_and_line(a_desk: DeskFolder) -> None:
    good, broken = a_desk.new("Good"), a_desk.new("Broken")
    a_desk.file(broken).write_text(f"id: {broken}\ntitle: x\nstatus: nonsense\nlevel: 1\n")
    a_desk.git("commit", "-qam", "broken")
    for reference in (broken, broken[3:7]):
        ran = a_desk.hd("show", reference, code=BadData.exit_code)
        assert f"{broken}.yaml:3: 'status' must be one of" in ran.err
    ran = a_desk.hd("show", "--json", good, broken, code=BadData.exit_code)
    assert ran.out == ""


def test_a_ticket_whose_object_is_damaged_is_not_said_to_be_missing(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Good")
    a_desk.hd("list")
    loose(a_desk, f"HEAD:{a_desk.file(ticket).relative_to(a_desk.path)}").write_text("junk")
    ran = a_desk.hd("show", ticket, code=BadData.exit_code)
    assert f"{ticket}.yaml: its object is missing" in ran.err
    assert "hd fsck --repair" in ran.err


def test_no_such_ticket(a_desk: DeskFolder) -> None:
    a_desk.hd("show", "zzzzz", code=NotFound.exit_code)


def test_text_from_outside_can_not_act_on_the_terminal(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = a_desk.new("a\x1b]0;x\x07", "-b", "\x1b[2J\nnext", "-r", "Eve\x1b[1m <e@example.org>")
    a_desk.hd("note", ticket, "-m", "b\x9b31m")
    assert not {"\x1b", "\x07", "\x9b"} & set(page(a_desk, ticket))
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    assert "\x1b[2J" not in page(a_desk, ticket)


def test_colours_carry_meaning_only_where_wanted(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = a_desk.new()
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    assert "\x1b[" in page(a_desk, ticket)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in page(a_desk, ticket)

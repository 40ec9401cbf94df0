"""hd export: whole tickets out, and back in as they were."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support import DeskFolder


@pytest.fixture
def a_day(a_desk: DeskFolder) -> DeskFolder:
    """A desk with tickets in several states, with odd texts."""
    one = a_desk.new("Printer jams", "-b", "Tray 2\n\n\tagain: yes # no", "-t", "printer")
    two = a_desk.new("Réseau lent 日本", "-r", "Ana <ana@example.org>", "-c", "network")
    three = a_desk.new('"Quoted", with; all | of it')
    a_desk.hd("escalate", two, "-m", "Beyond us")
    a_desk.hd("note", two, "-m", "=1+1")
    a_desk.hd("link", one, "relates-to", two)
    a_desk.hd("resolve", three, "-m", "Done\nfor good")
    return a_desk


def documents(desk: DeskFolder) -> list[object]:
    """All whole tickets, as JSON has them."""
    return [json.loads(line) for line in desk.hd("export").out.splitlines()]


@pytest.mark.parametrize("form", ["jsonl", "yaml"])
def test_import_of_an_export_gives_the_same_tickets(
    a_day: DeskFolder, make_desk: Callable[..., DeskFolder], tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"all.{form}"
    a_day.hd("export", "-o", str(file))
    copy = make_desk("copy")
    assert copy.hd("import", str(file)).out == "3 tickets imported\n"
    assert documents(copy) == documents(a_day)
    assert copy.branches()[0].partition(":")[0] == a_day.branches()[0].partition(":")[0]
    for path in a_day.git("ls-tree", "-r", "--name-only", "main", "tickets/").split():
        assert (copy.path / path).read_bytes() == (a_day.path / path).read_bytes()
    assert copy.clean()
    assert copy.hd("import", str(file)).out == "0 tickets imported, 3 there already\n"


def test_a_name_that_says_no_format_is_refused(a_desk: DeskFolder, tmp_path: Path) -> None:
    ticket = a_desk.new()
    file = tmp_path / "all.foo"
    error = a_desk.hd("export", "-o", str(file), code=2).err
    assert "'.foo' says no format; give --format jsonl|csv|yaml" in error
    assert not file.exists()
    a_desk.hd("export", "-o", str(file), "--format", "csv")
    assert file.read_text().startswith("id,")
    a_desk.hd("export", "-o", str(tmp_path / "all.yml"))
    assert (tmp_path / "all.yml").read_text().startswith(f"---\nid: {ticket}\n")
    a_desk.hd("export", "-o", str(tmp_path / "all"))
    assert (tmp_path / "all").read_text().startswith("{")


def test_a_ticket_that_is_there_and_differs_is_refused(a_day: DeskFolder) -> None:
    text = a_day.hd("export").out
    ticket_id = json.loads(text.splitlines()[0])["id"]
    a_day.hd("note", ticket_id, "-m", "More")
    before = documents(a_day)
    ran = a_day.hd("import", "-", stdin=text, code=4)
    assert f"line 1: {ticket_id} is on this desk already, and not the same" in ran.err
    assert ran.out == "0 tickets imported, 2 there already\n"
    assert documents(a_day) == before


def test_values_that_their_log_does_not_have_are_refused_and_derived_ones_mended(
    a_desk: DeskFolder, make_desk: Callable[..., DeskFolder]
) -> None:
    a_desk.new()
    whole = json.loads(a_desk.hd("export").out)
    edited = json.dumps({**whole, "title": "Else", "tags": ["x"]})
    skewed = json.dumps({**whole, "updated": "2030-01-01T00:00:00Z"})
    copy = make_desk("copy")
    ran = copy.hd("import", "-", stdin=f"{edited}\n{skewed}\n", code=4)
    assert "line 1: its log does not have these values: title, tags" in ran.err
    assert documents(copy) == [whole]
    copy.hd("fsck")


def test_flat_rows_for_a_spreadsheet(a_day: DeskFolder) -> None:
    rows = list(csv.DictReader(io.StringIO(a_day.hd("export", "--format", "csv").out)))
    rows.sort(key=lambda row: row["title"])
    quoted, printer, network = rows
    assert quoted["title"] == '"Quoted", with; all | of it'
    assert printer["body"] == "Tray 2\n\n\tagain: yes # no"
    assert printer["tags"] == "printer"
    assert network["level"] == "2"


def test_flat_rows_come_back_with_their_ids_and_states(
    a_day: DeskFolder, make_desk: Callable[..., DeskFolder]
) -> None:
    text = a_day.hd("export", "--format", "csv").out
    copy = make_desk("copy")
    copy.hd("import", "-", stdin=text)
    kept = ("id", "title", "status", "level", "team", "tags", "requester", "created", "resolved")
    for one, two in zip(documents(a_day), documents(copy), strict=True):
        assert isinstance(one, dict)
        assert isinstance(two, dict)
        assert {name: one.get(name) for name in kept} == {name: two.get(name) for name in kept}


def test_a_query_chooses(a_day: DeskFolder) -> None:
    assert [json.loads(a_day.hd("export", "level:2").out)["title"]] == ["Réseau lent 日本"]
    assert a_day.hd("export", "status:pending").out == ""


def test_a_file_that_can_t_be_written_is_named_and_nothing_is_left(
    a_day: DeskFolder, tmp_path: Path
) -> None:
    ran = a_day.hd("export", "-o", str(tmp_path / "none" / "all.jsonl"), code=2)
    assert "can't write" in ran.err
    assert "can't write" in a_day.hd("export", "-o", ".", code=2).err
    a_day.hd("export", "-o", str(tmp_path / "all.csv"))
    assert sorted(each.name for each in tmp_path.glob("*all*")) == ["all.csv"]


def test_a_ticket_that_can_t_be_read_is_named_and_the_others_come_out(a_day: DeskFolder) -> None:
    path = next((a_day.path / "tickets").rglob("*.yaml"))
    path.write_text("title: [")
    a_day.git("commit", "-qam", "damage")
    ran = a_day.hd("export", code=4)
    assert len(ran.out.splitlines()) == 2
    assert f"can't read {path.relative_to(a_day.path)}:2: not valid YAML" in ran.err

"""hd list: what it shows by default, in which forms, and what it never hides."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from hdcli.errors import BadUsage
from support import DeskFolder


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    """A low, an urgent, a closed and another's ticket."""
    a_desk.new("Mouse", "-p", "low", "-r", "Ana Silva <ana@example.org>", "-t", "usb")
    a_desk.new("Server down", "-p", "urgent", "--due", "2026-01-02", "-a", "me")
    a_desk.hd("close", a_desk.new("Old story", "-p", "high"))
    a_desk.hd("assign", a_desk.new("Slow network"), "bob")
    return a_desk


def titles(desk: DeskFolder, *args: str) -> list[str]:
    found = desk.hd("list", "--jsonl", *args).out.splitlines()
    return [json.loads(line)["title"] for line in found]


def test_open_work_the_most_urgent_first(desk: DeskFolder) -> None:
    lines = desk.hd("list").out.splitlines()
    assert lines[0].split() == (
        ["id", "priority", "level", "status", "age", "due", "assignee", "requester", "title"]
    )
    assert [line.split("  ")[-1] for line in lines[1:]] == ["Server down", "Slow network", "Mouse"]


def test_columns_that_are_empty_are_left_out(a_desk: DeskFolder) -> None:
    a_desk.new("Mouse")
    assert a_desk.hd("list").out.split()[:6] == [
        "id",
        "priority",
        "level",
        "status",
        "age",
        "title",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (["--all", "--sort", "title"], ["Mouse", "Old story", "Server down", "Slow network"]),
        (["status:closed"], ["Old story"]),
        (["assignee:me"], ["Server down"]),
        (["is:overdue"], ["Server down"]),
        (["--all", "story"], ["Old story"]),
        (["story"], []),
        (["tag:usb", "ana"], ["Mouse"]),
        (["--sort", "title", "--limit", "2"], ["Mouse", "Server down"]),
        (["--", "-assignee:none", "-network"], ["Server down"]),
    ],
)
def test_queries(desk: DeskFolder, query: list[str], expected: list[str]) -> None:
    assert titles(desk, *query) == expected


def test_a_page_that_is_cut_says_so(desk: DeskFolder) -> None:
    ran = desk.hd("list", "--limit", "2")
    assert len(ran.out.splitlines()) == 3
    assert ran.err == "2 of 3; --limit 0 shows all\n"
    assert desk.hd("list", "--limit", "0").err == ""
    assert desk.hd("list", "--limit", "3").err == ""
    assert desk.hd("list", "--limit", "9" * 30).err == ""


def test_a_table_shows_fifty_and_what_programs_read_is_whole(a_desk: DeskFolder) -> None:
    lines = "".join(json.dumps({"title": f"Ticket {n}"}) + "\n" for n in range(60))
    a_desk.hd("import", "-", "--format", "jsonl", stdin=lines)
    ran = a_desk.hd("list")
    assert len(ran.out.splitlines()) == 51
    assert ran.err == "50 of 60; --limit 0 shows all\n"
    for form in ("-q", "--jsonl"):
        assert len(a_desk.hd("list", form).out.splitlines()) == 60
    assert len(json.loads(a_desk.hd("list", "--json").out)["tickets"]) == 60
    assert len(a_desk.hd("list", "--csv").out.splitlines()) == 61


def test_counts(desk: DeskFolder) -> None:
    assert desk.hd("list", "--count").out == "3\n"
    assert desk.hd("list", "--count", "--all").out == "4\n"
    assert desk.hd("list", "--count", "title:network").out == "1\n"
    assert desk.hd("list", "--count", "nothing-of-the-kind").out == "0\n"


def test_csv_has_values_as_they_are_stored(desk: DeskFolder) -> None:
    found = list(csv.DictReader(io.StringIO(desk.hd("list", "--csv", "urgent", "--all").out)))
    assert found == []
    (row,) = csv.DictReader(io.StringIO(desk.hd("list", "--csv", "tag:usb").out))
    assert (row["title"], row["tags"], row["level"]) == ("Mouse", "usb", "1")
    assert row["requester"] == "Ana Silva <ana@example.org>"
    ran = desk.hd("list", "--csv", "--columns", "title,cc,due", "assignee:me")
    assert ran.out.splitlines() == ["title,cc,due", "Server down,,2026-01-02T16:00:00Z"]


def test_columns_are_those_asked_for(desk: DeskFolder) -> None:
    ran = desk.hd("list", "--columns", "title, tags,updated", "tag:usb")
    assert ran.out.splitlines()[0].split() == ["title", "tags", "updated"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--columns", "titel"], "did you mean 'title'"),
        (["--columns", ","], "--columns names none"),
        (["--columns", "id", "--json"], "--columns is for tables and --csv"),
        (["--csv", "-q"], "two forms"),
        (["--sort", "prioritty"], "did you mean 'priority'"),
        (["stauts:open"], "did you mean 'status'"),
        (["--limit", "-1"], "limit"),
        (["tag:" + ",".join(map(str, range(501)))], "more than 500 words and values"),
    ],
)
def test_what_can_not_be_meant_is_refused(
    a_desk: DeskFolder, args: list[str], message: str
) -> None:
    ran = a_desk.hd("list", *args, code=BadUsage.exit_code)
    assert message in ran.err
    assert ran.out == ""


def test_as_much_as_a_query_may_have_is_answered(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Printer jams", "-t", "t7")
    tags = ",".join(f"t{number}" for number in range(250))
    words = " ".join(f"-w{number}*" for number in range(250))
    assert a_desk.hd("list", "-q", f"tag:{tags} {words}").out == f"{ticket}\n"


def test_an_empty_answer_says_where_to_look(a_desk: DeskFolder) -> None:
    assert "hd new" in a_desk.hd("list").err
    a_desk.hd("close", a_desk.new("Old story"))
    assert a_desk.hd("list").err == "hd: no open tickets; hd list --all shows all 1\n"
    assert (
        a_desk.hd("list", "story").err
        == "hd: no open ticket matches; --all looks at every status\n"
    )
    assert "no ticket matches" in a_desk.hd("list", "--all", "nothing").err
    for form in ("-q", "--json", "--jsonl", "--count"):
        assert a_desk.hd("list", form, "nothing").err == ""


def test_a_file_that_can_not_be_read_is_named_and_hides_nothing(desk: DeskFolder) -> None:
    broken = desk.hd("list", "-q", "tag:usb").out.strip()
    desk.file(broken).write_text("title: [\n")
    desk.git("commit", "-qam", "broken")
    ran = desk.hd("list")
    assert (
        f"hd: can't read tickets/{broken[3:5].lower()}/{broken}.yaml:2: not valid YAML" in ran.err
    )
    assert len(ran.out.splitlines()) == 3
    assert json.loads(desk.hd("list", "--json").out)["tickets"]


def test_titles_can_not_act_on_the_terminal(a_desk: DeskFolder) -> None:
    a_desk.new("red \x1b[31m and \u202ereversed")
    for form in ("--columns=id,title", "--csv", "--json"):
        text = a_desk.hd("list", form).out
        assert "\x1b" not in text
    assert "\u202e" not in a_desk.hd("list").out


def test_a_bare_desk_is_listed(a_desk: DeskFolder, tmp_path: Path) -> None:
    a_desk.new("Mouse")
    hub = tmp_path / "hub.git"
    a_desk.git("clone", "-q", "--bare", str(a_desk.path), str(hub))
    assert "Mouse" in DeskFolder(hub).hd("list").out

"""hd import: what comes in, what is refused and by which line, and that nothing comes in twice."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support import DeskFolder

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("HD_DATA") or ROOT.parent / "shared" / "data") / "tickets"
GOOD = '{"title": "VPN is slow", "created": "2026-10-05T08:00:00Z"}'


def lines(*records: dict[str, Any] | str) -> str:
    """Records as JSON lines; text stays as it is."""
    return "".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in records)


def subjects(desk: DeskFolder) -> list[str]:
    """The titles of the imported tickets, the first first."""
    found = desk.git("log", "--reverse", "--format=%s", "--grep=^Action: import").splitlines()
    return [each.partition(": import: ")[2] for each in found]


def values(desk: DeskFolder, *query: str) -> list[dict[str, Any]]:
    """The tickets as hd lists them, by title."""
    out = desk.hd("list", "--all", "--sort", "title", "--jsonl", *query).out
    return [json.loads(line) for line in out.splitlines()]


def test_the_examples_come_in_with_the_commands_of_their_readme(a_desk: DeskFolder) -> None:
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8").replace("\\\n", " ")
    commands = [line for line in text.splitlines() if line.startswith("hd import ")]
    said = []
    for command in commands:
        words = shlex.split(command)[1:]
        said.append(a_desk.hd(*(str(ROOT / w) if w.startswith("examples/") else w for w in words)))
    assert [ran.out for ran in said] == ["150 tickets imported\n", "25 tickets imported\n"]
    assert a_desk.hd("list", "--all", "--count").out == "175\n"
    assert a_desk.clean()
    assert len(subjects(a_desk)) == 175


def test_a_request_is_one_commit_of_the_time_it_was_made(a_desk: DeskFolder) -> None:
    record = {
        "title": "VPN is slow",
        "body": "Since Monday.",
        "requester": "Ana Silva <ana@example.org>",
        "category": "network",
        "tags": ["vpn"],
        "created": "2026-10-05T10:00:00+02:00",
    }
    before = a_desk.commits()
    a_desk.hd("import", "-", stdin=lines(record))
    assert a_desk.commits() == before + 1
    assert (
        a_desk.git("log", "-1", "--format=%an %ae %at")
        == "Alice Martin alice@example.org 1791187200"
    )
    found = values(a_desk)[0]
    assert found["created"] == found["updated"] == "2026-10-05T08:00:00Z"
    assert found["requester"] == "Ana Silva <ana@example.org>"
    message = a_desk.message().splitlines()
    assert message[0] == f"{found['id']}: import: VPN is slow"
    assert message[2] == "Since Monday."
    for trailer in ("Action: import", "Requester: Ana Silva <ana@example.org>", "Tags: +vpn"):
        assert trailer in message


def test_a_rehearsal_writes_nothing_and_says_the_same(a_desk: DeskFolder) -> None:
    before = a_desk.commits()
    ran = a_desk.hd("import", "-", "--dry-run", stdin=lines(GOOD, GOOD, "no"), code=4)
    assert ran.out == "2 tickets would be imported\n"
    assert "line 3: not JSON" in ran.err
    assert a_desk.commits() == before
    assert a_desk.clean()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "not a JSON object"),
        ('{"title": "x"', "not JSON"),
        ('{"title": "x\0"}', "not JSON"),
        ('{"title": "x\\u0000"}', "a NUL character"),
        ('{"title": "x\\ud800"}', "half of a surrogate pair"),
        ('{"title": "x", "title": "y"}', "'title' is there twice"),
        ('{"title": "x", "due": NaN}', "NaN is no number"),
        ("[" * 100_000, "nested too deep"),
        ('{"title": ["x"]}', "'title' must be text, not a list"),
        ('{"title": "  "}', "a title is missing"),
        ('{"body": "x"}', "a title is missing"),
        ('{"title": "x", "tags": 3}', "a list of texts"),
        ('{"title": "x", "tags": ["a\'b"]}', "is no tag"),
        ('{"title": "x", "created": "yesterday"}', "'created' is no date"),
        ('{"title": "x", "created": 1791187200}', "'created' is no date"),
        ('{"title": "x", "category": "netwrok"}', "did you mean 'network'?"),
        ('{"title": "x", "assignee": "bbo"}', "did you mean 'bob'?"),
        ('{"titel": "y"}', "did you mean 'title'?"),
        ('{"title": "x", "id": 12}', "its 'id' is not hd's; --map id=external_id keeps it"),
        ('{"title": "x", "level": 4}', "level 4 is above the desk's last, 3"),
        ('{"title": "x", "status": "new", "solution": "y"}', "it has a solution and is new"),
        ('{"title": "x", "status": "done"}', "'status' must be one of"),
        ('{"id": "HD-7K3QF", "log": []}', "'title' is missing"),
        (
            '{"id": "HD-7K3QF", "title": "x", "status": "new", "level": 1, "log": 3}',
            "'log' must be a list",
        ),
    ],
)
def test_a_bad_line_is_refused_by_number_and_costs_nothing_else(
    a_desk: DeskFolder, line: str, reason: str
) -> None:
    ran = a_desk.hd("import", "-", stdin=lines(GOOD, line, '{"title": "Second"}'), code=4)
    first = ran.err.partition("\n")[0]
    assert first.startswith("line 2: ")
    assert reason in first
    assert ran.out == "2 tickets imported\n"
    assert subjects(a_desk) == ["VPN is slow", "Second"]


def test_bytes_that_are_no_text_are_refused_by_number(a_desk: DeskFolder) -> None:
    stdin = GOOD.encode() + b'\n{"title": "caf\xe9"}\n{"title": "Second"}'
    ran = a_desk.hd("import", "-", stdin=stdin, code=4)
    assert "line 2: not UTF-8 at byte 15\n" in ran.err
    assert subjects(a_desk) == ["VPN is slow", "Second"]


def test_a_line_without_end_is_refused_and_kept_whole(a_desk: DeskFolder, tmp_path: Path) -> None:
    source, rejects = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    endless = b'{"title": "' + b"x" * 9_000_000 + b'"}\n'
    source.write_bytes(GOOD.encode() + b"\n" + endless + b'{"title": "Second"}\n')
    ran = a_desk.hd("import", str(source), "--rejects", str(rejects), code=4)
    assert "line 2: longer than 8 MB\n" in ran.err
    assert subjects(a_desk) == ["VPN is slow", "Second"]
    assert rejects.read_bytes() == endless


def test_the_first_refusal_can_stop_it(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("import", "-", "--on-error", "stop", stdin=lines(GOOD, "no", GOOD), code=4)
    assert "stopped at line 2: not JSON" in ran.err
    assert subjects(a_desk) == ["VPN is slow"]


def test_what_was_refused_can_be_mended_and_imported(a_desk: DeskFolder, tmp_path: Path) -> None:
    source, rejects = tmp_path / "in.csv", tmp_path / "rejects.csv"
    source.write_text("title,category\nOne,network\nTwo,netwrok\n", encoding="utf-8")
    a_desk.hd("import", str(source), "--rejects", str(rejects), code=4)
    assert rejects.read_text(encoding="utf-8") == "title,category\nTwo,netwrok\n"
    rejects.write_text(rejects.read_text(encoding="utf-8").replace("wrok", "work"))
    again = tmp_path / "none.csv"
    a_desk.hd("import", str(rejects), "--rejects", str(again))
    assert subjects(a_desk) == ["One", "Two"]
    assert not again.exists()


def test_many_refusals_for_one_reason_are_one_line(a_desk: DeskFolder) -> None:
    bad = {"title": "x", "category": "none such"}
    ran = a_desk.hd("import", "-", stdin=lines(bad, bad, GOOD, bad), code=4)
    assert ran.err.startswith("3 records (lines 1-2, 4): no category 'none such' on this desk")
    assert ran.err.count("\n") == 2


def test_the_summary_as_json(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("import", "-", "--json", stdin=lines(GOOD, "no"), code=4)
    assert json.loads(ran.out) == {
        "format": 1,
        "dry_run": False,
        "imported": 1,
        "already_there": 0,
        "dated_in_future": 0,
        "refused": 1,
        "reasons": [
            {"reason": "not JSON: Expecting value at character 1", "count": 1, "lines": [2]}
        ],
    }


def test_quietly_it_prints_the_ids(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("import", "-", "-q", stdin=lines(GOOD, {"title": "Second"}))
    assert sorted(ran.out.split()) == sorted(each["id"] for each in values(a_desk))


def test_a_second_run_is_refused_and_with_resume_passed_over(a_desk: DeskFolder) -> None:
    text = lines(GOOD, {"title": "Second", "external_id": "R-2"})
    a_desk.hd("import", "-", stdin=text)
    ran = a_desk.hd("import", "-", stdin=text, code=4)
    assert "2 records (lines 1-2): imported before; --resume passes over" in ran.err
    otherwise = '{"created":"2026-10-05T08:00:00Z",  "title":"VPN is slow"}'
    again = lines({"title": "Third"}, {"title": "Second", "external_id": "R-2"}, otherwise)
    ran = a_desk.hd("import", "-", "--resume", stdin=again)
    assert ran.out == "1 ticket imported, 2 there already\n"
    assert subjects(a_desk) == ["VPN is slow", "Second", "Third"]


def test_equal_records_of_one_file_come_in_as_often_as_they_are_there(a_desk: DeskFolder) -> None:
    text = lines(GOOD, GOOD, GOOD)
    assert a_desk.hd("import", "-", stdin=text).out == "3 tickets imported\n"
    ran = a_desk.hd("import", "-", "--resume", stdin=text + lines(GOOD))
    assert ran.out == "1 ticket imported, 3 there already\n"


def test_a_reference_of_another_system_comes_in_once(a_desk: DeskFolder) -> None:
    a_desk.hd("new", "By hand", "--external-id", "R-1")
    text = lines({"title": "One", "external_id": "R-1"}, {"title": "Two", "external_id": "R-2"})
    ran = a_desk.hd(
        "import", "-", stdin=text + lines({"title": "Two!", "external_id": "R-2"}), code=4
    )
    assert "2 records (lines 1, 3): imported before" in ran.err
    assert subjects(a_desk) == ["Two"]


def test_after_a_kill_it_goes_on_where_it_was(a_desk: DeskFolder, tmp_path: Path) -> None:
    source = tmp_path / "many.jsonl"
    count = 2600
    source.write_text(lines(*({"title": f"Request {number}"} for number in range(count))))
    killed = subprocess.Popen(
        [sys.executable, "-m", "hdcli", "import", str(source), "-q"],
        cwd=a_desk.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert killed.stdout is not None
    first = killed.stdout.readline().decode().strip()  # a whole batch is in
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    ran = a_desk.process("import", str(source), "--resume")
    assert ran.returncode == 0
    assert b"there already" in ran.stdout
    assert sorted(subjects(a_desk)) == sorted(f"Request {number}" for number in range(count))
    assert first in a_desk.git("ls-tree", "-r", "--name-only", "main")
    assert a_desk.clean()


def test_a_time_in_the_future_becomes_now(a_desk: DeskFolder) -> None:
    ran = a_desk.hd("import", "-", stdin=lines({"title": "x", "created": "2999-01-01T00:00:00Z"}))
    assert ran.out == "1 ticket imported, 1 dated in the future, taken as of now\n"
    assert values(a_desk)[0]["created"] < "2900"


def test_a_time_without_an_offset_is_local(a_desk: DeskFolder) -> None:
    a_desk.hd("import", "-", stdin=lines({"title": "x", "created": "2026-10-05 10:00"}))
    assert values(a_desk)[0]["created"] == "2026-10-05T08:00:00Z"


def test_a_solved_request_has_its_solution_and_its_time(a_desk: DeskFolder) -> None:
    record = {
        "title": "No sound",
        "created": "2026-10-05T08:00:00Z",
        "resolved": "2026-10-06T09:00:00Z",
        "solution": "Another cable.",
    }
    more = {"title": "No sound at all", "status": "closed"}
    a_desk.hd("import", "-", stdin=lines(record, {**record, **more}))
    one, two = values(a_desk)
    assert (one["status"], two["status"]) == ("resolved", "closed")
    assert one["resolved"] == two["resolved"] == "2026-10-06T09:00:00Z"
    shown = json.loads(a_desk.hd("show", "--jsonl", one["id"]).out)
    assert shown["log"][1]["body"] == "Another cable."


def test_a_level_brings_its_team_and_its_branch(a_desk: DeskFolder) -> None:
    a_desk.hd("import", "-", stdin=lines({"title": "x", "level": 2, "category": "network"}))
    found = values(a_desk)[0]
    assert (found["level"], found["team"]) == (2, "network")
    assert a_desk.branches() == [f"l2/{found['id']}: {found['id']}: import: x"]


def test_fields_of_the_desk_are_taken(a_desk: DeskFolder) -> None:
    settings = a_desk.path / "desk.yaml"
    settings.write_text(settings.read_text().replace("fields: []", "fields: [asset]"))
    a_desk.git("commit", "-qam", "a field")
    a_desk.hd("import", "-", stdin="title,Asset\nx,PC-042\n")
    assert values(a_desk, "asset:PC-042")[0]["title"] == "x"


class TestCsv:
    def test_any_usual_delimiter_and_a_byte_order_mark(self, a_desk: DeskFolder) -> None:
        for text in ("\ufeffTitle;Category\nA, B;network\n", "title\tcategory\nC\tnetwork\n"):
            a_desk.hd("import", "-", "--format", "csv", stdin=text)
        a_desk.hd("import", "-", stdin="sep=|\ntitle|category\nD|network\n")
        assert subjects(a_desk) == ["A, B", "C", "D"]

    def test_line_breaks_in_quotes_and_tags_by_spaces_or_commas(self, a_desk: DeskFolder) -> None:
        text = 'title,body,tags\nOne,"First\nsecond ""quoted""","a, b"\nTwo,,c d\n'
        a_desk.hd("import", "-", stdin=text)
        assert [each["tags"] for each in values(a_desk)] == [["a", "b"], ["c", "d"]]
        assert 'First\nsecond "quoted"' in a_desk.message("main~1")

    def test_a_quote_that_is_never_closed_costs_one_record(self, a_desk: DeskFolder) -> None:
        text = 'title,body\nOne,1\nTwo,"2\nThree,3\nFour,4\n'
        ran = a_desk.hd("import", "-", stdin=text, code=4)
        assert "line 3: a quote in it is never closed\n" in ran.err
        assert subjects(a_desk) == ["One", "Three", "Four"]

    def test_rows_of_another_width_bad_bytes_and_nul(self, a_desk: DeskFolder) -> None:
        text = b"title,body\nOne,1\nTwo\nThree,caf\xe9\nFour,\0\nFive,5,5\nSix,6\n"
        ran = a_desk.hd("import", "-", stdin=text, code=4)
        assert "2 records (lines 3, 6): " not in ran.err
        for said in (
            "line 3: 1 cells where the header has 2",
            "line 4: not UTF-8",
            "line 5: a NUL character is in it",
            "line 6: 3 cells where the header has 2",
        ):
            assert said in ran.err
        assert subjects(a_desk) == ["One", "Six"]

    @pytest.mark.parametrize(
        ("text", "options", "reason"),
        [
            ("titel,body\nx,y\n", (), "no field 'titel' on this desk; did you mean 'title'?"),
            ("title\nx\n", ("--map", "Titel=title"), "the file has no column 'Titel'"),
            ("title\nx\n", ("--map", "title=titel"), "did you mean 'title'?"),
            ("title\nx\n", ("--map", "title"), "'title' is no mapping"),
        ],
    )
    def test_a_column_that_means_nothing_is_said_before_anything_comes_in(
        self, a_desk: DeskFolder, text: str, options: tuple[str, ...], reason: str
    ) -> None:
        code = 1 if "title=titel" in options else 2
        ran = a_desk.hd("import", "-", *options, stdin=text, code=code)
        assert reason in ran.err
        assert subjects(a_desk) == []

    def test_all_unknown_columns_are_said_at_once_with_what_they_may_mean(
        self, a_desk: DeskFolder
    ) -> None:
        text = "Objet,Description,Demandeur,Xyzzy\nx,y,z,1\n"
        said = a_desk.hd("import", "-", stdin=text, code=2).err
        assert "no fields 'Objet', 'Description', 'Demandeur', 'Xyzzy' on this desk" in said
        maps = "--map 'Objet=title' --map 'Description=body' --map 'Demandeur=requester'"
        assert f"{maps} --map 'Xyzzy='" in said
        both = a_desk.hd("import", "-", stdin="titel,title,Memo\nx,y,z\n", code=2).err
        assert "--map 'titel=' --map 'Memo='" in both  # the title is there already
        site = a_desk.hd("import", "-", stdin="Site,Subject,Summary\nx,y,z\n", code=2).err
        assert "--map 'Site=' --map 'Subject=title' --map 'Summary='" in site  # one title only
        record = '{"title": "x", "labels": "a", "xyzzy": 1}\n'
        said = a_desk.hd("import", "-", stdin=record, code=4).err
        assert "--map 'labels=tags' --map 'xyzzy='" in said

    def test_columns_are_renamed_joined_and_dropped(self, a_desk: DeskFolder) -> None:
        text = "Subject,Kind,Labels,Colour,Floor\nx,vpn,slow wifi,red,2\n"
        maps = ("Subject=title", "Kind=tags", "Labels=tags", "Floor=", "*=")
        a_desk.hd("import", "-", *(word for each in maps for word in ("--map", each)), stdin=text)
        assert values(a_desk)[0]["tags"] == ["vpn", "slow", "wifi"]

    @pytest.mark.parametrize("text", ["title,,x\n1,2,3\n", "title,title\n1,2\n"])
    def test_a_file_without_a_usable_header_is_refused(self, a_desk: DeskFolder, text: str) -> None:
        assert "standard input" in a_desk.hd("import", "-", stdin=text, code=4).err


@pytest.mark.parametrize("text", ["", "\n\n", "title,body\n"])
def test_a_feed_with_nothing_in_it_is_no_failure(a_desk: DeskFolder, text: str) -> None:
    for form in ([], ["--format", "jsonl"], ["--format", "csv"]):
        if text.startswith("title") and "jsonl" in form:
            continue
        ran = a_desk.hd("import", "-", *form, stdin=text)
        told = "hd: there are no records in standard input\n"
        assert (ran.out, ran.err) == ("0 tickets imported\n", told)


def test_a_file_that_is_not_for_it_says_what_to_do(a_desk: DeskFolder, tmp_path: Path) -> None:
    array = tmp_path / "all.json"
    array.write_text('[{"title": "x"}]')
    assert "jq -c '.[]' makes lines of it" in a_desk.hd("import", str(array), code=2).err
    wide = tmp_path / "wide.csv"
    wide.write_text("title\nx\n", encoding="utf-16")
    assert "iconv -f UTF-16" in a_desk.hd("import", str(wide), code=4).err
    assert "can't read" in a_desk.hd("import", str(tmp_path / "none.csv"), code=2).err
    assert "is the file to import" in (
        a_desk.hd("import", str(array), "--rejects", str(array), code=2).err
    )


def test_a_hub_without_a_work_tree_takes_them_too(make_desk: Any) -> None:
    hub = make_desk("hub.git", "--bare")
    assert hub.hd("import", "-", stdin=lines(GOOD)).out == "1 ticket imported\n"
    assert hub.git("log", "-1", "--format=%s", "main").endswith(": import: VPN is slow")


@pytest.mark.skipif(not DATA.is_dir(), reason="no real tickets: HD_DATA, or ../shared/data")
def test_real_tickets_come_in(a_desk: DeskFolder, tmp_path: Path) -> None:
    source = tmp_path / "real.jsonl"
    some = (DATA / "lifecycles.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[:400]
    source.write_text("".join(some), encoding="utf-8")
    maps = ("id=external_id", "text=body", "topic=tags", "*=")
    a_desk.hd(
        *("import", str(source), "--map", "solved_at=", "--map", "created=created"),
        *(word for each in maps for word in ("--map", each)),
    )
    assert a_desk.hd("list", "--all", "--count").out == "400\n"
    assert a_desk.clean()


def test_a_column_called_log_can_be_left_out(a_desk: DeskFolder) -> None:
    text = "title,log\nPrinter jams,rang twice\n"
    assert "no field 'log'" in a_desk.hd("import", "-", stdin=text, code=2).err
    assert a_desk.hd("import", "-", "--map", "*=", stdin=text).out == "1 ticket imported\n"

"""hd intake jsonl, hd intake csv: a line in, a line out, and nothing twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from support import DeskFolder, run_hd


def answers(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def requests(*records: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in records)


def test_each_line_is_answered_with_its_id_or_its_error(a_desk: DeskFolder) -> None:
    given = requests({"title": "Disk full", "requester": "Ana <ana@example.org>"}) + "nonsense\n"
    given += requests({"title": "Old", "status": "resolved"}, {"title": "x", "team": "nowhere"})
    ran = a_desk.hd("intake", "jsonl", "--channel", "script", stdin=given, code=4)
    first, *others = answers(ran.out)
    assert first == {"line": 1, "outcome": "new", "id": first["id"]}
    assert a_desk.ticket(first["id"]).text("channel") == "script"
    assert [(each["line"], each["outcome"], each["code"]) for each in others] == [
        (2, "refused", 4),
        (3, "refused", 4),
        (4, "refused", 1),
    ]
    assert "hd import takes in a story" in others[1]["error"]
    assert ran.err.endswith("3 refused\n")
    assert a_desk.clean()


def test_what_is_wrong_with_a_line_is_said_and_the_next_is_taken_in(a_desk: DeskFolder) -> None:
    wrong = {
        b"\xef\xbb": "not UTF-8 at byte 1",
        b'{"title": "a", "title": "b"}': "'title' is there twice",
        b'{"title": "\\ud800"}': "half of a surrogate pair",
        b'{"title": "a\\u0000"}': "a NUL character",
        b'{"title": "x", "tags": [1]}': "'tags' must be a list of texts, not of a number",
        b'{"title": "x", "cc": {}}': "'cc' must be a list of texts, not an object",
        b'{"title": "x", "external_id": %s}' % (b"9" * 5000): "a number in it is too long",
        b"[" * 100_000: "nested too deep",
        b"x" * 8_000_001: "longer than 8 MB",
    }
    file = a_desk.path.parent / "requests.jsonl"
    file.write_bytes(b"\n".join([*wrong, b'{"title": "right"}']))
    found = answers(a_desk.hd("intake", "jsonl", str(file), code=4).out)
    assert [each["line"] for each in found] == list(range(1, len(wrong) + 2))
    for each, said in zip(found, wrong.values(), strict=False):
        assert said in each["error"]
    assert found[-1]["outcome"] == "new"


def test_who_has_no_address_is_said_where_the_desk_sends_mail(a_desk: DeskFolder) -> None:
    a_desk.new("Old", "-r", "Ana Silva <ana@corp.example>")
    a_desk.hd("config", "mail.addresses=help@example.org")
    given = requests({"title": "Disk full", "requester": "ana"}, {"title": "No requester"})
    first, second = answers(a_desk.hd("intake", "jsonl", stdin=given).out)
    assert first["troubles"] == ["'ana' has no mail address: no mail tells them anything"]
    assert "troubles" not in second
    said = " ".join(a_desk.hd("new", "Jam", "-r", "ana").err.split())
    assert "'ana' has no mail address: no mail tells them anything; hd set HD-" in said
    assert "'requester=Ana Silva <ana@corp.example>' gives them one" in said
    assert a_desk.hd("new", "-q", "Jam", "-r", "ana").err == ""


def test_who_tries_again_gets_the_same_id(a_desk: DeskFolder) -> None:
    given = requests({"title": "Disk full", "external_id": "disk-7"}) * 2
    first = a_desk.hd("intake", "jsonl", stdin=given)
    assert [each["outcome"] for each in answers(first.out)] == ["new", "known"]
    again = a_desk.hd("intake", "jsonl", "-q", stdin=given)
    assert set(again.out.split()) == {answers(first.out)[0]["id"]}
    other = a_desk.new("All disks")
    a_desk.hd("merge", again.id, other)
    assert a_desk.hd("intake", "jsonl", "-q", stdin=given).id == other


def test_a_ticket_that_can_not_be_read_is_not_opened_again(a_desk: DeskFolder) -> None:
    given = requests({"title": "Disk full", "external_id": "disk-7"})
    ticket_id = a_desk.hd("intake", "jsonl", "-q", stdin=given).id
    (file,) = a_desk.path.glob(f"tickets/*/{ticket_id}.yaml")
    file.write_text(f"{file.read_text()}x: [\n")
    a_desk.git("commit", "-qam", "Break it")
    (answer,) = answers(a_desk.hd("intake", "jsonl", stdin=given, code=4).out)
    assert f"{ticket_id}.yaml" in answer["error"]
    a_desk.git("revert", "--no-edit", "HEAD")
    assert a_desk.hd("intake", "jsonl", "-q", stdin=given).id == ticket_id


def test_two_clones_that_take_in_the_same_unknown_to_each_other_have_one_ticket(
    make_desk: Callable[..., DeskFolder],
) -> None:
    hub = make_desk("hub.git", "--bare")
    clones = []
    for name in ("one", "two"):
        assert run_hd("clone", str(hub.path), str(hub.path.parent / name)).code == 0
        clones.append(DeskFolder(hub.path.parent / name))
    given = requests({"title": "Disk full", "external_id": "disk-7"})
    ids = {each.hd("intake", "jsonl", "-q", stdin=given).id for each in clones}
    for each in (*clones, clones[0]):
        each.hd("sync")
    assert len(ids) == 1
    for each in clones:
        assert each.hd("list", "--all", "-q").out.split() == list(ids)
        assert len(each.ticket(min(ids)).log) == 1


def test_a_request_keeps_the_time_at_which_it_was_made(a_desk: DeskFolder) -> None:
    given = requests({"title": "Disk full", "created": "2026-11-01T10:00:00+01:00"})
    found = a_desk.ticket(a_desk.hd("intake", "jsonl", "-q", stdin=given).id)
    assert found.text("created") == "2026-11-01T09:00:00Z"


def test_an_answer_comes_before_the_next_line_is_written(a_desk: DeskFolder) -> None:
    command = [sys.executable, "-m", "hdcli", "intake", "jsonl"]
    with subprocess.Popen(
        command, cwd=a_desk.path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        for title in ("first", "second"):
            process.stdin.write(requests({"title": title}))
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert a_desk.ticket(answer["id"]).title == title
        other = a_desk.new("third", "--external-id", "x3")  # others work on the desk meanwhile
        a_desk.hd("config", "set", "fields", "room")
        process.stdin.write(requests({"title": "third", "external_id": "x3", "room": "12"}))
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert (answer["outcome"], answer["id"]) == ("known", other)
        process.kill()  # whoever is killed between two lines lost nothing
    assert a_desk.hd("list", "--count", "--all").out == "3\n"


def test_a_dry_run_checks_and_writes_nothing(a_desk: DeskFolder) -> None:
    before = a_desk.commits()
    given = requests({"title": "Disk full"}, {"titel": "x"})
    found = answers(a_desk.hd("intake", "jsonl", "--dry-run", stdin=given, code=4).out)
    assert [each["outcome"] for each in found] == ["new", "refused"]
    assert found[0]["id"] is None
    assert a_desk.commits() == before


def test_a_table_that_has_grown_is_taken_in_again(a_desk: DeskFolder) -> None:
    maps = ("--map", "Subject=title", "--map", "When=", "--channel", "web")
    table = "Subject;When\nNo sound;08:00\nNo sound;08:00\n"
    first = answers(a_desk.hd("intake", "csv", "-", *maps, stdin=table).out)
    assert [each["outcome"] for each in first] == ["new", "new"]
    grown = answers(a_desk.hd("intake", "csv", "-", *maps, stdin=table + "No light;09:00\n").out)
    assert [each["outcome"] for each in grown] == ["known", "known", "new"]
    assert [each["id"] for each in grown[:2]] == [each["id"] for each in first]


def test_the_doors_are_listed_and_a_mistyped_one_is_told_the_nearest() -> None:
    assert "jsonl" in run_hd("intake").out
    wrong = run_hd("intake", "jsnol")
    assert wrong.code == 2
    assert "did you mean 'jsonl'?" in wrong.err


def test_names_that_a_ticket_holds_otherwise_are_known_again(a_desk: DeskFolder) -> None:
    given = requests(
        {"title": "x", "external_id": " two\u00a0 words\n"},
        {"title": "x", "external_id": 17},
        {"title": "x", "external_id": "none"},
        {"title": "x", "external_id": "old", "created": "1960-01-01T00:00:00Z"},
    )
    first = answers(a_desk.hd("intake", "jsonl", stdin=given, code=4).out)
    assert [each["outcome"] for each in first] == ["new", "new", "refused", "new"]
    again = answers(a_desk.hd("intake", "jsonl", stdin=given, code=4).out)
    assert [each["outcome"] for each in again] == ["known", "known", "refused", "known"]
    assert a_desk.hd("fsck").code == 0

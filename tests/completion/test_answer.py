"""What hd answers to a shell that completes; the shells themselves are in test_shells.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hdcli import cli, commandlist
from hdcli.completion.answer import ARGUMENTS, OPTIONS, answer
from hdcli.completion.commandtable import commands
from hdcli.completion.terms import SETTABLE
from support import DeskFolder

HOSTILE = "Look \x1b[31mred\x07 `touch pwned` $(touch pwned) %F{red}\ttab\nline"
# Options whose value is free text: nobody can guess it.
FREE_OPTIONS = {
    *("--body", "--email", "--external-id", "--limit", "--map", "--message", "--name"),
    *("--prefix", "--seed", "--title", "--days", "--slug", "--note", "--depth"),
    *("--also", "--range", "--sync", "--watch", "--every", "--move", "--about"),
}
FREE_ARGUMENTS = {
    *("[TITLE]...", "[WORDS]...", "[WORD]...", "HANDLE", "NAME", '["NAME <MAIL>"]'),
    *("%O", "%A", "%B", "%P"),
    *("IMAPS://USER@HOST/FOLDER", "KEY", "KEY...", "[KEY]...", "1|2|3|4|5"),
}

Words = Callable[..., list[str]]


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch, a_desk: DeskFolder) -> Words:
    """Completes on a_desk; gives the words without their helps."""
    monkeypatch.setenv("HD_DESK", str(a_desk.path))

    def complete(*line: str) -> list[str]:
        kind, *lines = answer(line).splitlines() or [""]
        assert kind == "words"
        return [each.partition("\t")[0] for each in lines]

    return complete


def warm(desk: DeskFolder) -> DeskFolder:
    """The desk, its cache built by a reader."""
    desk.hd("list")
    return desk


def test_commands_are_completed_with_their_helps() -> None:
    assert answer(["esc"]) == "words\nescalate\tHand tickets to a higher support level.\n"


def test_options_of_the_command_are_completed(words: Words) -> None:
    assert words("escalate", "--t") == ["--to", "--team"]
    assert "--escalate" not in words("escalate", "-")
    assert "-m" in words("escalate", "-m")
    assert words("--d") == ["--desk"]


@pytest.mark.parametrize("outside", [["esc"], ["new", "--chan"], ["new", "--channel", "ph"]])
def test_outside_a_desk_what_needs_no_desk_is_completed(outside: list[str]) -> None:
    assert len(answer(outside).splitlines()) == 2


@pytest.mark.parametrize(
    "line", [["show", ""], ["assign", "7k3", ""], ["tag", "7k3", "+"], ["list", "team:"]]
)
def test_outside_a_desk_there_are_no_names_and_no_complaint(line: list[str]) -> None:
    assert answer(line) in (
        "words\n",
        "words\nteam:none\tempty\n",
        "words\nme\tyourself\nnone\tnobody\n",
    )


def test_an_id_is_completed_the_way_it_was_begun(a_desk: DeskFolder, words: Words) -> None:
    whole = a_desk.new("Printer jams")
    warm(a_desk)
    key = whole.removeprefix("HD-")
    assert words("show", "") == [whole]
    assert words("show", whole[:5]) == [whole]
    assert words("show", whole[:5].lower()) == [whole.lower()]
    assert words("show", key[:2].lower()) == [key.lower()]
    assert words("show", "h") == [whole.lower()]
    assert words("show", "uuuu") == []


def test_ids_have_their_titles_and_how_closed_tickets_ended(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Printer jams")
    a_desk.hd("resolve", ticket, "-m", "Paper")
    warm(a_desk)
    line = ["--desk", str(a_desk.path), "show", ""]
    assert answer(line) == f"words\n{ticket}\tPrinter jams (resolved)\n"


def test_only_tickets_that_the_command_can_take_are_offered(
    a_desk: DeskFolder, words: Words
) -> None:
    still_open, done = a_desk.new("One"), a_desk.new("Two")
    a_desk.hd("resolve", done, "-m", "Done")
    warm(a_desk)
    assert words("resolve", "") == [still_open]
    assert words("reopen", "") == [done]
    assert words("show", done[:4]) in ([done], [still_open, done])


def test_the_most_urgent_ticket_comes_first(a_desk: DeskFolder, words: Words) -> None:
    later, first = a_desk.new("Later", "-p", "low"), a_desk.new("First", "-p", "urgent")
    warm(a_desk)
    assert words("show", "") == [first, later]


def test_a_ticket_on_the_line_is_not_offered_again(a_desk: DeskFolder, words: Words) -> None:
    one, two = a_desk.new("One"), a_desk.new("Two")
    warm(a_desk)
    assert words("show", one, "") == [two]
    assert words("show", f"{one},") == [f"{one},{two}"]


def test_whom_and_where_to(a_desk: DeskFolder, words: Words) -> None:
    ticket = warm(a_desk).new()
    assert words("assign", ticket, "b") == ["bob"]
    assert words("assign", ticket, "net") == ["network"]
    assert words("assign", ticket, "m") == ["me"]
    assert words("escalate", ticket, "--team", "sys") == ["systems"]
    assert words("escalate", ticket, "--team=sys") == ["--team=systems"]
    assert words("escalate", ticket, "--to", "") == ["1", "2", "3"]
    assert words("take", "--as", "c") == ["carol"]
    assert words("note", "-qm", "") == []


def test_fields_and_their_values(a_desk: DeskFolder, words: Words) -> None:
    ticket = warm(a_desk).new()
    assert words("set", ticket, "pri") == ["priority="]
    assert words("set", ticket, "priority=") == [
        f"priority={each}" for each in ("urgent", "high", "normal", "low")
    ]
    assert words("set", ticket, "category=ne") == ["category=network"]


def test_every_field_that_can_be_set_is_known() -> None:
    from hdcli.services import values

    assert set(SETTABLE) == set(values.SETTABLE) - {"level"}


def test_tags_go_on_and_those_present_come_off(a_desk: DeskFolder, words: Words) -> None:
    one, two = a_desk.new("One", "-t", "vpn"), a_desk.new("Two", "-t", "wifi")
    warm(a_desk)
    assert words("tag", one, "+") == ["+wifi"]
    assert words("tag", one, "-v") == ["-vpn"]
    assert words("tag", one, two, "-") == ["-vpn", "-wifi", "--as", "--quiet", "--help"]
    assert words("set", one, "tags=vpn,w") == ["tags=vpn,wifi"]


def test_requesters_are_those_who_asked_before(a_desk: DeskFolder, words: Words) -> None:
    silva, ndiaye, monitor = "Ana Silva <ana@example.org>", "Anta Ndiaye <n@example.org>", "10% CPU"
    one = a_desk.new("One", "-r", silva)
    two = a_desk.new("Two", "-r", silva)
    a_desk.new("Three", "-r", ndiaye)
    a_desk.new("Four", "-r", monitor)
    warm(a_desk)
    assert words("new", "-r", "an") == [silva, ndiaye]
    assert words("new", "--requester=n@") == ["--requester=n@example.org"]
    assert words("new", "-r", "10%") == [monitor]
    assert words("new", "-r", "%") == words("new", "-r", "Silva") == []
    assert words("set", one, "requester=ant") == [f"requester={ndiaye}"]
    assert words("list", "requester:an") == ["requester:ana@example.org"]
    a_desk.hd("set", f"{one},{two}", "requester=Carol <carol@example.org>")
    warm(a_desk)
    assert words("new", "-r", "an") == [ndiaye]  # who has no ticket any more is forgotten


def test_query_terms(a_desk: DeskFolder, words: Words) -> None:
    a_desk.new("One", "-t", "vpn")
    warm(a_desk)
    assert words("list", "stat") == ["status:"]
    assert words("list", "status:new,p") == ["status:new,pending"]
    assert words("list", "!team:net") == ["!team:network"]
    assert words("list", "--", "-team:net") == ["-team:network"]
    assert words("list", "priority:>=h") == ["priority:>=high"]
    assert words("list", "tag:") == ["tag:vpn"]
    assert words("list", "assignee:b") == ["assignee:bob"]
    assert words("list", "is:over") == ["is:overdue"]
    assert words("list", "nonsense:") == []


def test_relations_and_files(words: Words) -> None:
    assert words("link", "7k3", "dup") == ["duplicates"]
    assert answer(["attach", "7k3", ""]) == "files\n"
    assert answer(["note", "7k3", "--file", ""]) == "files\n"
    assert answer(["--desk", ""]) == "folders\n"
    assert answer(["commit", "tick"]) == "files\n"


def test_commands_below_a_command_and_its_own_arguments(a_desk: DeskFolder, words: Words) -> None:
    warm(a_desk)
    assert words("agent", "") == ["list", "add", "edit"]
    assert words("agent", "--t") == ["--team"]
    assert words("agent", "edit", "b") == ["bob"]
    assert words("agent", "edit", "bob", "--team", "-net") == ["-network"]
    assert words("config", "s") == ["show", "set", "synonyms", "suggestions", "signatures"]
    assert words("config", "teams.net") == [
        f"teams.network.{each}" for each in ("name", "level", "categories")
    ]


def test_lists_of_names(a_desk: DeskFolder, words: Words) -> None:
    warm(a_desk)
    assert words("list", "--sort", "-upd") == ["-updated"]
    assert words("list", "--sort", "level,upd") == ["level,updated"]
    assert words("list", "--columns", "id,tit") == ["id,title"]


def test_hostile_titles_and_tags_are_made_harmless(a_desk: DeskFolder, words: Words) -> None:
    ticket = a_desk.new(HOSTILE.replace("\n", " "), "-t", "$(reboot)")
    warm(a_desk)
    text = answer(["show", ""])
    assert text.count("\n") == 2
    assert text.split("\t")[0] == f"words\n{ticket}"
    assert "\x1b" not in text
    assert "\x07" not in text
    assert words("tag", ticket, "-$") == ["-$(reboot)"]


def test_a_stale_cache_is_good_enough_and_is_left_as_it_is(
    a_desk: DeskFolder, words: Words
) -> None:
    old = a_desk.new("Old")
    warm(a_desk)
    path = a_desk.file(old)
    path.write_text(path.read_text().replace("title: Old", "title: New"))
    a_desk.git("commit", "-qam", "by hand")
    before = (a_desk.path / ".git/hd/cache.sqlite3").read_bytes()
    assert words("show", "") == [old]
    assert (a_desk.path / ".git/hd/cache.sqlite3").read_bytes() == before


@pytest.mark.parametrize("damage", ["missing", "not SQLite", "not JSON"])
def test_without_a_cache_there_is_nothing_and_nothing_is_built(
    a_desk: DeskFolder, words: Words, damage: str
) -> None:
    a_desk.new()
    local = warm(a_desk).path / ".git/hd"
    if damage == "missing":
        (local / "cache.sqlite3").unlink()
        (local / "settings.json").unlink(missing_ok=True)
    elif damage == "not SQLite":
        (local / "cache.sqlite3").write_bytes(b"not a database" * 1000)
    else:
        (local / "settings.json").write_text("[1")
    before = sorted(local.iterdir())
    if damage != "not JSON":
        assert words("show", "") == []
    if damage != "not SQLite":
        assert words("escalate", "--team", "") == []
    assert sorted(local.iterdir()) == before


@pytest.mark.parametrize(
    "line", [[], ["bogus", ""], ["show", "\udcff"], ["list", "::::"], ["set", "=", "="], ["--", ""]]
)
def test_no_line_is_answered_by_an_error(a_desk: DeskFolder, line: list[str]) -> None:
    done = a_desk.process(*line, env={"_HD_COMPLETE": "1"})
    assert done.returncode == 0
    assert done.stderr == b""


def test_a_reader_that_left_is_no_error(a_desk: DeskFolder) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "hdcli", ""],
        env={**os.environ, "_HD_COMPLETE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) == 0


def test_the_table_knows_every_command_and_no_other() -> None:
    known = commands()
    assert {path.split()[0] for path in known if path} == set(commandlist.COMMANDS)
    assert known[""].commands == {name: each.help for name, each in commandlist.COMMANDS.items()}
    assert {name for name, command in cli.names().items() if hasattr(command, "commands")} == {
        path for path, each in known.items() if path and " " not in path and each.commands
    }
    assert list(known["intake quarantine"].commands) == ["list", "show", "accept", "drop"]


def test_every_value_is_completed_or_known_to_be_free() -> None:
    unknown = [
        f"{path} {option.names[-1]}"
        for path, command in commands().items()
        for option in command.options
        if option.value and not option.choices
        if option.names[-1] not in OPTIONS.keys() | FREE_OPTIONS
    ] + [
        f"{path} {argument}"
        for path, command in commands().items()
        for argument in command.arguments
        if argument not in ARGUMENTS.keys() | FREE_ARGUMENTS
    ]
    assert unknown == []


def test_what_is_generated_is_current() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "tools/generate.py", "--check"], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0, f"run python tools/generate.py; out of date:\n{done.stdout}"
    json.loads((root / "src/hdcli/data/commands.json").read_text())

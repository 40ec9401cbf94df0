"""docs/json.md names every key that --json prints, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hdcli.commandlist import COMMANDS
from support import DeskFolder, run_hd

TEXT = (Path(__file__).parents[2] / "docs/json.md").read_text(encoding="utf-8")


def keys(title: str) -> list[str]:
    """What the first column of a section's table names."""
    section = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def asked(desk: DeskFolder, *line: str, **more: Any) -> Any:
    found = json.loads(desk.hd(*line, "--json", **more).out)
    assert found["format"] == 1
    return found


@pytest.fixture
def busy_desk(a_desk: DeskFolder) -> DeskFolder:
    ticket = a_desk.new("No network", "-t", "vlan", "-r", "Ana <ana@example.org>")
    a_desk.hd("escalate", ticket, "-m", "Beyond us")
    return a_desk


def test_a_ticket_has_its_log_where_that_is_said(busy_desk: DeskFolder) -> None:
    (listed,) = asked(busy_desk, "list")["tickets"]
    (shown,) = asked(busy_desk, "show", "@")["tickets"]
    assert "log" not in listed
    assert shown == {**listed, "log": shown["log"]}
    assert json.loads(busy_desk.hd("list", "--jsonl").out) == listed
    assert json.loads(busy_desk.hd("export", "--format", "jsonl").out) == shown


def test_commits(busy_desk: DeskFolder) -> None:
    commits = asked(busy_desk, "log")["commits"]
    assert list(commits[0]) == keys("A commit")
    lines = busy_desk.hd("log", "--jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == commits
    by_git = next(each for each in commits if each["subject"] == "agents")
    assert (by_git["ticket"], by_git["action"]) == (None, None)


def test_where_things_stand(busy_desk: DeskFolder) -> None:
    found = asked(busy_desk, "status")
    assert list(found) == keys("Where things stand")
    assert list(found["unassigned"]) == ["total", "first"]
    assert list(found["levels"][0]) == ["level", "name", "open", "unassigned", "overdue", "teams"]


def test_articles_and_searches(busy_desk: DeskFolder) -> None:
    busy_desk.hd("kb", "starter", "printer-offline")
    busy_desk.hd("resolve", "@", "-m", "Switched on", "--article", "printer-offline")
    (listed,) = asked(busy_desk, "kb", "list")["articles"]
    (shown,) = asked(busy_desk, "kb", "show", "printer-offline")["articles"]
    counted = keys("An article")
    assert list(listed)[-6:] == ["procedure", *counted]
    assert set(shown) == set(listed) - {"procedure"} | {"steps", "body", "tried", "log"}
    found = asked(busy_desk, "search", "printer")
    assert list(found) == keys("A search")
    hit = found["hits"][0]
    assert (hit["kind"], hit["slug"]) == ("article", "printer-offline")
    assert list(hit["excerpt"]) == ["text", "marks"]
    assert asked(busy_desk, "kb", "search", "printer")["hits"]
    assert asked(busy_desk, "procedure", "list")["procedures"][0]["solved"] == 1


def test_suggestions(busy_desk: DeskFolder) -> None:
    busy_desk.hd("kb", "starter", "no-network")
    busy_desk.hd("resolve", "@", "-m", "Cable", "--article", "no-network")
    found = asked(busy_desk, "suggest", "network")
    assert list(found) == keys("Suggestions")
    assert list(found["articles"][0]) == keys("A suggested article")
    assert list(found["tickets"][0]) == keys("A similar ticket")


def test_suggestions_for_a_new_ticket(busy_desk: DeskFolder) -> None:
    found = asked(busy_desk, "new", "No network")
    assert list(found) == ["format", "ticket", "suggestions"]
    assert list(found["suggestions"]) == ["words", "articles", "tickets", "duplicates"]
    (twin,) = found["suggestions"]["duplicates"]
    assert list(twin) == keys("Suggestions for a new ticket")


def test_gaps(busy_desk: DeskFolder) -> None:
    busy_desk.hd("kb", "starter", "no-network")
    busy_desk.hd("kb", "helpful", "no-network", "@", "--no")
    for number in range(6):
        ticket = busy_desk.new(f"Screen flickers {number}", "-c", "hardware")
        who = "bob" if number % 2 else ""
        busy_desk.hd("escalate" if who else "resolve", ticket, "-m", "Cable", agent=who)
    busy_desk.hd("agent", "edit", "bob", "--team", "+desk")
    found = asked(busy_desk, "kb", "gaps", agent="bob")
    assert list(found) == keys("Gaps")
    assert list(found["gaps"][0]) == keys("A gap")
    assert list(found["failing"][0]) == keys("A failing article")
    assert list(found["learning"]) == ["agent", "team", "lessons"]
    assert list(found["learning"]["lessons"][0]) == keys("What may be learnt")


def test_agents_and_teams(busy_desk: DeskFolder) -> None:
    assert list(asked(busy_desk, "agent", "list")["agents"][0]) == keys("An agent")
    assert list(asked(busy_desk, "team", "list")["teams"][0]) == keys("A team")
    me = asked(busy_desk, "whoami")["agent"]
    assert list(me) == [*keys("An agent")[:-2], "author", "source"]


def test_settings_are_whole_or_one(busy_desk: DeskFolder) -> None:
    assert asked(busy_desk, "config")["settings"]["prefix"] == "HD"
    assert asked(busy_desk, "config", "prefix")["settings"] == "HD"


def test_findings(busy_desk: DeskFolder) -> None:
    with busy_desk.file(json.loads(busy_desk.hd("list", "--jsonl").out)["id"]).open("a") as file:
        file.write("# seen\n")
    found = asked(busy_desk, "fsck")
    assert list(found) == ["format", "files", "findings", "repaired", "not_repaired"]
    assert list(found["findings"][0]) == keys("A finding")


def test_a_check_up(busy_desk: DeskFolder) -> None:
    found = asked(busy_desk, "doctor")
    assert list(found) == ["format", "checks", "fixed", "not_fixed"]
    assert list(found["checks"][0]) == keys("A check")


def test_an_audit(busy_desk: DeskFolder) -> None:
    found = asked(busy_desk, "audit", "@")
    assert ["format", *keys("An audit")] == list(found)
    assert list(found["authors"][0]) == keys("An author")
    assert list(found["entries"][0]) == keys("An audited entry")
    assert list(asked(busy_desk, "audit")) == ["format", *keys("An audit")[:-1]]


def test_an_import(busy_desk: DeskFolder) -> None:
    found = asked(busy_desk, "import", "-", "--format", "jsonl", stdin="{oops\n", code=4)
    assert list(found) == keys("An import")
    assert list(found["reasons"][0]) == ["reason", "count", "lines"]


def test_messages_and_those_that_wait(a_desk: DeskFolder) -> None:
    (found,) = asked(a_desk, "intake", "mail", stdin="Subject: Who?\n\nx")["messages"]
    assert list(found) == keys("A message")
    assert list(asked(a_desk, "intake", "log")["messages"][0]) == ["at", *keys("A message")]
    (waiting,) = asked(a_desk, "intake", "quarantine", "list")["quarantine"]
    assert list(waiting) == keys("A message that waits")


def test_every_command_that_prints_json_is_listed() -> None:
    table = TEXT.partition("| --- | --- | --- |\n")[2].partition("\n\n")[0]
    told = re.findall(r"^\| `hd ([^`]+)`", table, re.MULTILINE)
    for name in COMMANDS:
        helps = [("", run_hd(name, "--help").out)]
        inner = re.findall(r"^  ([a-z]+)  ", helps[0][1].partition("Commands:\n")[2], re.MULTILINE)
        helps += [(f" {each}", run_hd(name, each, "--help").out) for each in inner]
        for more, text in helps:
            if re.search(r"^ +--json\b", text, re.MULTILINE):
                assert any(line.startswith(name + more) for line in told), name + more


def test_what_was_anonymised_and_what_is_held(busy_desk: DeskFolder, tmp_path: Path) -> None:
    line = ("export", "--requester", "ana@example.org", "-o", str(tmp_path / "ana"))
    busy_desk.hd(*line)
    held = json.loads((tmp_path / "ana" / "data.json").read_text())
    assert list(held) == keys("What is held on a requester")
    found = asked(busy_desk, "anonymise", "ana@example.org", "--dry-run")
    assert list(found) == keys("What was anonymised")

"""hd log: the commits as a ledger."""

from __future__ import annotations

import json

import pytest

from hdcli.errors import BadUsage
from support import DeskFolder


def what(desk: DeskFolder, *args: str) -> list[str]:
    return [line.split("  ")[-1].strip() for line in desk.hd("log", *args).out.splitlines()]


def test_a_line_a_commit_newest_first(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("No network")
    a_desk.hd("note", ticket, "-m", "Looked at it", agent="bob")
    first, second, *rest = a_desk.hd("log").out.splitlines()
    assert first.split()[0] == a_desk.git("rev-parse", "--short", "main")
    assert first.split()[2:] == ["bob", ticket, "note:", "Looked", "at", "it"]
    assert second.split()[2:] == ["alice", ticket, "new:", "No", "network"]
    assert len(rest) == 2
    assert what(a_desk, "-n", "1") == ["note: Looked at it"]


def test_a_ticket_and_those_merged_into_it(a_desk: DeskFolder) -> None:
    source, target, _ = a_desk.new("Source"), a_desk.new("Target"), a_desk.new("Other")
    a_desk.hd("merge", source, target)
    assert what(a_desk, target) == [f"merge into {target}", "new: Target", "new: Source"]


def test_an_article_and_what_names_it_in_its_commits(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "VPN drops", "-m", "Restart it.")
    a_desk.hd("kb", "new", "Le VPN", "-m", "x", "--language", "fr", "--translates", "vpn-drops")
    a_desk.hd("kb", "publish", "vpn-drops", agent="bob")
    assert what(a_desk, "vpn") == ["publish", "new: Le VPN", "new: VPN drops"]
    assert what(a_desk, "le-vpn") == ["new: Le VPN"]
    assert what(a_desk, "vpn", "-n", "1") == ["publish"]
    ticket = a_desk.new("No VPN")
    assert what(a_desk, "le-vpn", ticket) == ["new: No VPN", "new: Le VPN"]
    line = a_desk.hd("log", "vpn", "-n", "1").out
    assert line.split()[2:] == ["bob", "kb", "vpn-drops", "publish"]
    (found,) = json.loads(a_desk.hd("log", "--json", "vpn", "-n", "1").out)["commits"]
    assert (found["ticket"], found["article"], found["action"]) == (None, "vpn-drops", "publish")
    assert found["trailers"]["Article"] == ["vpn-drops"]


def test_verbose_has_the_text_and_the_trailers_in_words(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd(
        "escalate", ticket, "-m", "Restarted twice.\n\nLooks like the VLAN.", "--team", "network"
    )
    text = a_desk.hd("log", "-v", "-n", "1").out
    assert "    level 1 to 2" in text
    assert "team network" in text
    assert "    Restarted twice.\n\n    Looks like the VLAN.\n" in text


def test_a_commit_by_somebody_without_hd(a_desk: DeskFolder) -> None:
    a_desk.git(
        "-c",
        "user.name=Eve",
        "commit",
        "-q",
        "--allow-empty",
        "--author",
        "Eve Stranger <eve@example.com>",
        "-m",
        "tidy\x07 up",
        "-m",
        "why: not",
    )
    line = a_desk.hd("log", "-n", "1").out
    assert line.split()[2:] == ["Eve", "Stranger", "tidy^G", "up"]
    (found,) = json.loads(a_desk.hd("log", "--json", "-n", "1").out)["commits"]
    assert (found["agent"], found["author"]) == (None, "Eve Stranger <eve@example.com>")
    assert found["ticket"] is None


def test_since_and_until_read_dates_as_queries_do(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2026-01-01", "2026-02-01"):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00Z")
        a_desk.git("commit", "-q", "--allow-empty", "-m", day)
    assert what(a_desk, "--since", "2026-02", "--until", "2026-02-01") == ["2026-02-01"]
    assert what(a_desk, "--since", "2026-01-01", "--until", "2026-01")[-1] == "2026-01-01"
    assert what(a_desk, "--since", "1960") == what(a_desk)
    assert what(a_desk, "--until", "1960") == what(a_desk, "--since", "9000") == []
    a_desk.hd("log", "--since", "someday", code=BadUsage.exit_code)


def test_json_lines_stream_the_same_commits(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    lines = a_desk.hd("log", "--jsonl", ticket).out.splitlines()
    assert [json.loads(line) for line in lines] == (
        json.loads(a_desk.hd("log", "--json", ticket).out)["commits"]
    )


def test_a_reader_who_leaves_ends_it_quietly(a_desk: DeskFolder) -> None:
    import subprocess
    import sys

    for n in range(3):
        a_desk.new(f"Ticket {n}")
    done = subprocess.run(
        f"{sys.executable} -m hdcli log | head -n 1",
        shell=True,
        cwd=a_desk.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "Ticket 2" in done.stdout

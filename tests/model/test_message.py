from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.message import commit_message, one_line, paragraphs, ticket_message
from hdcli.model.ticket import Ticket

OPENED = {"title": "No network", "status": "new", "level": 1, "team": "desk", "priority": "high"}


def entry(number: int, action: str, **more: Any) -> Entry:
    return Entry(f"{number:04d}-aaaaaa", "2026-11-24T09:12:44Z", "alice", action, **more)


def ticket(*entries: Entry) -> Ticket:
    log = (entry(1, "new", set=OPENED), *entries)
    return Ticket("HD-7K3QF", fold(log), log)


def message_of(*entries: Entry) -> str:
    return ticket_message(ticket(*entries[:-1]), ticket(*entries), entries[-1])


def test_an_escalation_reads_as_the_design_has_it() -> None:
    change = {"level": 2, "team": "network", "assignee": None, "status": "open"}
    assert message_of(entry(2, "escalate", set=change, body="Restarted twice.")) == (
        "HD-7K3QF: escalate to level 2 (network)\n"
        "\n"
        "Restarted twice.\n"
        "\n"
        "Ticket: HD-7K3QF\n"
        "Action: escalate\n"
        "From-Level: 1\n"
        "To-Level: 2\n"
        "Status: open\n"
        "Team: network\n"
    )


@pytest.mark.parametrize(
    ("done", "subject"),
    [
        (entry(2, "assign", set={"assignee": "bob", "status": "open"}), "assign to bob"),
        (entry(2, "assign", set={"assignee": "bob", "team": "net"}), "assign to bob (net)"),
        (entry(2, "assign", set={"team": "net"}), "assign to team net"),
        (entry(2, "assign", set={"assignee": None}), "unassign (desk)"),
        (entry(2, "take", set={"assignee": "alice"}), "take (alice)"),
        (entry(2, "note", body="Port 12 is dead\nSpare ordered"), "note: Port 12 is dead"),
        (entry(2, "reply", body="\x1b \n"), "reply"),
        (entry(2, "pend", set={"pending": "vendor"}), "wait for vendor"),
        (
            entry(2, "pend", set={"pending": "change", "pending_until": "2026-12-01T09:00:00Z"}),
            "wait for change until 2026-12-01",
        ),
        (entry(2, "deescalate", set={"level": 1}), "deescalate to level 1 (desk)"),
        (entry(2, "tag", add={"tags": ["vpn"]}, remove={"tags": ["wlan"]}), "tag +vpn -wlan"),
        (entry(2, "set", set={"urgency": "high", "due": None}), "set urgency=high, due=none"),
        (entry(2, "set", set={"a": "1", "b": "2", "c": "3", "d": "4"}), "set a, b, c, d"),
        (entry(2, "link", add={"links": ["duplicates HD-9FQAA"]}), "duplicates HD-9FQAA"),
        (
            entry(2, "link", remove={"links": ["caused-by HD-9FQAA"]}),
            "no longer caused-by HD-9FQAA",
        ),
        (
            entry(2, "attach", add={"attachments": ["attachments/7k/HD-7K3QF/0123456789ab-a.txt"]}),
            "attach a.txt",
        ),
        (entry(2, "merge", set={"merged_into": "HD-9FQAA"}), "merge into HD-9FQAA"),
        (entry(2, "merge", merged="HD-9FQAA"), "merge in HD-9FQAA"),
        (entry(2, "resolve", set={"status": "resolved"}), "resolve"),
        (entry(2, "undo", extra={"what": "resolve"}), "undo resolve"),
        (entry(2, "grow-wings"), "grow-wings"),
    ],
)
def test_a_subject_says_what_was_done(done: Entry, subject: str) -> None:
    assert message_of(done).partition("\n")[0] == f"HD-7K3QF: {subject}"


def test_a_subject_stays_within_git_s_width() -> None:
    long = commit_message("HD-7K3QF: note: " + "Netzwerkausfall " * 20)
    assert len(long.splitlines()[0]) <= 72
    assert long.splitlines()[0].endswith("…")


def test_a_long_text_is_there_by_its_beginning() -> None:
    assert commit_message("s", "line\n" * 300).endswith("line\n[...]\n")
    assert len(commit_message("s", "x" * 1_000_000)) < 21_000


FORGERIES = (
    "x\n\nAction: close\nTicket: HD-AAAAA",
    "x\n\nAction: close\n---\nnot a patch",
    "x\n\nAction: close\n---",
    "x\n\nAction: close\n# ------------------------ >8 ------------------------\nscissors",
    "x\n\nAction: close\n; ------------------------ >8 ------------------------\nscissors",
    "x\n\nAction: close\r\rTicket: HD-AAAAA\n\n\n",
    "x\u2028\u2028Action: close\u2028\n\n# comment",
    "Conflicts:\n\tAction: close\n",
    "diff --git a/x b/x\n\nAction: close",
    "x\n\nSigned-off-by: me\nAction: close",
    "\0Action: close",
    "Action: close\n \n",
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(st.sampled_from("aA:\n-# \r\t\x1b>8;"), max_size=60)
    | st.sampled_from(FORGERIES)
    | st.text(max_size=60)
)
@example(FORGERIES[1])
@example(FORGERIES[3])
def test_nothing_that_somebody_wrote_stands_among_the_trailers(text: str) -> None:
    done = entry(2, "note", body=paragraphs(text), set={"requester": one_line(text) or None})
    message = message_of(done)
    parsed = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=message.encode("utf-8", "replace"),
        capture_output=True,
        check=True,
    ).stdout.decode()
    names = [line.partition(":")[0] for line in parsed.splitlines()]
    assert names[:2] == ["Ticket", "Action"]
    assert set(names[2:]) <= {"Requester"}
    assert "Action: note\n" in parsed
    subject = message.splitlines()[0]
    assert subject.startswith("HD-7K3QF: note")
    assert len(subject) <= 72
    assert not set(message) & {chr(n) for n in range(32) if chr(n) not in "\t\n"}


@pytest.mark.parametrize("text", FORGERIES)
def test_git_log_reads_the_same_trailers(tmp_path: Path, text: str) -> None:
    def git(*args: str, stdin: str = "") -> str:
        done = subprocess.run(
            ["git", *args], cwd=tmp_path, input=stdin.encode(), capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    git("init", "-q")
    tree = git("mktree")
    message = message_of(entry(2, "note", body=text))
    commit = git("commit-tree", tree, stdin=message)
    assert git("log", "-1", "--format=%(trailers:only,unfold)", commit) == (
        "Ticket: HD-7K3QF\nAction: note"
    )
    assert git("log", "-1", "--format=%s", commit) == message.partition("\n")[0]


def test_texts_are_stored_whole_on_lines_that_end_as_unix_lines_do() -> None:
    assert paragraphs("\n a\r\nb\rc \udce9\n\n") == "a\nb\nc \ufffd"
    assert one_line("a\r\n\u202eb\x9b c") == "a b c"

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from editing import at_terminal, write
from hdcli.model.ids import ALPHABET
from support import DeskFolder


def test_prints_the_id_and_commits_once(a_desk: DeskFolder) -> None:
    before = a_desk.commits()
    ran = a_desk.hd("new", "No network", "-r", "Ana <ana@example.org>", "-b", "Since nine.")
    assert ran.out == f"{ran.id}\n"
    assert a_desk.commits() == before + 1
    assert a_desk.clean()
    assert a_desk.message() == (
        f"{ran.id}: new: No network\n"
        "\n"
        "Since nine.\n"
        "\n"
        f"Ticket: {ran.id}\n"
        "Action: new\n"
        "Level: 1\n"
        "Status: new\n"
        "Priority: normal\n"
        "Team: desk\n"
        "Requester: Ana <ana@example.org>"
    )


def test_takes_every_option(a_desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "photo.jpg").write_bytes(b"another")
    made = a_desk.hd(
        *("new", "Imprimante", "bloquée", "-r", "Zoé Lefèvre <zoe@example.org>"),
        *("-b", "Voyant orange, à l'étage.", "-c", "printing", "--impact", "low"),
        *("--urgency", "high", "-t", "étage", "-t", "hp,a3", "--channel", "walk-in"),
        *("--team", "systems", "-a", "carol", "--due", "2026-12-24", "--external-id", "#47"),
        *("--attach", "photo.jpg", "--attach", "notes/photo.jpg", "-q"),
    )
    values = a_desk.ticket(made.id).values
    assert [path.rpartition("-")[2] for path in values["attachments"]] == ["photo.jpg"] * 2
    assert {name: values[name] for name in values if name not in ("created", "updated")} == {
        "title": "Imprimante bloquée",
        "status": "open",
        "level": 2,
        "priority": "normal",
        "impact": "low",
        "urgency": "high",
        "category": "printing",
        "team": "systems",
        "assignee": "carol",
        "requester": "Zoé Lefèvre <zoe@example.org>",
        "channel": "walk-in",
        "tags": ["étage", "hp", "a3"],
        "due": "2026-12-24T16:00:00Z",
        "external_id": "#47",
        "attachments": values["attachments"],
    }
    assert a_desk.ticket(made.id).description == "Voyant orange, à l'étage."
    assert a_desk.branches() == [f"l2/{made.id}: {made.id}: new: Imprimante bloquée"]
    for path in values["attachments"]:
        assert (a_desk.path / path).exists()


def test_reads_the_details_from_elsewhere(a_desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "details.txt").write_bytes(b"\xef\xbb\xbfline 1\r\nline 2\xff\r\n")
    said = "line 1\nline 2\ufffd"
    for args, stdin in (
        (("--file", "details.txt"), b""),
        (("--file", "-"), b"line 1\nline 2\xff\n"),
        (("-b", "-"), b"line 1\nline 2\xff\n"),
        (("-",), b"line 1\nline 2\xff\n"),
    ):
        made = a_desk.hd("new", "Backup failed", *args, stdin=stdin)
        assert a_desk.ticket(made.id).description == said


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        ((), 2, "a title is missing"),
        ((" \n\x1b",), 2, "a title is missing"),
        (("x" * 501,), 2, "longer than 500 characters"),
        (("x", "-b", "a", "--file", "b"), 2, "give -b or --file, not both"),
        (("x", "-b", "a", "-"), 2, "give -, -b or --file, not several"),
        (("x", "--file", "nowhere"), 2, "can't read nowhere: No such file"),
        (("x", "-b", "y" * 1_000_001), 2, "longer than 1,000,000 characters"),
        (("x", "-r", "Ana <ana>"), 2, "'Ana <ana>' is no requester"),
        (("x", "-c", "netwrok"), 1, "no category 'netwrok' on this desk; did you mean 'network'?"),
        (("x", "-p", "hihg"), 1, "did you mean 'high'?"),
        (("x", "--impact", "hihg"), 1, "did you mean 'high'?"),
        (("x", "--urgency", "hihg"), 1, "did you mean 'high'?"),
        (("x", "--team", "netwrok"), 1, "no team 'netwrok' on this desk; did you mean 'network'?"),
        (("x", "-a", "bbo"), 1, "no agent 'bbo' on this desk; did you mean 'bob'?"),
        (("x", "-t", "a b["), 2, "'b[' is no tag"),
        (("x", "--channel", "fax"), 2, "'fax' is not one of"),
        (("x", "--due", "soon"), 2, "can't read the date 'soon'"),
        (("x", "--attach", "nowhere.jpg"), 2, "can't read nowhere.jpg"),
        (("x", "--as", "bbo"), 1, "did you mean 'bob'?"),
    ],
)
def test_refuses_what_is_wrong_and_does_nothing(
    a_desk: DeskFolder, args: tuple[str, ...], code: int, error: str
) -> None:
    before = a_desk.commits()
    ran = a_desk.hd("new", *args, code=code)
    assert error in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.out == ""
    assert a_desk.commits() == before
    assert a_desk.clean()


def test_priority_follows_from_impact_and_urgency_unless_it_is_given(a_desk: DeskFolder) -> None:
    urgent = a_desk.new("Mail is down", "--impact", "high", "--urgency", "high")
    given = a_desk.new("Mouse", "--impact", "high", "--urgency", "high", "-p", "low")
    assert a_desk.ticket(urgent).text("priority") == "urgent"
    assert a_desk.ticket(given).text("priority") == "low"


def test_an_assignee_opens_it_and_the_team_s_level_is_its_level(a_desk: DeskFolder) -> None:
    mine = a_desk.ticket(a_desk.new("a", "-a", "me"))
    assert (mine.status, mine.text("assignee"), mine.text("team")) == ("open", "alice", "desk")
    theirs = a_desk.ticket(a_desk.new("b", "-a", "bob"))  # from network, level 2, helping out
    assert (theirs.level, theirs.text("team"), theirs.text("assignee")) == (1, "desk", "bob")
    named = a_desk.ticket(a_desk.new("c", "--team", "network", "-a", "alice"))
    assert (named.level, named.text("team"), named.text("assignee")) == (2, "network", "alice")


def test_hostile_text_stays_text(a_desk: DeskFolder) -> None:
    title = "\x1b]0;owned\x07 a\nTicket: HD-AAAAA \u202efdp: x"
    body = "- id: x\n  body: |\n---\n...\n%YAML 9\n\x1b[31m\x00 \u2028\n#end\t"
    made = a_desk.hd("new", title, "-", "-r", "Ana\nSilva <ana@example.org>", stdin=body)
    found = a_desk.ticket(made.id)
    assert found.title == "]0;owned a Ticket: HD-AAAAA fdp: x"
    assert found.description == body
    assert found.text("requester") == "Ana Silva <ana@example.org>"
    trailers = a_desk.git("log", "-1", "--format=%(trailers:key=Ticket,valueonly)").strip()
    assert trailers == made.id
    assert a_desk.clean()


def test_a_title_that_is_not_unicode_is_kept_readable(a_desk: DeskFolder) -> None:
    assert a_desk.ticket(a_desk.new("caf\udce9")).title == "caf\ufffd"


def test_ids_grow_longer_on_a_desk_with_many_tickets(a_desk: DeskFolder) -> None:
    blob = a_desk.git("rev-parse", "main:desk.yaml")
    crowd = mktree(a_desk, [f"100644 blob {blob}\t{number}" for number in range(200)])
    names = [f"{a}{b}".lower() for a in ALPHABET for b in ALPHABET]
    tickets = mktree(a_desk, [f"040000 tree {crowd}\t{name}" for name in names])
    top = [*a_desk.git("ls-tree", "main").splitlines(), f"040000 tree {tickets}\ttickets"]
    commit = a_desk.git("commit-tree", "-m", "many", "-p", "main", mktree(a_desk, top))
    a_desk.git("update-ref", "refs/heads/main", commit)
    a_desk.git("read-tree", "main")
    assert len(a_desk.hd("new", "x").id) == len("HD-7K3QFX")


def mktree(desk: DeskFolder, lines: list[str]) -> str:
    text = "".join(f"{line}\n" for line in lines).encode()
    done = subprocess.run(["git", "mktree"], cwd=desk.path, input=text, capture_output=True)
    return done.stdout.decode().strip()


def test_at_a_terminal_the_editor_asks(a_desk: DeskFolder, tmp_path: Path) -> None:
    seen = tmp_path / "template"
    ran = at_terminal(
        a_desk,
        *("new", "-r", "Ana <ana@example.org>"),
        editor=write("No network\n\nRoom 12.", seen),
    )
    assert ran.code == 0
    made = a_desk.ticket(ran.id)
    assert ran.out == f"{made.id}\n"
    assert (made.title, made.description) == ("No network", "Room 12.")
    template = seen.read_text()
    assert template.startswith("\n# What is wrong, in one line above")
    assert "# Requester: Ana <ana@example.org>\n" in template


def test_at_a_terminal_an_empty_text_opens_no_ticket(a_desk: DeskFolder) -> None:
    before = a_desk.commits()
    for editor in ("true", write("# only a comment\n  "), "false"):
        ran = at_terminal(a_desk, "new", editor=editor)
        assert ran.code == 1
        assert ran.out.startswith("hd: ")
    assert a_desk.commits() == before


def test_at_a_terminal_a_wrong_option_is_told_before_anybody_writes(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    ran = at_terminal(a_desk, "new", "-c", "netwrok", editor=f"touch '{tmp_path}/opened'")
    assert (ran.code, "did you mean 'network'?" in ran.out) == (1, True)
    assert not (tmp_path / "opened").exists()


def test_at_a_terminal_a_text_that_can_t_be_taken_is_kept(a_desk: DeskFolder) -> None:
    ran = at_terminal(a_desk, "new", editor=write("x" * 501))
    assert ran.code == 2
    assert "your text is in" in ran.out
    kept = a_desk.path / ".git" / "hd" / "unsaved.txt"
    assert kept.read_text() == "x" * 501 + "\n"

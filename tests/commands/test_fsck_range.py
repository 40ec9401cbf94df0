"""hd fsck --range: commits judged as a hub would, where there is no hook."""

from __future__ import annotations

import json

from support import DeskFolder


def test_honest_commits_are_counted(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("note", ticket, "-m", "x")
    assert a_desk.hd("fsck", "--range", "main~2..main").out.startswith("2 commits checked: nothing")
    assert a_desk.hd("fsck", "--range", "main..").out.startswith("0 commits checked")
    zeros = f"{'0' * 40}..main"
    data = json.loads(a_desk.hd("fsck", "--json", "--range", zeros).out)
    assert (data["commits"], data["findings"]) == (4, [])
    assert "files" not in data


def test_what_is_wrong_names_its_commit(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam", "-b", "Since Monday")
    file = a_desk.file(ticket)
    text = file.read_text()
    for each in (text.replace("Since Monday", "Never"), text):
        file.write_text(each)
        a_desk.git("commit", "-qam", "Tidy up")
    ran = a_desk.hd("fsck", "--json", "--range", "main~2..main", code=4)
    findings = json.loads(ran.out)["findings"]
    commits = [a_desk.git("rev-parse", each) for each in ("main~1", "main")]
    assert [each["commit"] for each in findings] == commits
    assert {each["path"] for each in findings} == {str(file.relative_to(a_desk.path))}
    assert a_desk.hd("fsck", "--range", "main~2..", code=4).err == "hd: 2 errors\n"


def test_a_range_that_a_push_would_have_to_force_is_said(a_desk: DeskFolder) -> None:
    a_desk.new()
    aside = a_desk.git("commit-tree", "main^{tree}", "-p", "main~1", "-m", "x")
    assert (
        "as a push it would be a forced one" in a_desk.hd("fsck", "--range", f"main..{aside}").out
    )


def test_no_range_and_no_commit_are_said(a_desk: DeskFolder) -> None:
    assert "is no range" in a_desk.hd("fsck", "--range", "main", code=2).err
    assert "there is no commit 'old' here" in a_desk.hd("fsck", "--range", "old..", code=2).err
    assert "leave out the IDs" in a_desk.hd("fsck", "--repair", "--range", "..", code=2).err

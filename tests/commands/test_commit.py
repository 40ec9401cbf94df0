from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from hdcli.store import codec
from support import DeskFolder, run_hd


def rewrite(desk: DeskFolder, ticket_id: str, *changes: tuple[str, str]) -> None:
    """Edits the values on top of a ticket's file as with an editor."""
    file = desk.file(ticket_id)
    top, log, rest = file.read_text().partition("\nlog:")
    for old, new in changes:
        assert old in top
        top = top.replace(old, new, 1)
    file.write_text(top + log + rest)


def commits(desk: DeskFolder) -> int:
    return int(desk.git("rev-list", "--count", "main"))


def test_an_edit_becomes_an_entry_and_a_commit_and_the_files_form_stays(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("No network", "-c", "network", "-t", "vpn")
    rewrite(
        a_desk,
        ticket,
        ("status: new", "status:  open   # Ana rings daily"),
        ("tags: [vpn]", "tags:\n  - slow\n  - vpn"),
    )
    ran = a_desk.hd("commit", "-m", "Agreed on the phone")
    assert ran.out == f"{ticket}: edit status=open, tags=vpn,slow\n"
    text = a_desk.file(ticket).read_text()
    assert "status:  open   # Ana rings daily\n" in text
    log = codec.read_ticket(text.encode(), "x").log
    assert [entry.action for entry in log] == ["new", "edit"]
    assert (log[1].by, log[1].body) == ("alice", "Agreed on the phone")
    assert (log[1].set, log[1].add) == ({"status": "open"}, {"tags": ["slow"]})
    assert a_desk.git("log", "-1", "--format=%an %s|%(trailers:key=Action,valueonly)").strip() == (
        f"Alice Martin {ticket}: edit status=open, tags=vpn,slow|edit"
    )
    assert a_desk.clean()
    assert a_desk.hd("commit").out == "nothing to commit\n"


def test_a_commit_a_ticket_and_bare_ids_for_scripts(a_desk: DeskFolder) -> None:
    tickets = sorted([a_desk.new("One"), a_desk.new("Two")])
    before = commits(a_desk)
    for each in tickets:
        rewrite(a_desk, each, ("priority: normal", "priority: high"))
    assert a_desk.hd("commit", "-q").out.split() == tickets
    assert commits(a_desk) == before + 2


def test_what_was_named_alone_is_committed(a_desk: DeskFolder) -> None:
    one, two = a_desk.new("One"), a_desk.new("Two")
    for each in (one, two):
        rewrite(a_desk, each, ("priority: normal", "priority: high"))
    a_desk.hd("commit", one[3:].lower())
    assert f" M {a_desk.file(two).relative_to(a_desk.path)}" in a_desk.git("status", "--porcelain")
    a_desk.hd("commit", str(a_desk.file(two)))
    assert a_desk.clean()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("team: desk", "team: netwrk", "no team 'netwrk' on this desk; did you mean 'network'?"),
        ("team: desk", "team: network", "team 'network' works at level 2, not 1"),
        ("team: desk", "assignee: bbo", "no assignee 'bbo' on this desk; did you mean 'bob'?"),
        ("priority: normal", "priority: hihg", "did you mean 'high'?"),
        ("status: new", "status: opne", "'status' must be one of new, open"),
        ("level: 1", "level: 7", "level 7 is above the desk's last, 3"),
        ("title: Jam", "titel: Jam", "'title' is missing"),
        ("team: desk", "asset: PC-1", "no field 'asset' on this desk"),
        ("team: desk", "links: [duplicates 7k3]", "is no link"),
        ("team: desk", "links: [duplicates HD-ZZZZZ]", "no ticket 'HD-ZZZZZ'"),
        ("team: desk", "merged_into: HD-ZZZZZ", "no ticket 'HD-ZZZZZ'"),
        ("team: desk", "tags: [two words]", "'two words' is no tag"),
        ("team: desk", "requester: Ana <ana@", "is no requester"),
        ("team: desk", "attachments: [/etc/passwd]", "is no attachment's place"),
        ("team: desk", "<<<<<<< HEAD", "conflict markers"),
        ("created: 2", "created: 1", "'created' is not edited"),
    ],
)
def test_what_does_not_fit_is_refused_by_file_and_line(
    a_desk: DeskFolder, old: str, new: str, words: str
) -> None:
    ticket = a_desk.new("Jam")
    rewrite(a_desk, ticket, (old, new))
    before = commits(a_desk)
    ran = a_desk.hd("commit", code=4)
    assert ran.err.startswith(f"hd: tickets/{ticket[3:5].lower()}/{ticket}.yaml:")
    assert words in ran.err
    assert commits(a_desk) == before
    assert new in a_desk.file(ticket).read_text()


def test_one_wrong_file_keeps_all_from_being_committed_and_each_is_named(
    a_desk: DeskFolder,
) -> None:
    good, bad, worse = (a_desk.new(title) for title in ("One", "Two", "Three"))
    rewrite(a_desk, good, ("priority: normal", "priority: high"))
    rewrite(a_desk, bad, ("priority: normal", "priority: hihg"))
    rewrite(a_desk, worse, ("level: 1", "level: [1"))
    before = commits(a_desk)
    ran = a_desk.hd("commit", code=4)
    assert all(each in ran.err for each in (bad, worse, "2 problems, so nothing was committed"))
    assert good not in ran.err
    assert commits(a_desk) == before


def test_the_status_moves_as_actions_move_it(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    a_desk.hd("close", ticket)
    rewrite(a_desk, ticket, ("status: closed", "status: pending"))
    assert "can't become pending; allowed from here: open" in a_desk.hd("commit", code=4).err
    rewrite(a_desk, ticket, ("status: pending", "status: open"))
    a_desk.hd("commit")
    assert "resolved:" not in a_desk.file(ticket).read_text()


def test_what_an_action_would_have_set_besides_is_set(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    rewrite(a_desk, ticket, ("urgency: medium", "urgency: high"))
    assert a_desk.hd("commit").out == f"{ticket}: edit urgency=high, priority=high\n"
    assert "\npriority: high\n" in a_desk.file(ticket).read_text()
    rewrite(
        a_desk, ticket, ("urgency: high", "urgency: low"), ("priority: high", "priority: urgent")
    )
    assert a_desk.hd("commit").out == f"{ticket}: edit priority=urgent, urgency=low\n"
    rewrite(a_desk, ticket, ("status: new", "status: pending"))
    assert a_desk.hd("commit").out == f"{ticket}: edit status=pending, pending=requester\n"
    rewrite(a_desk, ticket, ("pending: requester", "pending: vendor"))
    a_desk.hd("commit")
    found = a_desk.ticket(ticket)
    assert (found.text("priority"), found.text("pending")) == ("urgent", "vendor")
    assert a_desk.clean()


def test_the_level_branch_follows_a_level_edited_by_hand(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    rewrite(a_desk, ticket, ("level: 1", "level: 2"), ("team: desk", "team: systems"))
    a_desk.hd("commit")
    assert a_desk.git("rev-parse", f"l2/{ticket}") == a_desk.git("rev-parse", "main")
    trailers = a_desk.git("log", "-1", "--format=%(trailers:key=To-Level,valueonly)")
    assert trailers.strip() == "2"
    rewrite(a_desk, ticket, ("level: 2", "level: 1"), ("team: systems", "team: desk"))
    a_desk.hd("commit")
    assert a_desk.git("branch", "--list", "l*/*") == ""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("body: Since nine.", "body: Since ten.", "was changed"),
        ("- id: 0001-", "- id: 0007-", "was taken out"),
        ("\n  action: new", "", "'action' must be text"),
    ],
)
def test_the_log_only_grows(a_desk: DeskFolder, old: str, new: str, words: str) -> None:
    ticket = a_desk.new("Jam", "-b", "Since nine.")
    file = a_desk.file(ticket)
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    assert words in a_desk.hd("commit", code=4).err


def test_an_entry_from_another_clone_is_kept_whole_and_folded(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    with a_desk.file(ticket).open("a") as file:
        file.write(
            "- id: 0002-zzzzzz\n  at: 2099-01-01T00:00:00Z\n  by: carol\n  action: set\n"
            "  set: {priority: high}\n"
        )
    a_desk.hd("commit")
    found = codec.read_ticket(a_desk.file(ticket).read_bytes(), "x")
    assert [entry.by for entry in found.log] == ["alice", "carol"]
    assert found.text("priority") == "high"


def test_comments_alone_are_a_commit_and_no_entry(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    rewrite(a_desk, ticket, ("title: Jam", "# The grey one.\ntitle: Jam"))
    assert a_desk.hd("commit").out == f"{ticket}: edit comments and layout\n"
    assert len(codec.read_ticket(a_desk.file(ticket).read_bytes(), "x").log) == 1
    a_desk.hd("note", ticket, "-m", "Seen.")
    assert "# The grey one.\ntitle: Jam\n" in a_desk.file(ticket).read_text()
    assert a_desk.clean()


ENTRY = "{id: 0001-aaaaaa, at: '2026-11-24T08:00:00Z', by: alice, action: new}"
NEW = "# By hand.\nid: HD-0A0A0\ntitle: Jam\nstatus: new\nlevel: 1\ntags: [paper]\n"


def test_a_file_made_by_hand_becomes_a_ticket(a_desk: DeskFolder) -> None:
    file = a_desk.file("HD-0A0A0")
    file.parent.mkdir(parents=True)
    file.write_text(NEW)
    assert a_desk.hd("commit", "0a0a0", "-m", "Every page.").out == "HD-0A0A0: new: Jam\n"
    found = codec.read_ticket(file.read_bytes(), "x")
    assert file.read_text().startswith(NEW)
    assert (found.description, found.log[0].by) == ("Every page.", "alice")
    assert found.log[0].add == {"tags": ["paper"]}
    assert a_desk.clean()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("tickets/0a/HD-0A0A0.yaml", NEW.replace("HD-0", "XX-0"), "the id in it is XX-0A0A0"),
        ("tickets/0a/XX-0A0A0.yaml", NEW.replace("HD-0", "XX-0"), "those of this desk with HD"),
        ("tickets/HD-0A0A0.yaml", NEW, "its place is tickets/0a/HD-0A0A0.yaml"),
        ("tickets/0a/HD-0A0A0.yaml", f"{NEW}updated: 2026-11-24T08:00:00Z\n", "is not edited"),
        ("tickets/0a/HD-0A0A0.yaml", f"{NEW}log: [{ENTRY}]\n", "has no log yet"),
        ("kb/vpn.yaml", "title: [", "kb/vpn.yaml:2"),
        ("canned/hello.yaml", "en: 1\nen: 2\n", "'en' is there twice"),
        ("canned/hello.yaml", "en: Hello\nfr: Bonjour {nom}\n", "yaml:2: unknown placeholder"),
    ],
)  # fmt: skip
def test_a_new_file_that_is_none_of_the_desks_is_refused(
    a_desk: DeskFolder, name: str, text: str, words: str
) -> None:
    file = a_desk.path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert words in a_desk.hd("commit", code=4).err


def test_tickets_made_by_hand_at_once_may_link_to_each_other(a_desk: DeskFolder) -> None:
    for name, other in (("HD-0A0A0", "HD-0B0B0"), ("HD-0B0B0", "HD-0A0A0")):
        a_desk.file(name).parent.mkdir(parents=True)
        text = NEW.replace("HD-0A0A0", name) + f"links: [relates-to {other}]\n"
        a_desk.file(name).write_text(text)
    assert a_desk.hd("commit", "-q").out == "HD-0A0A0\nHD-0B0B0\n"
    a_desk.hd("fsck")


def test_a_deleted_ticket_is_not_committed(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    a_desk.file(ticket).unlink()
    assert "git restore tickets/" in a_desk.hd("commit", code=5).err


def test_settings_are_checked_committed_and_hold_for_the_tickets_with_them(
    a_desk: DeskFolder,
) -> None:
    ticket = a_desk.new("Jam")
    settings = a_desk.path / "desk.yaml"
    text = settings.read_text().replace("fields: []", "fields: [asset]  # PC-1\nprioritys: [x]")
    settings.write_text(text)
    rewrite(a_desk, ticket, ("title: Jam", "title: Jam\nasset: PC-1"))
    ran = a_desk.hd("commit")
    assert ran.out == f"desk: edit settings\n{ticket}: edit asset=PC-1\n"
    assert "unknown key 'prioritys', did you mean 'priorities'?" in ran.err
    assert settings.read_text() == text
    settings.write_text(text.replace("prefix: HD", "prefix: no good"))
    assert "desk.yaml:8: " in a_desk.hd("commit", code=4).err


def test_canned_replies_come_and_go(a_desk: DeskFolder) -> None:
    (a_desk.path / "canned").mkdir()
    file = a_desk.path / "canned/vpn.yaml"
    file.write_text("en: Use the VPN.\n")
    assert a_desk.hd("commit").out == "canned: add vpn\n"
    file.write_text("en: Use the VPN, {requester_first_name}.\n")
    assert a_desk.hd("commit", "-q").out == "canned/vpn.yaml\n"
    file.unlink()
    assert a_desk.hd("commit").out == "canned: remove vpn\n"
    assert a_desk.clean()


def test_a_name_that_is_likely_mistyped_is_said_and_kept(a_desk: DeskFolder) -> None:
    people = "lea@example.org:\n  langauge: fr\n  shoe: 38\nana@example.org:\n  langauge: fr\n"
    (a_desk.path / "requesters.yaml").write_text(people)
    (a_desk.path / "canned").mkdir()
    (a_desk.path / "canned/solvd.yaml").write_text("en: Done\n")
    (a_desk.path / "canned/restart.yaml").write_text("en: Off and on\n")
    key = "requesters.yaml:2: unknown key 'langauge', did you mean 'language'?"
    name = "canned/solvd.yaml: a reply; the mail that tells of an event is 'solved'"
    said = a_desk.hd("commit").err
    assert key in said
    assert name in said
    assert said.count("hd: ") == 2
    checked = a_desk.hd("fsck").out
    assert f"note: {key}" in checked
    assert f"note: {name}" in checked
    assert a_desk.hd("canned").err.startswith(f"note: {name}")


def test_other_files_are_committed_when_named_and_staged_ones_stay_staged(
    a_desk: DeskFolder,
) -> None:
    ticket = a_desk.new("Jam")
    for name in ("README.md", "staged.txt", "tickets/.swap"):
        (a_desk.path / name).write_text("x\n")
    a_desk.git("add", "staged.txt")
    rewrite(a_desk, ticket, ("priority: normal", "priority: high"))
    a_desk.hd("commit")
    assert a_desk.git("status", "--porcelain").splitlines() == [
        "A  staged.txt",
        "?? README.md",
        "?? tickets/.swap",
    ]
    assert a_desk.hd("commit", "README.md").out == "desk: add README.md\n"
    (a_desk.path / "README.md").write_text("y\n")
    assert "left alone: README.md" in a_desk.hd("commit").err
    assert "A  staged.txt" in a_desk.git("status", "--porcelain")


def test_a_staged_version_that_is_not_the_files_is_never_lost(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    rewrite(a_desk, ticket, ("priority: normal", "priority: high"))
    a_desk.git("add", "-u")
    rewrite(a_desk, ticket, ("priority: high", "priority: urgent"))
    assert "has a version staged" in a_desk.hd("commit", code=5).err
    a_desk.git("add", "-u")
    a_desk.hd("commit")
    assert a_desk.clean()


def test_a_file_that_git_has_broken_is_mended_by_committing_a_sound_one(
    a_desk: DeskFolder,
) -> None:
    ticket = a_desk.new("Jam", "-b", "Since nine.")
    sound = a_desk.file(ticket).read_text()
    a_desk.file(ticket).write_text(sound.replace("title: Jam", "title: [", 1))
    a_desk.git("commit", "-qam", "oops")
    a_desk.file(ticket).write_text(sound.replace("priority: normal", "priority: high", 1))
    a_desk.hd("commit")
    found = codec.read_ticket(a_desk.file(ticket).read_bytes(), "x")
    assert [entry.action for entry in found.log] == ["new", "edit"]
    a_desk.file(ticket).write_text(sound.replace("title: Jam", "title: [", 1))
    a_desk.git("commit", "-qam", "oops")
    a_desk.file(ticket).write_text(sound)
    assert "was taken out of the log" in a_desk.hd("commit", code=4).err


def test_edits_committed_with_git_alone_are_taken_into_the_log(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new("Jam"), a_desk.new("Smoke")
    for each in (ticket, other):
        rewrite(a_desk, each, ("priority: normal", "priority: high"))
    a_desk.git("commit", "-qam", "by hand", "--author", "Bob Ndiaye <bob@example.org>")
    assert a_desk.hd("commit", ticket).out == (
        f"{ticket}: what bob edited and committed is in its log\n"
    )
    assert a_desk.hd("commit", "-q").out == f"{other}\n"
    assert a_desk.hd("commit").out == "nothing to commit\n"


def test_an_edit_upon_one_that_git_knows_keeps_both_authors(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    rewrite(a_desk, ticket, ("priority: normal", "priority: high  # boss"))
    a_desk.git("commit", "-qam", "by hand", "--author", "Bob Ndiaye <bob@example.org>")
    rewrite(a_desk, ticket, ("title: Jam", "title: Jam again  # and again"))
    a_desk.hd("commit")
    text = a_desk.file(ticket).read_text()
    log = codec.read_ticket(text.encode(), "x").log
    assert [(entry.by, dict(entry.set)) for entry in log[1:]] == [
        ("bob", {"priority": "high"}),
        ("alice", {"title": "Jam again"}),
    ]
    assert "priority: high  # boss\n" in text
    assert "title: Jam again  # and again\n" in text
    assert a_desk.clean()


def test_a_link_in_the_place_of_a_ticket_is_not_followed(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    file = a_desk.file(ticket)
    file.unlink()
    file.symlink_to("/etc/hostname")
    assert "is not a plain file" in a_desk.hd("commit", code=5).err


def test_paths_are_those_of_the_folder_one_is_in(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = a_desk.new("Jam")
    rewrite(a_desk, ticket, ("priority: normal", "priority: high"))
    monkeypatch.chdir(a_desk.file(ticket).parent)
    assert run_hd("commit", f"{ticket}.yaml").code == 0
    assert a_desk.clean()
    assert "no file tickets" in run_hd("commit", "none.yaml").err
    assert "is not a file of this desk" in run_hd("commit", "/etc/passwd").err


def test_a_bare_desk_and_a_merge_under_way_are_said(
    make_desk: Callable[..., DeskFolder],
) -> None:
    assert make_desk("hub.git", "--bare").hd("commit").out == "nothing to commit\n"
    desk = make_desk("desk")
    (desk.path / ".git/MERGE_HEAD").write_text(desk.git("rev-parse", "HEAD"))
    assert "a merge is under way" in desk.hd("commit", code=5).err


def test_nothing_is_prompted_and_nothing_written_without_an_agent(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    rewrite(a_desk, ticket, ("priority: normal", "priority: high"))
    os.environ["GIT_AUTHOR_EMAIL"] = "eve@example.org"
    assert "is not an agent" in a_desk.hd("commit", code=1).err
    assert a_desk.hd("commit", agent="bob").code == 0

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support import DeskFolder


def test_takes_back_the_last_action_then_the_one_before(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x", "-c", "network", "-a", "me")
    before = a_desk.ticket(ticket).values
    a_desk.hd("escalate", ticket, "-m", "Too hard")
    a_desk.hd("resolve", ticket, "-m", "Solved")
    commit = a_desk.git("rev-parse", "main")
    assert a_desk.hd("undo").out == f"taken back: {ticket}: resolve\n"
    assert a_desk.message() == (
        f"{ticket}: undo resolve\n\nTicket: {ticket}\nAction: undo\nStatus: open\nUndoes: {commit}"
    )
    assert a_desk.branches() == [f"l2/{ticket}: {ticket}: undo resolve"]
    assert a_desk.hd("undo", "-q").out == f"{ticket}\n"
    assert a_desk.branches() == []
    after = a_desk.ticket(ticket)
    assert {**after.values, "updated": ""} == {**before, "updated": ""}
    undoes = [entry.undoes for entry in after.log if entry.undoes]
    assert undoes == [after.log[2].id, after.log[1].id]
    assert a_desk.clean()


def test_a_new_ticket_is_closed_not_lost(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    a_desk.hd("undo")
    assert a_desk.ticket(ticket).status == "closed"
    assert "no action of yours to take back" in a_desk.hd("undo", agent="bob", code=1).err
    error = a_desk.hd("undo", code=1).err
    assert "your last action is 'desk: open', which is not taken back" in error


def test_what_was_done_to_a_ticket_taken_back_can_be_taken_back_too(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    a_desk.hd("undo")
    a_desk.hd("note", ticket, "-m", "words")
    a_desk.hd("undo")
    found = a_desk.ticket(ticket)
    assert (found.title, found.status) == ("x", "closed")


@pytest.mark.parametrize(
    "args",
    [
        ("assign", "{}", "bob"),
        ("take", "{}"),
        ("note", "{}", "-m", "x"),
        ("reply", "{}", "-m", "x"),
        ("pend", "{}", "--on", "vendor", "--until", "2099-01-01"),
        ("deescalate", "{}"),
        ("escalate", "{}", "-m", "x"),
        ("resolve", "{}", "-m", "x"),
        ("reopen", "{}"),
        ("close", "{}"),
        ("tag", "{}", "+b", "-a"),
        ("set", "{}", "urgency=low", "due=friday", "tags=", "title=y"),
        ("link", "{}", "relates-to", "{other}"),
        ("attach", "{}", "a.txt"),
        ("merge", "{}", "{other}"),
        ("merge", "{other}", "{}"),
    ],
    ids=lambda args: " ".join(args),
)
def test_every_action_leaves_no_trace_in_the_values(
    a_desk: DeskFolder, tmp_path: Path, args: tuple[str, ...]
) -> None:
    (tmp_path / "a.txt").write_text("boom")
    made = a_desk.hd(
        *("new", "x", "--team", "network", "-t", "a", "-r", "bo@example.org", "--due", "+1d")
    )
    other = a_desk.new("other", "-t", "c", "-r", "ana@example.org")
    a_desk.hd("pend", made.id, "--on", "vendor", "--until", "2099-12-31")
    files = a_desk.git("ls-files")
    before = {**a_desk.ticket(made.id).values, "updated": ""}
    a_desk.hd(*(each.replace("{}", made.id).replace("{other}", other) for each in args))
    a_desk.hd("undo")
    assert {**a_desk.ticket(made.id).values, "updated": ""} == before
    assert a_desk.git("ls-files") == files
    assert a_desk.clean()
    assert len(a_desk.branches()) == 1


def test_what_others_built_upon_stays(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    a_desk.hd("note", ticket, "-m", "hers", agent="carol")
    before = a_desk.commits()
    error = a_desk.hd("undo", code=5).err
    assert error == (
        f"hd: {ticket} was worked on since, by carol (note); set it right with a new action\n"
    )
    assert a_desk.commits() == before
    a_desk.hd("undo", agent="carol")
    a_desk.hd("undo")  # what she took back is built upon no more
    assert a_desk.ticket(ticket).status == "closed"


def test_named_tickets_lose_their_last_action_each(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("a"), a_desk.new("b")
    a_desk.hd("tag", first, second, "+x")
    a_desk.hd("note", second, "-m", "later")
    before = a_desk.commits()
    ran = a_desk.hd("undo", first, second)
    assert ran.out == f"taken back: {first}: tag +x\ntaken back: {second}: note: later\n"
    assert a_desk.commits() == before + 2
    assert a_desk.ticket(first).items("tags") == ()
    assert a_desk.ticket(second).items("tags") == ("x",)
    error = a_desk.hd("undo", first, agent="bob", code=1).err
    assert f"there is no action of yours on {first} to take back" in error


def test_a_merge_that_two_tickets_share_is_taken_back_once(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("a"), a_desk.new("b")
    a_desk.hd("merge", first, second)
    before = a_desk.commits()
    a_desk.hd("undo", f"{first},{second}")
    assert a_desk.commits() == before + 1
    assert (a_desk.ticket(first).status, a_desk.ticket(second).status) == ("new", "new")


def test_all_that_one_command_did_is_taken_back_one_by_one(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("a"), a_desk.new("b")
    a_desk.hd("close", first, second)
    assert a_desk.hd("undo").out == f"taken back: {second}: close\n"
    assert [a_desk.ticket(each).status for each in (first, second)] == ["closed", "new"]


def test_a_hand_edit_since_is_something_built_upon_it(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("x")
    a_desk.hd("tag", ticket, "+a")
    path = a_desk.file(ticket)
    path.write_text(path.read_text().replace("title: x", "title: y", 1))
    a_desk.git("commit", "-qam", "by hand", "--author", "Bob Ndiaye <bob@example.org>")
    before = a_desk.commits()
    assert "by bob (edit)" in a_desk.hd("undo", code=5).err
    assert a_desk.commits() == before


def test_an_action_of_another_address_of_mine_is_mine(a_desk: DeskFolder) -> None:
    settings = a_desk.path / "desk.yaml"
    text = settings.read_text().replace(
        "email: alice@example.org", "email: [alice@example.org, Alice@home.example]"
    )
    settings.write_text(text)
    a_desk.git("commit", "-qam", "two addresses")
    ticket = a_desk.new("x")
    env = {"GIT_AUTHOR_EMAIL": "alice@home.example", "GIT_COMMITTER_EMAIL": "alice@home.example"}
    assert a_desk.process("close", ticket, env=env).returncode == 0
    assert a_desk.hd("undo").out == f"taken back: {ticket}: close\n"


def test_a_setting_is_taken_back_too_unless_it_changed_since(a_desk: DeskFolder) -> None:
    before = (a_desk.path / "desk.yaml").read_text()
    a_desk.hd("agent", "add", "dora", "Dora <dora@example.org>")
    said = a_desk.hd("undo").out
    assert said.startswith("taken back: desk: ")
    assert (a_desk.path / "desk.yaml").read_text() == before
    assert a_desk.message().splitlines()[0].startswith("desk: undo ")
    assert a_desk.clean()
    a_desk.hd("agent", "add", "dora", "Dora <dora@example.org>")
    a_desk.hd("agent", "add", "emil", "Emil <emil@example.org>", agent="bob")
    assert "desk.yaml was changed since" in a_desk.hd("undo", code=5).err


def test_an_import_is_not_taken_back(a_desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"title": "a"}\n')
    a_desk.hd("import", "in.jsonl")
    assert "is not taken back" in a_desk.hd("undo", code=1).err


def test_a_hub_without_files_of_its_own_takes_back_as_well(
    make_desk: Callable[..., DeskFolder], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("boom")
    hub = make_desk("hub.git", "--bare")
    ticket = hub.new("x", "--team", "network")
    hub.hd("attach", ticket, "a.txt")
    hub.hd("resolve", ticket, "-m", "done")
    hub.hd("undo", ticket)
    hub.hd("undo", ticket)
    assert hub.git("ls-tree", "-r", "--name-only", "main", "attachments") == ""
    assert hub.branches() == [f"l2/{ticket}: {ticket}: undo attach"]


def test_a_trailer_on_two_lines_is_passed_over(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.git("commit", "-q", "--allow-empty", "-m", "By hand", "-m", "Undoes: what\n was done")
    assert a_desk.hd("undo").out == f"taken back: {ticket}: new: Printer jams\n"

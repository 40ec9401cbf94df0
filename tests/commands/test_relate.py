from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from hdcli.model.fold import undone
from support import DeskFolder


def test_a_link_is_kept_on_the_first(a_desk: DeskFolder) -> None:
    first, second = a_desk.new("a"), a_desk.new("b")
    ran = a_desk.hd("link", first, "caused-by", second)
    assert ran.out == f"{first} is caused by {second}: a\n"
    assert a_desk.ticket(first).items("links") == (f"caused-by {second}",)
    assert a_desk.message() == (
        f"{first}: caused-by {second}\n\nTicket: {first}\nAction: link\nLink: +caused-by {second}"
    )
    before = a_desk.commits()
    said = f"{first} is caused by {second} already: a\n"
    assert a_desk.hd("link", first, "caused-by", second).out == said
    assert a_desk.commits() == before
    ended = a_desk.hd("link", first, "caused-by", second, "--remove")
    assert ended.out == f"{first} is no longer caused-by {second}: a\n"
    assert a_desk.ticket(first).items("links") == ()
    error = a_desk.hd("link", first, "caused-by", second, "--remove", code=1).err
    assert f"{first} has no link 'caused-by {second}'; its links: none" in error


def test_several_are_linked_to_one(a_desk: DeskFolder) -> None:
    parent, first, second = (a_desk.new(title) for title in "pab")
    ran = a_desk.hd("link", f"{first},{second}", "relates-to", parent)
    assert ran.out == f"{first} relates to {parent}: a\n{second} relates to {parent}: b\n"
    back = a_desk.hd("link", parent, "relates-to", first)
    assert back.out == f"{parent} relates to {first} already: p\n"


@pytest.mark.parametrize("relation", ["parent-of", "caused-by", "duplicates"])
def test_links_don_t_go_in_a_circle(a_desk: DeskFolder, relation: str) -> None:
    first, second, third = (a_desk.new(title) for title in "abc")
    a_desk.hd("link", first, relation, second)
    a_desk.hd("link", second, relation, third)
    error = a_desk.hd("link", third, relation, first, code=1).err
    assert "the links would go in a circle" in error
    a_desk.hd("link", first, relation, first, code=1)
    a_desk.hd("link", third, "relates-to", first)


def test_refuses_an_unknown_relation_or_ticket(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    assert "did you mean 'duplicates'?" in a_desk.hd("link", ticket, "duplicate", "x", code=1).err
    a_desk.hd("link", ticket, "duplicates", "zzzzz", code=3)


def test_a_merge_takes_people_tags_files_links_and_story_along(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("boom")
    cause = a_desk.new("cause")
    into = a_desk.new("No network", "-r", "Ana <ana@example.org>", "-t", "vpn")
    source = a_desk.new(
        *("Internet is down", "-b", "On floor 2.", "-r", "Bo <bo@example.org>", "-t", "vpn,wlan"),
        *("--attach", "a.txt", "--team", "network"),
    )
    a_desk.hd("set", source, "cc=Ana Silva <ANA@example.org>, cleo@example.org")
    a_desk.hd("link", source, "caused-by", cause)
    a_desk.hd("link", source, "duplicates", into)
    a_desk.hd("note", source, "-m", "Switch 4?")
    before = a_desk.commits()
    ran = a_desk.hd("merge", source, into, "-m", "The same switch")
    assert ran.out == f"{source} is merged into {into}: Internet is down\n"
    assert a_desk.commits() == before + 1
    assert a_desk.message() == (
        f"{source}: merge into {into}\n"
        "\n"
        "The same switch\n"
        "\n"
        f"Ticket: {source}\n"
        "Action: merge\n"
        "Status: closed\n"
        f"Merged-Into: {into}"
    )
    assert a_desk.branches() == []
    gone, kept = a_desk.ticket(source), a_desk.ticket(into)
    assert (gone.status, gone.text("merged_into")) == ("closed", into)
    assert kept.text("requester") == "Ana <ana@example.org>"
    assert kept.items("cc") == ("Bo <bo@example.org>", "cleo@example.org")
    assert kept.items("tags") == ("vpn", "wlan")
    assert kept.items("attachments") == gone.items("attachments")
    assert kept.items("links") == (f"caused-by {cause}",)
    story = [(e.action, e.body, e.set.get("title")) for e in kept.log if e.of == source]
    assert story == [("new", "On floor 2.", "Internet is down"), ("note", "Switch 4?", None)]
    assert kept.log[-1].merged == source
    assert a_desk.clean()


def helped(desk: DeskFolder) -> dict[str, tuple[int, int]]:
    found = json.loads(desk.hd("kb", "list", "--json").out)["articles"]
    return {each["slug"]: (each["helped"], each["unhelpful"]) for each in found}


def test_a_merge_takes_along_what_helped_and_no_vote_counts_twice(a_desk: DeskFolder) -> None:
    for slug in ("fax", "vpn"):
        a_desk.hd("kb", "new", slug, "-m", "x")
    into, source = a_desk.new("a"), a_desk.new("b")
    a_desk.hd("kb", "helpful", "fax", source, "--no")
    a_desk.hd("resolve", source, "-m", "x", "--article", "vpn")
    before = helped(a_desk)
    values = {**a_desk.ticket(into).values, "updated": ""}
    a_desk.hd("merge", source, into)
    kept = a_desk.ticket(into)
    assert (kept.items("articles"), kept.items("unhelpful")) == (("vpn",), ("fax",))
    assert helped(a_desk) == before == {"fax": (0, 1), "vpn": (1, 0)}
    assert a_desk.hd("list", "-q", "--all", "article:vpn").out == f"{into}\n"
    a_desk.hd("undo")
    assert {**a_desk.ticket(into).values, "updated": ""} == values
    assert helped(a_desk) == before


@pytest.mark.parametrize("at_last", ["--yes", "--no"])
def test_of_two_words_on_one_article_a_merge_keeps_the_last(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch, at_last: str
) -> None:
    a_desk.hd("kb", "new", "vpn", "-m", "x")
    a_desk.hd("kb", "new", "fax", "-m", "x")
    first, second = a_desk.new("a"), a_desk.new("b")
    at_first = "--no" if at_last == "--yes" else "--yes"
    now = time.time()
    for hours, article, ticket, word in (
        (1, "vpn", first, at_first),
        (1, "fax", second, at_first),
        (2, "vpn", second, at_last),
        (2, "fax", first, at_last),
    ):
        monkeypatch.setattr("time.time", lambda at=now + 3600 * hours: at)
        a_desk.hd("kb", "helpful", article, ticket, word)
    a_desk.hd("merge", first, second)
    expected = (1, 0) if at_last == "--yes" else (0, 1)
    assert helped(a_desk) == {"fax": expected, "vpn": expected}
    a_desk.hd("undo")
    a_desk.hd("merge", second, first)  # the other way about
    assert helped(a_desk) == {"fax": expected, "vpn": expected}


def test_a_ticket_without_a_requester_gets_the_other_s(a_desk: DeskFolder) -> None:
    into, source = a_desk.new("a"), a_desk.new("b", "-r", "Bo <bo@example.org>")
    a_desk.hd("merge", source, into)
    found = a_desk.ticket(into)
    assert (found.text("requester"), found.items("cc")) == ("Bo <bo@example.org>", ())


def test_what_is_done_to_a_merged_ticket_is_done_to_the_other(a_desk: DeskFolder) -> None:
    first, second, third, fourth = (a_desk.new(title) for title in "abcd")
    a_desk.hd("merge", first, second)
    a_desk.hd("merge", second, third)
    said = a_desk.hd("note", first, second, third, "-m", "one note").out
    assert said == f"{third} has your note ({first} was merged into it): c\n"
    assert [entry.body for entry in a_desk.ticket(third).log if entry.body] == ["one note"]
    a_desk.hd("link", fourth, "relates-to", first)
    assert a_desk.ticket(fourth).items("links") == (f"relates-to {third}",)
    assert a_desk.hd("merge", fourth, first).out == f"{fourth} is merged into {third}: d\n"
    assert a_desk.ticket(third).log[-1].merged == fourth
    story = [e.of for e in a_desk.ticket(third).log if e.action == "new"]
    assert sorted(story) == sorted(["", first, second, fourth])


def test_merging_again_is_said_and_elsewhere_refused(a_desk: DeskFolder) -> None:
    first, second, third = (a_desk.new(title) for title in "abc")
    a_desk.hd("merge", first, second)
    before = a_desk.commits()
    assert a_desk.hd("merge", first, second).out == f"{first} is merged into {second} already: a\n"
    assert "can't be merged into itself" in a_desk.hd("merge", second, second, code=1).err
    assert "can't be merged into itself" in a_desk.hd("merge", second, first, code=1).err
    error = a_desk.hd("merge", third, first, third, code=1).err
    assert "can't be merged into itself" in error
    error = a_desk.hd("merge", first, third, code=1).err
    assert f"{first} was merged into {second}; name {second} instead" in error
    assert a_desk.commits() == before


def test_several_are_merged_a_commit_each(a_desk: DeskFolder) -> None:
    first, second, into = (a_desk.new(title) for title in "abc")
    a_desk.hd("pend", first, "--on", "vendor")
    before = a_desk.commits()
    a_desk.hd("merge", first, second, into)
    assert a_desk.commits() == before + 2
    assert [e.merged for e in a_desk.ticket(into).log if e.merged] == [first, second]
    assert "pending" not in a_desk.ticket(first).values


def test_a_merge_undone_and_done_again_tells_the_story_once(a_desk: DeskFolder) -> None:
    into, source = (
        a_desk.new("a"),
        a_desk.new("b", "-b", "story", "-r", "bo@example.org", "-t", "x"),
    )
    a_desk.hd("merge", source, into)
    assert a_desk.hd("undo").out == f"taken back: {source}: merge into {into}\n"
    found = a_desk.ticket(into)
    assert (found.text("requester"), found.items("tags")) == ("", ())
    assert {entry.id for entry in found.log if entry.of} < undone(found.log)
    assert a_desk.ticket(source).status == "new"
    assert "merged_into" not in a_desk.ticket(source).values
    a_desk.hd("merge", source, into)
    told = a_desk.ticket(into).log
    assert [entry.body for entry in told if entry.body] == ["story"]
    assert not {entry.id for entry in told if entry.of} & undone(told)
    a_desk.hd("undo")
    a_desk.hd("merge", into, source)  # the other way about
    assert a_desk.ticket(into).text("merged_into") == source


def test_a_merge_that_leads_nowhere_is_named(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("a")
    path = a_desk.file(ticket)
    path.write_text(path.read_text().replace("level: 1\n", f"level: 1\nmerged_into: {ticket}\n", 1))
    a_desk.git("commit", "-qam", "by hand")
    error = a_desk.hd("note", ticket, "-m", "x", code=4).err
    assert f"merged into {ticket}, which leads nowhere" in error

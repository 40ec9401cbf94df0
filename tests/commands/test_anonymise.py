"""hd anonymise: nothing of a person stays in the desk as it is now, and the desk stays whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hdcli.model.redaction import is_redacted
from support import DeskFolder

ANA = "Ana Silva <ana@example.org>"
YES = ("--yes", "-q")


def _told(desk: DeskFolder) -> tuple[str, str]:
    """A ticket of Ana's with all that there is, and one of Ben's that names her."""
    file = desk.path.parent / "ana-silva.txt"
    file.write_text("my password")
    ana = desk.new("Ana's laptop", "--requester", ANA, "--body", "I am Ana Silva")
    desk.hd("attach", ana, str(file))
    desk.hd("reply", ana, "-m", "Dear Ana")
    body = "Ask ANA@example.org, not joana@example.org, or Ana Silva"
    ben = desk.new("Printer", "--requester", "ben@example.org", "--body", body)
    desk.hd("set", ben, "cc=ana@example.org, Carol <c@example.org>")
    return ana, ben


def _tracked(desk: DeskFolder) -> str:
    """All that the desk has now: names of files, and what they hold."""
    return desk.git("ls-files") + desk.git("grep", "-h", "-e", "", "main")


def test_a_requester_goes_from_their_tickets_and_their_address_from_all(a_desk: DeskFolder) -> None:
    ana, ben = _told(a_desk)
    a_desk.hd("resolve", ana, "-m", "Tell ana@example.org that it was the plug")
    article = a_desk.hd("kb", "new", "--from", ana, "-q").id
    before = a_desk.commits()
    ran = a_desk.hd("anonymise", "ana@example.org", "--yes", "-m", "Request of 12 May")
    assert a_desk.commits() == before + 3
    assert f"tickets/{ben[3:5].lower()}/{ben}.yaml: the name" in ran.out
    assert f"kb/{article}.yaml: a text drafted from their tickets" in ran.out

    assert " ana@example.org" not in _tracked(a_desk).lower()
    assert "password" not in _tracked(a_desk)
    mine = a_desk.ticket(ana)
    assert mine.title == mine.description == "[removed]"
    assert mine.text("requester").startswith("anonymous-")
    assert mine.status == "resolved"
    assert not mine.items("attachments")
    other = a_desk.ticket(ben)
    assert other.description == "Ask ███████████████, not joana@example.org, or Ana Silva"
    assert other.items("cc") == ("Carol <c@example.org>", mine.text("requester"))
    assert [e.action for e in other.log if is_redacted(e)] == ["new", "set"]
    assert a_desk.article(article).values["title"] == "Ana's laptop"
    assert a_desk.message("main").startswith(f"{ana}: anonymise\n\nRequest of 12 May\n")
    assert a_desk.clean()
    a_desk.hd("fsck")
    assert "nothing is left" in a_desk.hd("anonymise", ANA, "--yes").out
    assert a_desk.commits() == before + 3
    assert a_desk.hd("search", "laptop", "--kind", "ticket").out.count("HD-") == 0


def test_names_and_more_are_barred_everywhere_where_that_is_asked_for(a_desk: DeskFolder) -> None:
    _, ben = _told(a_desk)
    a_desk.hd("note", ben, "-m", "Nick: ANITA77")
    a_desk.hd("anonymise", "Ana Silva", "--names", "--also", "anita77", *YES)
    found = a_desk.ticket(ben)
    assert found.description == "Ask ███████████████, not joana@example.org, or ███ █████"
    assert found.log[-2].body == "Nick: ███████"


def test_what_was_merged_into_anothers_ticket_goes_there_too(a_desk: DeskFolder) -> None:
    ana, ben = _told(a_desk)
    a_desk.hd("merge", ana, ben)
    a_desk.hd("anonymise", "ana@example.org", *YES)
    found = a_desk.ticket(ben)
    assert not found.items("attachments")
    assert [e.body for e in found.log if e.of] == ["[removed]"] * 2
    assert "Dear Ana" not in _tracked(a_desk)
    a_desk.hd("fsck")


def test_tickets_by_their_ids_go_alone(a_desk: DeskFolder) -> None:
    ana, ben = _told(a_desk)
    second = a_desk.new("Again", "--requester", ANA, "--body", "Ana")
    assert a_desk.hd("anonymise", f"{ana},{ben}", *YES).out.split() == [ana, ben]
    assert a_desk.ticket(second).text("requester") == ANA
    assert a_desk.ticket(ben).items("cc") == (a_desk.ticket(ben).text("requester"),)
    a_desk.hd("anonymise", "-", *YES, stdin=second)
    assert a_desk.ticket(second).title == "[removed]"


def test_it_asks_shows_and_writes_nothing_before(a_desk: DeskFolder) -> None:
    ana, ben = _told(a_desk)
    before = a_desk.git("rev-parse", "main")
    ran = a_desk.hd("anonymise", "ana@example.org", "--dry-run", "--json")
    found = json.loads(ran.out)
    assert found["dry_run"] is True
    assert {(t["id"], t["whole"]) for t in found["tickets"]} == {(ana, True), (ben, False)}
    assert found["look_at"] == [
        {"path": f"tickets/{ben[3:5].lower()}/{ben}.yaml", "what": "the name"}
    ]
    assert "--yes" in a_desk.hd("anonymise", "ana@example.org", code=2).err
    assert a_desk.git("rev-parse", "main") == before


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (["alice@example.org"], 1, "agents are no requesters"),
        (["ana@example.org", "-m", "for Ana SILVA"], 1, "the reason names the person"),
        (["Jo Doe"], 3, "2 requesters"),
        (["nobody"], 3, "no ticket"),
        (["ana@example.org", "--also", "x"], 2, "too short"),
    ],
)
def test_it_refuses(a_desk: DeskFolder, line: list[str], code: int, said: str) -> None:
    a_desk.new("a", "--requester", ANA)
    a_desk.new("b", "--requester", "Jo Doe <jo@example.org>")
    a_desk.new("c", "--requester", "Jo Doe <jo@example.com>")
    ran = a_desk.hd("anonymise", *line, *YES, code=code)
    assert said in ran.err


def test_it_is_not_taken_back(a_desk: DeskFolder) -> None:
    ana, _ = _told(a_desk)
    a_desk.hd("anonymise", ana, *YES)
    assert "not taken back" in a_desk.hd("undo", ana, code=1).err


def test_what_comes_late_is_reported_and_goes_when_it_is_run_again(
    a_desk: DeskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = _told(a_desk)
    other = DeskFolder(tmp_path / "other")
    a_desk.git("clone", "-q", ".", str(other.path))
    other.hd("note", ana, "-m", "Ana Silva called again", agent="bob")
    other.hd("set", ana, "title=Ana's new laptop", agent="bob")
    a_desk.hd("anonymise", "ana@example.org", *YES)
    monkeypatch.setenv("GIT_MERGE_AUTOEDIT", "no")
    other.git("pull", "-q", "--no-rebase")
    merged = other.ticket(ana)
    assert [e.body for e in merged.log if not is_redacted(e) and e.body] == [
        "Ana Silva called again"
    ]
    ran = other.hd("fsck", ana, code=4)
    assert ran.out.count("was anonymised already; hd anonymise") == 2
    other.hd("anonymise", ana, *YES)
    assert "Ana" not in other.git("show", f"main:tickets/{ana[3:5].lower()}/{ana}.yaml")
    assert other.ticket(ana).text("requester") == a_desk.ticket(ana).text("requester")
    other.hd("fsck", ana)


def test_a_hub_lets_it_pass(make_desk: Callable[..., DeskFolder], tmp_path: Path) -> None:
    desk = make_desk()
    ana, ben = _told(desk)
    desk.hd("merge", ana, ben)
    hub = tmp_path / "hub.git"
    desk.git("clone", "-q", "--bare", ".", str(hub))
    desk.hd("hub", "install", str(hub))
    desk.hd("anonymise", "ana@example.org", *YES)
    desk.git("push", "-q", str(hub), "main")
    file = desk.file(ben)
    file.write_text(file.read_text().replace("not joana", "███ joana"))
    desk.git("commit", "-qam", "bar a word without saying so")
    with pytest.raises(AssertionError, match="was altered"):
        desk.git("push", "-q", str(hub), "main")


def test_the_address_book_loses_their_entry(a_desk: DeskFolder) -> None:
    book = a_desk.path / "requesters.yaml"
    other = "b@example.org: {vip: true}\n"
    book.write_text(f"# who is who\nAna@example.org:\n  name: Ana Silva\n{other}")
    a_desk.hd("commit")
    _told(a_desk)
    a_desk.hd("list", "from:ana")
    told = json.loads(a_desk.hd("anonymise", ANA, "--yes", "--json").out)
    assert told["address_book"] is True
    assert book.read_text() == f"# who is who\n{other}"
    assert not (a_desk.path / ".git/hd/requesters.json").exists()
    assert a_desk.clean()

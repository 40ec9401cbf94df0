"""hd undo of what was done to articles."""

from __future__ import annotations

from hdcli.model.record import hand_edit
from procedures import install
from support import DeskFolder


def test_a_text_and_values_go_back_to_what_they_were(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "VPN", "-m", "Restart it.")
    before = a_desk.article("vpn")
    a_desk.hd("kb", "edit", "vpn", "-m", "Start it.")
    assert a_desk.hd("undo").out == "taken back: kb vpn: edit text\n"
    after = a_desk.article("vpn")
    assert (after.body, after.digest) == (before.body, before.digest)
    assert not hand_edit(after)
    assert a_desk.message().splitlines()[0] == "kb vpn: undo edit"
    a_desk.hd("kb", "publish", "vpn")
    assert a_desk.hd("undo", "-q").out == "vpn\n"
    assert (a_desk.article("vpn").state, a_desk.article("vpn").text("published")) == ("draft", "")


def test_the_last_action_on_a_named_article_is_taken_back(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "VPN", "-m", "Restart it.")
    a_desk.hd("kb", "edit", "vpn", "-m", "Start it.")
    ticket = a_desk.new("No VPN")
    a_desk.hd("note", ticket, "-m", "later")
    ran = a_desk.hd("undo", "vpn", ticket)
    assert ran.out == f"taken back: kb vpn: edit text\ntaken back: {ticket}: note: later\n"
    assert a_desk.article("vpn").body == "Restart it."
    assert a_desk.hd("undo", "-q", "vp").out == "vpn\n"
    assert a_desk.article("vpn").state == "archived"
    error = a_desk.hd("undo", "vpn", code=1).err
    assert error == "hd: there is no action of yours on vpn to take back\n"


def test_steps_edited_by_hand_go_back_too(a_desk: DeskFolder) -> None:
    install(a_desk)
    path = a_desk.path / "kb" / "unlock.yaml"
    before = a_desk.article("unlock").steps
    path.write_text(path.read_text().replace("do: ", "do: Really ", 1))
    a_desk.hd("commit")
    assert a_desk.article("unlock").steps != before
    a_desk.hd("undo", "unlock")
    assert a_desk.article("unlock").steps == before
    assert not hand_edit(a_desk.article("unlock"))
    assert a_desk.clean()


def test_a_new_article_is_archived_not_lost(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "VPN", "-m", "Restart it.")
    a_desk.hd("undo")
    assert a_desk.article("vpn").state == "archived"
    assert a_desk.article("vpn").body == "Restart it."


def test_a_translation_is_taken_back_on_both(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "VPN", "-m", "x")
    a_desk.hd("kb", "new", "Le VPN", "-m", "x", "--language", "fr", "--translates", "vpn")
    a_desk.hd("undo")
    assert a_desk.article("vpn").items("translations") == ()
    assert a_desk.article("le-vpn").state == "archived"


def test_what_others_built_upon_stays(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "VPN", "-m", "x")
    a_desk.hd("kb", "edit", "vpn", "-m", "y")
    a_desk.hd("kb", "review", "vpn", agent="bob")
    assert "vpn was worked on since, by bob (review)" in a_desk.hd("undo", code=5).err


def test_a_vote_is_taken_back(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "VPN", "-m", "x")
    ticket = a_desk.new("No VPN")
    a_desk.hd("kb", "helpful", "vpn", ticket, "--no")
    a_desk.hd("resolve", ticket, "-m", "x", "--article", "vpn")
    assert a_desk.ticket(ticket).items("articles") == ("vpn",)
    a_desk.hd("undo")
    assert a_desk.ticket(ticket).items("articles") == ()
    assert a_desk.ticket(ticket).items("unhelpful") == ("vpn",)

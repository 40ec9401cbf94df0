"""hd undo of what was done to articles."""

from __future__ import annotations

from hdcli.model.record import hand_edit
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

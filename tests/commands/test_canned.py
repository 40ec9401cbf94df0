"""hd canned, hd reply --canned, hd rate."""

from __future__ import annotations

import json
from pathlib import Path

from editing import at_terminal, write
from support import DeskFolder

FRENCH = "Bonjour, le VPN ne marche pas depuis hier"


def test_canned_replies_are_listed_shown_and_written(a_desk: DeskFolder) -> None:
    assert "more-details" in a_desk.hd("canned").out
    assert "{title}" in a_desk.hd("canned", "list", "--placeholders").out
    a_desk.hd("canned", "new", "restart", "-m", "Off and on, {requester_first_name}.")
    a_desk.hd("canned", "new", "restart", "--language", "fr", "-m", "Redémarrez.")
    listed = json.loads(a_desk.hd("canned", "list", "--json").out)["canned"]
    (own,) = (each for each in listed if each["own"])
    assert (own["name"], own["event"], own["languages"]) == ("restart", False, ["en", "fr"])
    assert "Redémarrez." in a_desk.hd("canned", "show", "restart", "--language", "fr").out
    ticket = a_desk.new("VPN", "-r", "Ana Silva <ana@example.org>")
    assert a_desk.hd("canned", "show", "restart", ticket).out == "Off and on, Ana.\n"
    assert a_desk.clean()
    assert "did you mean 'restart'" in a_desk.hd("canned", "show", "restrat", code=3).err
    assert "unknown placeholder" in a_desk.hd("canned", "new", "x", "-m", "{x}", code=1).err
    assert "no name" in a_desk.hd("canned", "new", "../x", "-m", "x", code=1).err


def test_a_reply_may_be_canned_in_the_language_of_who_asks(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    ticket = a_desk.new("VPN", "-r", "Léa <lea@example.org>", "-b", FRENCH)
    a_desk.hd("reply", ticket, "--canned", "please-confirm")
    assert a_desk.ticket(ticket).log[-1].body.startswith("Bonjour Léa,")
    seen, editor = tmp_path / "seen", write("Rappelez-nous.", tmp_path / "seen")
    at_terminal(a_desk, "reply", ticket, "--canned", "please-confirm", editor=editor)
    assert seen.read_text().startswith("Bonjour Léa,")
    assert a_desk.ticket(ticket).log[-1].body.startswith("Rappelez-nous.\nBonjour Léa,")
    assert "not a reply" in a_desk.hd("reply", ticket, "--canned", "solved", code=1).err
    a_desk.hd("reply", ticket, "--canned", "please-confirm", "-m", "x", code=2)


def test_fsck_names_the_line_of_what_is_wrong_in_a_template(a_desk: DeskFolder) -> None:
    (a_desk.path / "canned").mkdir()
    (a_desk.path / "canned/solved.yaml").write_text("en:\n  body: |\n    Done, {nmae}\n")
    a_desk.git("add", ".")
    a_desk.git("commit", "-qm", "by hand")
    assert "canned/solved.yaml:2" in a_desk.hd("fsck", code=4).out
    ticket = a_desk.new("Jam", "-r", "ana@example.org")
    a_desk.hd("config", "mail.addresses=help@example.org")
    a_desk.hd("resolve", ticket, "-m", "New cable")
    assert "New cable" in a_desk.hd("notify", "preview", ticket).out  # by hd's own template


def test_a_score_is_kept_shown_and_counted(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    a_desk.hd("resolve", ticket, "-m", "New cable")
    a_desk.hd("rate", ticket, "2", "-m", "Too slow")
    shown = a_desk.hd("show", ticket).out
    assert "2 of 5" in shown
    assert "Too slow" in shown
    assert a_desk.message().splitlines()[0] == f"{ticket}: rate 2 of 5"
    assert a_desk.hd("list", "--all", "-q", "csat:<=2").out == f"{ticket}\n"
    a_desk.hd("rate", ticket, "5")
    assert a_desk.hd("list", "--all", "-q", "csat:<=2").out == ""
    a_desk.hd("rate", ticket, "6", code=2)
    assert "hd rate" in a_desk.hd("set", ticket, "csat=3", code=1).err

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import DeskFolder


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    a_desk.hd("kb", "new", "Reset a password", "-m", "Open the *portal*.", "-c", "access")
    a_desk.hd("kb", "new", "Le réseau", "-m", "Vérifier le câble.", "--language", "fr", "-t", "LAN")
    a_desk.hd("kb", "new", "Fax setup", "-m", "Dial 9.", "--audience", "public")
    a_desk.hd("kb", "publish", "reset-a-password")
    a_desk.hd("kb", "archive", "fax-setup")
    return a_desk


def aged(desk: DeskFolder, file: Path) -> None:
    """Makes an article or a ticket as old as if it had been written in 2020."""
    file.write_text(re.sub("at: [0-9]{4}", "at: 2020", file.read_text()))
    desk.git("commit", "-qam", "long ago")
    desk.hd("fsck", "--repair")


@pytest.mark.parametrize(
    ("options", "slugs"),
    [
        ([], ["reset-a-password", "le-reseau"]),
        (["--all"], ["reset-a-password", "fax-setup", "le-reseau"]),
        (["--state", "archived"], ["fax-setup"]),
        (["--state", "draft", "--state", "archived"], ["fax-setup", "le-reseau"]),
        (["--category", "access"], ["reset-a-password"]),
        (["--tag", "lan"], ["le-reseau"]),
        (["--language", "fr"], ["le-reseau"]),
        (["--audience", "public", "--all"], ["fax-setup"]),
        (["portal"], ["reset-a-password"]),
        (["VERIF", "cable"], ["le-reseau"]),
        (["abl"], []),
        (["dial 9", "--all"], ["fax-setup"]),
    ],
)
def test_articles_are_found_by_what_they_are_and_say(
    desk: DeskFolder, options: list[str], slugs: list[str]
) -> None:
    assert desk.hd("kb", "list", "-q", *options).out.split() == slugs


def test_the_list_is_the_familys_first_command(desk: DeskFolder) -> None:
    lines = desk.hd("kb").out.splitlines()
    assert lines[0].split() == ["slug", "state", "language", "category", "for", "review", "title"]
    assert lines[1].startswith("reset-a-password  published  en")
    assert lines[2].startswith("le-reseau         draft")


def test_nothing_found_says_what_to_do(a_desk: DeskFolder) -> None:
    assert 'hd kb new "How to ..." writes one' in a_desk.hd("kb").err
    a_desk.hd("kb", "new", "VPN", "-m", "x")
    assert "hd kb list --all shows all 1" in a_desk.hd("kb", "list", "zzz").err
    assert a_desk.hd("kb", "list", "zzz", "-q").out == ""


def test_scripts_get_values_and_votes(desk: DeskFolder) -> None:
    ticket = desk.new("Locked out")
    desk.hd("kb", "helpful", "reset", ticket, "--yes")
    data = json.loads(desk.hd("kb", "list", "--json").out)
    assert data["format"] == 1
    first = data["articles"][0]
    assert (first["slug"], first["helped"], first["unhelpful"]) == ("reset-a-password", 1, 0)
    assert (first["overdue"], first["reopened"], first["procedure"]) == (False, [], False)
    assert "body" not in first
    assert "log" not in first
    lines = desk.hd("kb", "list", "--jsonl").out.splitlines()
    assert [json.loads(line)["slug"] for line in lines] == ["reset-a-password", "le-reseau"]
    shown = json.loads(desk.hd("kb", "show", "reset", "--json").out)["articles"][0]
    assert (shown["body"], shown["tried"][0]["ticket"]) == ("Open the *portal*.", ticket)
    assert [entry["action"] for entry in shown["log"]] == ["new", "publish"]


def test_stale_are_those_past_review_or_whose_tickets_were_reopened(desk: DeskFolder) -> None:
    assert desk.hd("kb", "list", "--stale", "-q").out == ""
    aged(desk, desk.path / "kb/reset-a-password.yaml")
    ticket = desk.new("Locked out")
    desk.hd("resolve", ticket, "-m", "x", "--article", "reset")
    desk.hd("reopen", ticket)
    file = desk.path / "kb/le-reseau.yaml"
    top = file.read_text().replace("owner: alice\n", "owner: alice\nreview: 2020-01-01T00:00:00Z\n")
    file.write_text(top)
    desk.hd("commit")
    out = desk.hd("kb", "list", "--stale").out
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["reset-a-password", "le-reseau"]
    assert "1 reopened" in out
    assert "due 2020-01-01" in out
    assert "2 articles to be looked at: hd kb list --stale" in desk.hd("status").out
    assert f"opened again after it had helped: {ticket}" in desk.hd("kb", "show", "reset").out


def test_somebody_who_looked_at_it_ends_its_being_stale(desk: DeskFolder) -> None:
    aged(desk, desk.path / "kb/reset-a-password.yaml")
    ticket = desk.new("Locked out")
    desk.hd("resolve", ticket, "-m", "x", "--article", "reset")
    desk.hd("reopen", ticket)
    aged(desk, desk.file(ticket))
    assert desk.hd("kb", "list", "--stale", "-q").out == "reset-a-password\n"
    desk.hd("kb", "review", "reset")
    assert desk.hd("kb", "list", "--stale", "-q").out == ""


def test_unused_are_those_published_long_ago_that_did_not_help_since(desk: DeskFolder) -> None:
    assert desk.hd("kb", "list", "--unused", "-q").out == ""
    aged(desk, desk.path / "kb/reset-a-password.yaml")
    assert desk.hd("kb", "list", "--unused", "-q").out == "reset-a-password\n"
    assert desk.hd("kb", "list", "--unused", "--days", "3650", "-q").out == ""
    desk.hd("kb", "helpful", "reset", desk.new("Locked out"), "--yes")
    assert desk.hd("kb", "list", "--unused", "-q").out == ""
    assert "--days goes with --unused" in desk.hd("kb", "list", "--days", "3", code=2).err


def test_an_unknown_category_is_no_empty_list(a_desk: DeskFolder) -> None:
    assert "did you mean 'access'?" in a_desk.hd("kb", "list", "-c", "acess", code=1).err
    a_desk.hd("kb", "list", "-c", "access")


def test_an_article_is_a_page(desk: DeskFolder) -> None:
    ticket = desk.new("Locked \x1b[31mout")
    desk.hd("kb", "link", "reset", ticket)
    desk.hd("kb", "helpful", "reset", ticket, "--no")
    out = desk.hd("kb", "show", "reset").out
    assert out.startswith(
        "reset-a-password  Reset a password\n"
        "  published, for agents only, en, access, kept by alice\n"
        "\n"
        "Open the portal.\n"
    )
    assert f"Came from\n{ticket}  new  Locked" in out
    assert "(did not help)" in out
    assert "\x1b" not in out


def test_drafts_and_archived_ones_say_so(desk: DeskFolder) -> None:
    out = desk.hd("kb", "show", "le-reseau", "fax").out
    assert "a draft: hd kb edit le-reseau, then hd kb publish le-reseau" in out
    assert "archived: not to be used any more" in out


def test_slugs_come_from_standard_input_and_mistakes_are_guessed(desk: DeskFolder) -> None:
    assert desk.hd("kb", "show", "-", "--raw", stdin="reset le-reseau\n").out == (
        "Open the *portal*.\nVérifier le câble.\n"
    )
    assert "did you mean 'le-reseau'?" in desk.hd("kb", "show", "le-reso", code=3).err
    desk.hd("kb", "new", "Reset a PIN", "-m", "x")
    error = desk.hd("kb", "show", "reset-a", code=3).err
    assert "could be reset-a-password, reset-a-pin" in error
    assert "there is nothing to do" in desk.hd("kb", "show", "-", stdin="").err


def test_a_file_that_can_not_be_read_is_reported_by_every_reader(desk: DeskFolder) -> None:
    (desk.path / "kb/fax-setup.yaml").write_text("slug: fax-setup\n<<<<<<< x\n")
    desk.git("commit", "-qam", "broken")
    assert "kb/fax-setup.yaml:2" in desk.hd("kb").err
    assert "kb/fax-setup.yaml:2" in desk.hd("kb", "show", "fax", code=4).err


def test_a_ticket_names_its_articles(desk: DeskFolder) -> None:
    ticket = desk.new("Locked out")
    desk.hd("kb", "helpful", "reset", ticket, "--yes")
    desk.hd("kb", "helpful", "le-r", ticket, "--no", "-m", "Not the network")
    out = desk.hd("show", ticket).out
    assert (
        "Articles\n"
        "helped        reset-a-password  Reset a password (agents only)\n"
        "did not help  le-reseau         Le réseau (draft, agents only)\n"
    ) in out
    assert "helpful: le-reseau did not help\n    Not the network" in out
    assert desk.hd("list", "-q", "article:reset-a-password", "has:article").out == f"{ticket}\n"
    assert desk.hd("list", "-q", "article:le-reseau").out == ""


def test_kb_search_finds_articles_alone(desk: DeskFolder) -> None:
    desk.new("The portal is down")
    assert desk.hd("kb", "search", "portal", "-q").out == "reset-a-password\n"
    found = json.loads(desk.hd("kb", "search", "cable", "--json").out)
    assert json.dumps(found).count("le-reseau") >= 1


def test_reading_loads_no_markdown_where_none_is_shown(desk: DeskFolder) -> None:
    code = (
        "import sys; from hdcli.cli import run; run(sys.argv[1:]); "
        "sys.exit('markdown_it' in sys.modules)"
    )
    for args in (["kb", "list"], ["kb", "show", "reset", "--raw"]):
        done = subprocess.run([sys.executable, "-c", code, *args], cwd=desk.path, check=False)
        assert done.returncode == 0

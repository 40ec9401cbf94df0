"""hd search, as somebody types it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import pytest

from support import DeskFolder

SOLUTION = "Print spooler restarted, KB5034441 removed."


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    """A desk with a few tickets in both languages."""
    a_desk.new("Printer on floor 2 offline", "-b", "Host SRV-PRINT01.example.org, error 0x80070005")
    a_desk.new("L'imprimante du réseau est en panne", "-b", "Rien ne sort depuis lundi", "-t", "rh")
    a_desk.new("Wi-Fi drops", "-b", "The split tunnel of the VPN too", "--category", "network")
    return a_desk


def titles(desk: DeskFolder, *query: str) -> list[str]:
    """The titles of what a query finds."""
    found = json.loads(desk.hd("search", "--json", *query).out)
    return [each["title"] for each in found["hits"]]


PRINTER, IMPRIMANTE, WIFI = (
    "Printer on floor 2 offline",
    "L'imprimante du réseau est en panne",
    "Wi-Fi drops",
)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("printers", PRINTER),
        ("print01", PRINTER),
        ("srv-print01.example.org", PRINTER),
        ("80070005", PRINTER),
        ("imprimantes reseaux", IMPRIMANTE),
        ("d'imprimante", IMPRIMANTE),
        ("rh", IMPRIMANTE),
        ("wifi", WIFI),
        ('"split tunnel"', WIFI),
        ("tunel~", WIFI),
        ("imprim*", IMPRIMANTE),
        ("category:network drops", WIFI),
        ("status:new wifi", WIFI),
    ],
)
def test_a_word_in_either_language_finds_its_ticket(
    desk: DeskFolder, query: str, title: str
) -> None:
    assert titles(desk, query) == [title]


def test_what_was_written_last_is_found_at_once(desk: DeskFolder) -> None:
    ticket = desk.new("Scanner dead")
    assert desk.hd("search", "-q", "scanner").out.split() == [ticket]
    desk.hd("note", ticket, "-m", "It was the zebra in the toner")
    assert desk.hd("search", "-q", "zebra toner").out.split() == [ticket]
    desk.hd("resolve", ticket, "-m", SOLUTION)
    assert desk.hd("search", "-q", "5034441", "status:resolved").out.split() == [ticket]


def test_an_id_finds_its_ticket_first(desk: DeskFolder) -> None:
    ticket = desk.new("Scanner dead")
    other = desk.new("Another one")
    desk.hd("note", other, "-m", f"the same as {ticket}")
    assert desk.hd("search", "-q", ticket).out.split() == [ticket, other]
    assert desk.hd("search", "-q", ticket.lower()).out.split()[0] == ticket


def test_an_id_that_was_merged_away_finds_the_ticket_that_has_it(desk: DeskFolder) -> None:
    gone, kept = desk.new("Scanner dead"), desk.new("Scanner broken")
    desk.hd("merge", gone, kept)
    assert gone in desk.hd("search", "-q", gone).out.split()


def test_field_terms_are_answered_before_anything_is_cut(desk: DeskFolder) -> None:
    for number in range(12):
        desk.new(f"Monitor {number}")
    last = desk.new("A title without it", "-b", "the monitor", "--priority", "urgent")
    assert desk.hd("search", "-q", "--limit", "1", "monitor", "priority:urgent").out.split() == [
        last
    ]


def test_the_limit_says_how_many_more_there_are(desk: DeskFolder) -> None:
    for number in range(4):
        desk.new(f"Monitor {number}")
    ran = desk.hd("search", "--limit", "3", "monitor")
    assert ran.err == "hd: 1 more; --limit 0 shows all 4\n"
    assert len(desk.hd("search", "-q", "--limit", "0", "monitor").out.split()) == 4


@pytest.mark.parametrize(
    ("typed", "instead", "title"),
    [
        ("pritner", "printer", PRINTER),
        ("l'imprimnte", "imprimante", IMPRIMANTE),
        ("status:new pritner floor", "status:new printer floor", PRINTER),
        ('"splt tunnel"', '"split tunnel"', WIFI),
    ],
)
def test_a_word_that_nothing_has_is_put_right_and_told(
    desk: DeskFolder, typed: str, instead: str, title: str
) -> None:
    ran = desk.hd("search", typed)
    assert title in ran.out
    assert ran.err == f"hd: nothing has '{typed}'; showing hits for '{instead}'\n"
    found = json.loads(desk.hd("search", "--json", typed).out)
    assert found["instead"] == instead
    assert [each["title"] for each in found["hits"]] == [title]
    assert desk.hd("search", "-q", typed).out == ""


def test_what_else_is_let_go_beside_a_slip_is_told(desk: DeskFolder) -> None:
    ran = desk.hd("search", "pritner", "xyzzy")
    assert PRINTER in ran.out
    assert "showing hits for 'printer xyzzy', without xyzzy" in ran.err
    ran = desk.hd("search", '"tunnel splt"')
    assert "showing hits for '\"tunnel split\"', the words of the phrase apart" in ran.err
    found = json.loads(desk.hd("search", "--json", "pritner", "tunnel").out)
    assert found["relaxed"] == "printer for pritner, any of the words"
    assert found["meant"] == {"pritner": ["printer"]}
    assert len(found["hits"]) == 2


def test_a_word_that_few_have_is_asked_about_and_kept(desk: DeskFolder) -> None:
    desk.hd("import", "-", stdin="".join(f'{{"title": "Toner {n}"}}\n' for n in range(20)))
    rare = desk.new("The tuner is loud")
    ran = desk.hd("search", "tuner")
    assert "loud" in ran.out
    assert ran.err == "hd: 'tuner': did you mean 'toner'?\n"
    assert desk.hd("search", "-q", "tuner").out.split() == [rare]


def test_what_was_relaxed_is_told(desk: DeskFolder) -> None:
    ran = desk.hd("search", "printer", "xyzzy")
    assert PRINTER in ran.out
    assert "nothing has all of it; found without xyzzy" in ran.err
    ran = desk.hd("search", "printer", "tunnel")
    assert PRINTER in ran.out
    assert WIFI in ran.out
    assert "found any of the words" in ran.err
    ran = desk.hd("search", '"tunnel split"')
    assert "found the words of the phrase apart" in ran.err
    assert desk.hd("search", "--any", "printer", "tunnel").err == ""


def test_bare_ids_are_only_of_what_has_all_words(desk: DeskFolder) -> None:
    assert desk.hd("search", "-q", "printer", "xyzzy").out == ""
    assert desk.hd("search", "--jsonl", "printer", "tunnel").out == ""


def test_words_that_are_everywhere_find_the_newest(desk: DeskFolder) -> None:
    assert titles(desk, "est en") == [IMPRIMANTE]
    assert set(titles(desk, "--", "-printer")) == {WIFI, IMPRIMANTE}


def test_synonyms_of_the_desk_count(desk: DeskFolder) -> None:
    assert titles(desk, "wlan") == []
    desk.hd("config", "synonyms=wifi, wlan; pc, computer")
    assert titles(desk, "wlan") == [WIFI]
    assert desk.hd("config", "synonyms").out == "wifi, wlan\npc, computer\n"


def test_the_words_are_marked_in_colour(desk: DeskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = desk.hd("search", "reseau").out
    assert "\x1b[35m\x1b[1mréseau\x1b[0m" in out


def test_json_has_the_excerpt_and_where_the_words_are(desk: DeskFolder) -> None:
    found = json.loads(desk.hd("search", "--json", "tunnel").out)
    assert (found["format"], found["total"], found["relaxed"]) == (1, 1, "")
    (hit,) = found["hits"]
    assert (hit["kind"], hit["title"], hit["status"]) == ("ticket", WIFI, "new")
    ((start, end),) = hit["excerpt"]["marks"]
    assert hit["excerpt"]["text"][start:end] == "tunnel"
    (line,) = desk.hd("search", "--jsonl", "tunnel").out.splitlines()
    assert json.loads(line) == hit


def test_hostile_text_is_made_safe(desk: DeskFolder) -> None:
    desk.new("Evil", "-b", "evil \x1b[2J text \u202e here")
    out = desk.hd("search", "evil").out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_articles_are_found_among_tickets(desk: DeskFolder) -> None:
    text = "Open the network settings and choose the wifi again."
    desk.hd("kb", "new", "Réparer le Wi-Fi", "--language", "fr", "-m", text)
    article = "reparer-le-wi-fi"
    assert set(titles(desk, "wifi")) == {WIFI, "Réparer le Wi-Fi"}
    assert desk.hd("search", "-q", "--kind", "article", "wifi").out.split() == [article]
    assert desk.hd("search", "-q", "--kind", "ticket", "settings").out == ""
    assert titles(desk, "wifi", "status:new") == [WIFI]
    refused = desk.hd("search", "--kind", "article", "status:new", code=2)
    assert "--kind article leaves them out" in refused.err
    shown = desk.hd("search", "settings").out
    assert f"{article}  article  draft" in shown
    assert "choose the wifi again" in shown
    hit = json.loads(desk.hd("search", "--jsonl", "settings").out)
    assert (hit["kind"], hit["slug"], hit["language"]) == ("article", article, "fr")


def test_an_archived_article_is_found_no_more(desk: DeskFolder) -> None:
    desk.hd("kb", "new", "Repair it", "-m", "Use the screwdriver.")
    assert titles(desk, "screwdriver") == ["Repair it"]
    desk.hd("kb", "publish", "repair-it")
    desk.hd("kb", "archive", "repair-it")
    assert titles(desk, "screwdriver") == []


def test_deleting_everything_derived_loses_nothing(desk: DeskFolder) -> None:
    before = titles(desk, "wifi")
    shutil.rmtree(desk.path / ".git" / "hd")
    assert titles(desk, "wifi") == before


def test_a_damaged_index_is_built_anew(desk: DeskFolder) -> None:
    before = titles(desk, "wifi")
    for each in (desk.path / ".git" / "hd" / "index").glob("*.trm"):
        data = bytearray(each.read_bytes())
        data[20:] = bytes(len(data) - 20)
        each.write_bytes(data)
    assert titles(desk, "wifi") == before
    for each in (desk.path / ".git" / "hd" / "index").glob("*.pst"):
        each.write_bytes(bytes(each.stat().st_size))
    assert titles(desk, "wifi") == before


def test_a_desk_without_tickets_finds_nothing(a_desk: DeskFolder) -> None:
    assert "nothing has 'printer'" in a_desk.hd("search", "printer").err


def test_a_history_that_was_rewritten_is_followed(desk: DeskFolder) -> None:
    desk.new("Scanner dead")
    assert titles(desk, "scanner") == ["Scanner dead"]
    desk.git("reset", "-q", "--hard", "HEAD~1")
    assert titles(desk, "scanner") == []
    assert titles(desk, "wifi") == [WIFI]


def test_a_bare_desk_is_searched_too(make_desk: Callable[..., DeskFolder]) -> None:
    hub = make_desk("hub", "--bare")
    assert hub.hd("search", "printer").out == ""

"""hd suggest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support import DeskFolder


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    """Solved tickets in two languages, and articles that some were solved with."""
    for slug, title, body in (
        ("clear-jam", "Paper jam", "Open the tray and take the paper out"),
        ("bourrage", "Bourrage papier", "Ouvrir le bac et retirer le papier"),
        ("split-tunnel", "Routes of the tunnel", "Which networks go through it"),
    ):
        a_desk.hd("kb", "new", title, "--slug", slug, "-m", body, "--audience", "public")
    a_desk.hd("kb", "publish", "clear-jam,split-tunnel")
    return a_desk


def solved(desk: DeskFolder, title: str, how: str, *articles: str) -> str:
    ticket = desk.new(title)
    options = [each for slug in articles for each in ("--article", slug)]
    desk.hd("resolve", ticket, "-m", how, *options)
    return ticket


def suggested(desk: DeskFolder, *args: str, **more: Any) -> Any:
    return json.loads(desk.hd("suggest", *args, "--json", **more).out)


def test_what_solved_tickets_like_it_comes_first_with_the_reasons(desk: DeskFolder) -> None:
    first = solved(desk, "VPN drops every hour", "Split the tunnel\nand renewed it", "split-tunnel")
    again = solved(desk, "VPN drops at home", "The same again", "split-tunnel")
    ticket = desk.new("VPN drops", "-b", "since the update")
    found = suggested(desk, ticket)
    assert found["ticket"] == ticket
    (article,) = found["articles"]
    assert (article["slug"], article["helped"]) == ("split-tunnel", 2)
    assert {each["ticket"] for each in article["votes"]} == {first, again}
    assert article["words"] == []
    tickets = {each["id"]: each for each in found["tickets"]}
    assert tickets[first]["solution"] == "Split the tunnel"
    assert tickets[first]["articles"] == ["split-tunnel"]
    assert set(tickets[first]["words"]) == {"vpn", "drops"}


def test_what_the_desk_lists_as_the_same_word_counts_and_is_told(desk: DeskFolder) -> None:
    first = solved(desk, "VPN drops every hour", "Restarted it", "split-tunnel")
    assert not suggested(desk, "tuyau coupé")["articles"]
    desk.hd("config", "synonyms=[[vpn, tuyau], [pc, ordinateur]]")
    found = suggested(desk, "tuyau coupé")
    assert [each["ticket"] for each in found["articles"][0]["votes"]] == [first]
    (ticket,) = found["tickets"]
    assert (ticket["words"], ticket["synonyms"]) == (["tuyau"], {"tuyau": "vpn"})
    assert "    shares: tuyau (as vpn)\n" in desk.hd("suggest", "tuyau coupé").out
    twin = desk.new("VPN dead")
    hinted = json.loads(desk.hd("new", "tuyau dead", "--json").out)["suggestions"]
    assert [each["id"] for each in hinted["duplicates"]] == [twin]


def test_it_says_so_at_a_terminal(desk: DeskFolder) -> None:
    first = solved(desk, "VPN drops every hour", "Split the tunnel", "split-tunnel")
    shown = desk.hd("suggest", "vpn drops").out
    assert "compared by: drops, vpn" in shown
    assert "split-tunnel  article  published  public" in shown
    assert f"solved 1 ticket like it: {first}" in shown
    assert "solved: Split the tunnel (with split-tunnel)" in shown
    assert "shares: drops, vpn" in shown


def test_without_history_the_texts_of_articles_decide_in_any_language(desk: DeskFolder) -> None:
    assert desk.hd("suggest", "-q", "jam of paper").out.split()[0] == "clear-jam"
    assert desk.hd("suggest", "-q", "bourrages de l'imprimante").out == "bourrage\n"


def test_every_resolve_is_learnt_at_once(desk: DeskFolder) -> None:
    assert suggested(desk, "label printer offline")["articles"] == []
    solved(desk, "Label printer is offline", "Switched on", "clear-jam")
    (article,) = suggested(desk, "label printer offline")["articles"]
    assert article["slug"] == "clear-jam"


def test_drafts_are_for_agents_and_archived_ones_for_nobody(desk: DeskFolder) -> None:
    solved(desk, "Bourrage papier", "Retiré", "bourrage")
    assert [each["state"] for each in suggested(desk, "bourrage")["articles"]] == ["draft"]
    public = suggested(desk, "bourrage", "--public")
    assert (public["articles"], public["tickets"]) == ([], [])
    assert [each["slug"] for each in suggested(desk, "jam", "--public")["articles"]] == [
        "clear-jam"
    ]
    desk.hd("kb", "archive", "bourrage")
    assert suggested(desk, "bourrage")["articles"] == []


def test_of_an_article_in_two_languages_the_one_that_fits_is_told(desk: DeskFolder) -> None:
    options = ("--slug", "routes-du-tunnel", "-m", "Quels réseaux passent par le tunnel")
    french = ("--language", "fr", "--translates", "split-tunnel")
    desk.hd("kb", "new", "Routes du tunnel", *options, *french)
    desk.hd("kb", "publish", "routes-du-tunnel")
    ticket = solved(desk, "VPN tunnel drops", "Split it", "split-tunnel")
    for words, slug in (
        ("which networks: VPN tunnel", "split-tunnel"),
        ("quels réseaux, tunnel VPN", "routes-du-tunnel"),
    ):
        (article,) = suggested(desk, words)["articles"]
        assert (article["slug"], article["votes"][0]["ticket"]) == (slug, ticket)


def test_what_did_not_help_counts_less_and_on_the_ticket_itself_not_at_all(
    desk: DeskFolder,
) -> None:
    solved(desk, "Tunnel routes", "Done", "split-tunnel")
    before = suggested(desk, "tunnel")["articles"][0]["score"]
    ticket = desk.new("Tunnel is slow")
    desk.hd("kb", "helpful", "split-tunnel", ticket, "--no")
    (article,) = suggested(desk, "tunnel")["articles"]
    assert article["score"] < before
    assert article["unhelpful"] == 1
    assert suggested(desk, ticket)["articles"] == []


def test_a_word_may_be_a_ticket_or_a_word(desk: DeskFolder) -> None:
    ticket = desk.new("Paper jam in the tray")
    assert suggested(desk, ticket)["ticket"] == ticket
    assert suggested(desk, ticket.removeprefix("HD-").lower())["ticket"] == ticket
    assert suggested(desk, "@")["ticket"] == ticket
    assert suggested(desk, "jam")["ticket"] is None
    assert desk.hd("suggest", "HD-ZZZZZ", code=3).err.startswith("hd: no ticket")


def test_a_text_comes_from_standard_input(desk: DeskFolder) -> None:
    text = "Problem\n\nThe tray has a jam of paper again"
    assert desk.hd("suggest", "-q", "-", stdin=text).out == "clear-jam\n"
    assert desk.hd("suggest", "-", stdin=" \n", code=2).out == ""


def test_open_tickets_and_merged_ones_are_no_solutions(desk: DeskFolder) -> None:
    known = solved(desk, "Scanner is dead", "New lamp")
    desk.new("Scanner is dead")
    double = desk.new("Scanner is dead")
    desk.hd("merge", double, known)
    assert [each["id"] for each in suggested(desk, "scanner")["tickets"]] == [known]


def test_limit_is_for_articles_and_tickets_alike(desk: DeskFolder) -> None:
    for number in range(4):
        solved(desk, f"Scanner {number} is dead", "New lamp", "clear-jam", "split-tunnel")
    found = suggested(desk, "scanner", "--limit", "1")
    assert (len(found["articles"]), len(found["tickets"])) == (1, 1)
    more = suggested(desk, "scanner", "--limit", "10")
    assert (len(more["articles"]), len(more["tickets"])) == (2, 4)


def test_nothing_like_it_is_no_failure(desk: DeskFolder) -> None:
    ran = desk.hd("suggest", "xyzzy")
    assert ran.out == ""
    assert "nothing like it" in ran.err
    assert suggested(desk, "xyzzy") == {
        "format": 1, "ticket": None, "words": [], "articles": [], "tickets": []
    }  # fmt: skip


def test_the_demo_desk_with_its_starter_articles_answers_in_both_languages(
    a_desk: DeskFolder,
) -> None:
    demo = DeskFolder(a_desk.path.with_name("demo"))
    a_desk.hd("demo", str(demo.path), "--seed", "7")
    demo.hd("kb", "starter", "-q")
    demo.hd("kb", "starter", "--language", "fr", "-q")
    for words, slug in (
        ("My account is locked after the holidays", "account-locked"),
        ("Mon compte est verrouillé", "compte-verrouille"),
        ("The printer is offline again", "printer-offline"),
        ("l'imprimante n'imprime plus", "imprimante-hors-ligne"),
        ("VPN does not connect from home", "vpn-connection"),
        ("J'ai oublié mon mot de passe", "mot-de-passe-oublie"),
    ):
        assert demo.hd("suggest", "-q", words).out.split()[0] == slug
    (solved,) = suggested(demo, "VPN refusé depuis l'hôtel", "--limit", "1")["tickets"]
    assert "port 443" in solved["solution"]

from __future__ import annotations

import pytest

from support import DeskFolder


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    a_desk.hd("kb", "new", "VPN", "-m", "Restart it.")
    a_desk.hd("kb", "new", "Le VPN", "-m", "Relancez-le.", "--language", "fr")
    return a_desk


def test_publishing_sets_the_next_review(desk: DeskFolder) -> None:
    out = desk.hd("kb", "publish", "vpn", "le-vpn").out
    assert out == "vpn is published: VPN\nle-vpn is published: Le VPN\n"
    article = desk.article("vpn")
    assert article.text("published") == article.text("updated")
    assert article.text("review") > article.text("published")
    assert desk.hd("kb", "publish", "vpn", "-q").out == "vpn\n"
    assert desk.hd("kb", "publish", "vpn").out == "vpn is published already: VPN\n"
    assert len(desk.article("vpn").log) == 2
    trailers = desk.git("log", "-1", "--format=%(trailers:only)", "--grep=kb vpn: publish")
    assert "State: published\n" in trailers


def test_a_review_that_was_set_stays_unless_another_is_asked_for(desk: DeskFolder) -> None:
    desk.hd("kb", "review", "vpn", "--until", "+2y")
    due = desk.article("vpn").text("review")
    desk.hd("kb", "publish", "vpn")
    assert desk.article("vpn").text("review") == due
    desk.hd("kb", "archive", "vpn")
    desk.hd("kb", "publish", "vpn", "--review", "+1mo")
    assert desk.article("vpn").text("review") < due
    assert "has passed" in desk.hd("kb", "review", "vpn", "--until", "2020-01-01", code=2).err


def test_all_are_published_or_none(desk: DeskFolder) -> None:
    desk.hd("kb", "new", "Open", "-m", "x\n<!-- hd: say more -->")
    before = desk.commits()
    error = desk.hd("kb", "publish", "vpn", "open", code=1).err
    assert error == "hd: open is not finished: say more; hd kb edit open\n"
    assert desk.commits() == before


def test_a_review_is_an_entry_each_time_with_its_remark(desk: DeskFolder) -> None:
    for _ in range(2):
        out = desk.hd("kb", "review", "vpn", "--until", "2099-01-01", "-m", "still so").out
    assert out == "vpn is to be reviewed by 2099-01-01: VPN\n"
    log = desk.article("vpn").log
    assert [entry.action for entry in log] == ["new", "review", "review"]
    assert log[-1].body == "still so"
    assert desk.message().splitlines()[0] == "kb vpn: review until 2099-01-01"
    desk.hd("kb", "archive", "vpn")
    assert "vpn is archived" in desk.hd("kb", "review", "vpn", code=1).err


def test_an_archived_article_has_its_reason_and_comes_back(desk: DeskFolder) -> None:
    desk.hd("kb", "archive", "vpn", "-m", "no VPN any more")
    assert desk.article("vpn").log[-1].body == "no VPN any more"
    assert "already" in desk.hd("kb", "archive", "vpn").out
    desk.hd("kb", "publish", "vpn")
    assert desk.article("vpn").state == "published"


def test_the_tickets_it_came_from_come_and_go(desk: DeskFolder) -> None:
    one, two = desk.new("a"), desk.new("b")
    assert desk.hd("kb", "link", "vpn", f"{one},{two}").out == f"vpn comes from {one}, {two}: VPN\n"
    assert desk.article("vpn").items("sources") == (one, two)
    assert "already" in desk.hd("kb", "link", "vpn", one).out
    desk.hd("kb", "link", "vpn", one, "--remove")
    assert desk.article("vpn").items("sources") == (two,)
    assert "name tickets, or one --translation" in desk.hd("kb", "link", "vpn", code=2).err
    desk.hd("kb", "link", "vpn", "zzzzz", code=3)


def test_translations_are_named_by_all_of_them(desk: DeskFolder) -> None:
    desk.hd("kb", "new", "Das VPN", "-m", "x", "--language", "de", "--translates", "vpn")
    before = desk.commits()
    out = desk.hd("kb", "link", "le-vpn", "--translation", "vpn").out
    assert out == "le-vpn is now a translation of vpn: Le VPN\n"
    assert desk.commits() == before + 1
    assert set(desk.article("le-vpn").items("translations")) == {"vpn", "das-vpn"}
    assert set(desk.article("das-vpn").items("translations")) == {"vpn", "le-vpn"}
    assert set(desk.article("vpn").items("translations")) == {"das-vpn", "le-vpn"}
    assert "already" in desk.hd("kb", "link", "vpn", "--translation", "le-vpn").out
    desk.hd("kb", "new", "Other", "-m", "x")
    error = desk.hd("kb", "link", "other", "--translation", "das-vpn", code=1).err
    assert "other and vpn are both in en" in error
    desk.hd("kb", "link", "le-vpn", "--translation", "vpn", "--remove")
    assert desk.article("le-vpn").items("translations") == ("das-vpn",)
    assert desk.article("vpn").items("translations") == ("das-vpn",)


def test_a_verdict_is_kept_on_the_ticket_and_the_last_word_counts(desk: DeskFolder) -> None:
    ticket = desk.new("No VPN")
    out = desk.hd("kb", "helpful", "vpn", ticket, "--yes").out
    assert out == f"{ticket} was helped by vpn: No VPN\n"
    assert "already" in desk.hd("kb", "helpful", "vpn", ticket, "--yes").out
    desk.hd("kb", "helpful", "vpn", ticket, "--no", "-m", "It dropped again")
    found = desk.ticket(ticket)
    assert (found.items("articles"), found.items("unhelpful")) == ((), ("vpn",))
    assert desk.message() == (
        f"{ticket}: vpn did not help\n\nIt dropped again\n\n"
        f"Ticket: {ticket}\nAction: helpful\nDid-Not-Help: vpn"
    )
    assert "did it help? say --yes or --no" in desk.hd("kb", "helpful", "vpn", ticket, code=2).err


def test_a_ticket_is_resolved_with_the_articles_that_helped(desk: DeskFolder) -> None:
    ticket = desk.new("No VPN")
    desk.hd("resolve", ticket, "-m", "x", "--article", "vpn", "--article", "le-v")
    assert desk.ticket(ticket).items("articles") == ("vpn", "le-vpn")
    assert desk.message().splitlines()[0] == f"{ticket}: resolve (vpn, le-vpn)"
    assert "Helped: vpn\nHelped: le-vpn" in desk.message()
    other = desk.new("x")
    error = desk.hd("resolve", other, "-m", "x", "--article", "vpm", code=3).err
    assert "did you mean 'vpn'?" in error
    assert desk.ticket(other).status == "new"

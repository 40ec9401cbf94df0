"""Articles that are edited by hand, in their files, and taken in by hd commit."""

from __future__ import annotations

import re

import pytest

from hdcli.model.record import hand_edit
from support import DeskFolder

ARTICLE = """\
# Anybody may add to this.
slug: vpn
title: Le VPN
state: draft
tags: [vpn]
body: |
  Restart it.

  Wait.
"""


def test_an_article_made_by_hand_gets_its_log_and_keeps_its_comments(a_desk: DeskFolder) -> None:
    (a_desk.path / "kb").mkdir()
    file = a_desk.path / "kb/vpn.yaml"
    file.write_text(ARTICLE)
    assert a_desk.hd("commit").out == "kb vpn: new: Le VPN\n"
    article = a_desk.article("vpn")
    assert not hand_edit(article)
    assert article.log[0].set == {"title": "Le VPN", "state": "draft"}
    assert file.read_text().startswith(ARTICLE)
    assert "Action: new" in a_desk.message()
    assert a_desk.clean()


def test_values_and_text_of_an_article_are_taken_in_as_one_entry(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "VPN", "-m", "Restart it.\n\nWait.")
    file = a_desk.path / "kb/vpn.yaml"
    text = file.read_text().replace("  Wait.", "  Wait a minute.")
    file.write_text(text.replace("audience: agents", "audience: public", 1))
    assert a_desk.hd("commit", "-m", "clearer").out == "kb vpn: edit audience=public, text\n"
    article = a_desk.article("vpn")
    assert article.body == "Restart it.\n\nWait a minute."
    entry = article.log[-1]
    assert (entry.action, entry.set, entry.text) == ("edit", {"audience": "public"}, article.digest)
    assert entry.body == "clearer"
    assert not hand_edit(article)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("slug: vpn", "slug: vpm", "the slug in it is vpm, its place is that of vpn"),
        ("state: draft", "state: done", "'state' must be one of draft, published, archived"),
        ("state: draft", "state: draft\ncatgory: x", "did you mean 'category'?"),
        ("state: draft", "state: draft\nowner: zoe", "no agent 'zoe' on this desk"),
        ("state: draft", "state: draft\nsources: [HD-00000]", "there is no HD-00000"),
        ("state: draft", "state: draft\ntranslations: [le-vpn]", "there is no le-vpn"),
        ("state: draft", "state: draft\nlanguage: French", "'French' is no language"),
        ("  Wait.", "  Wait.\n  <<<<<<< ours", "git's conflict markers"),
        ("body: |", "steps:\n- expect: x\nbody: |", "does not say what to 'do'"),
    ],
)
def test_what_is_wrong_in_an_article_is_refused_with_its_line(
    a_desk: DeskFolder, old: str, new: str, said: str
) -> None:
    (a_desk.path / "kb").mkdir()
    (a_desk.path / "kb/vpn.yaml").write_text(ARTICLE.replace(old, new))
    error = a_desk.hd("commit", code=4).err
    assert said in error
    assert re.search(r"kb/vpn\.yaml:[0-9]+:", error)


def test_two_new_articles_may_name_each_other(a_desk: DeskFolder) -> None:
    (a_desk.path / "kb").mkdir()
    for slug, other in (("vpn", "le-vpn"), ("le-vpn", "vpn")):
        text = ARTICLE.replace("slug: vpn", f"slug: {slug}\ntranslations: [{other}]")
        (a_desk.path / f"kb/{slug}.yaml").write_text(text)
    assert a_desk.hd("commit", "-q").out == "le-vpn\nvpn\n"


def test_an_article_is_not_deleted_and_its_name_is_its_slug(a_desk: DeskFolder) -> None:
    a_desk.hd("kb", "new", "VPN", "-m", "x")
    (a_desk.path / "kb/vpn.yaml").unlink()
    assert "hd kb archive ends an article" in a_desk.hd("commit", code=5).err
    a_desk.git("checkout", "kb/vpn.yaml")
    (a_desk.path / "kb/VPN 2.yaml").write_text(ARTICLE)
    assert "not an article's place" in a_desk.hd("commit", code=4).err


def test_what_git_committed_of_an_article_becomes_entries_by_whoever_did(
    a_desk: DeskFolder,
) -> None:
    a_desk.hd("kb", "new", "VPN", "-m", "Restart it.")
    file = a_desk.path / "kb/vpn.yaml"
    for old, new, author in (
        ("Restart it.", "Start it.", "Bob Ndiaye <bob@example.org>"),
        ("audience: agents", "audience: public", "Zoe <zoe@example.net>"),
    ):
        file.write_text(file.read_text().replace(old, new, 1))
        a_desk.git("commit", "-qam", "by hand", f"--author={author}")
    assert (
        "edited by hand, not in the log yet: audience, text" in a_desk.hd("kb", "show", "vpn").out
    )
    out = a_desk.hd("commit").out
    assert out == (
        "vpn: what bob edited and committed is in its log\n"
        "vpn: what Zoe <zoe@example.net> edited and committed is in its log\n"
    )
    article = a_desk.article("vpn")
    assert [(e.by, dict(e.set), bool(e.text)) for e in article.log[1:]] == [
        ("bob", {}, True),
        ("Zoe <zoe@example.net>", {"audience": "public"}, False),
    ]
    assert not hand_edit(article)
    assert a_desk.hd("commit").out == "nothing to commit\n"

"""hd fsck of articles."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hdcli.model.record import hand_edit
from support import DeskFolder


@pytest.fixture
def desk(a_desk: DeskFolder) -> DeskFolder:
    a_desk.hd("kb", "new", "VPN", "-m", "Restart it.")
    a_desk.hd("kb", "new", "Le VPN", "-m", "x", "--language", "fr", "--translates", "vpn")
    ticket = a_desk.new("No VPN")
    a_desk.hd("kb", "link", "vpn", ticket)
    a_desk.hd("resolve", ticket, "-m", "x", "--article", "vpn")
    return a_desk


def commit(desk: DeskFolder, path: str, change: Callable[[str], str]) -> None:
    file = desk.path / path
    file.write_text(change(file.read_text()))
    desk.git("add", "-A")
    desk.git("commit", "-qm", "by hand")


def test_sound_articles_are_passed_over(desk: DeskFolder) -> None:
    assert "nothing is wrong" in desk.hd("fsck").out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.replace("slug: vpn", "slug: wpn", 1), "the slug in it is wpn"),
        (lambda t: t.replace("state: draft", "state: final", 1), "'state' must be one of"),
        (lambda t: t.replace("  Restart", "  <<<<<<< a\n  Restart"), "git's conflict markers"),
        (
            lambda t: t.replace("translations: [le-vpn]", "translations: [x]"),
            "names x, which is no",
        ),
        (lambda t: t.replace("owner: alice", "owner: zoe", 1), "no agent 'zoe'"),
        (lambda t: t.replace("sources: [HD-", "sources: [HD-00000, HD-"), "names HD-00000"),
        (lambda t: t.replace("published", "draft").replace("at: 2", "at: 9", 1), "from the future"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(
    desk: DeskFolder, change: Callable[[str], str], said: str
) -> None:
    commit(desk, "kb/vpn.yaml", change)
    lines = [line for line in desk.hd("fsck", code=4).out.splitlines() if said in line]
    assert len(lines) == 1
    assert "kb/vpn.yaml" in lines[0]


def test_a_one_sided_translation_is_said_where_it_is(desk: DeskFolder) -> None:
    commit(desk, "kb/le-vpn.yaml", lambda text: text.replace("translations: [vpn]\n", "", 1))
    out = desk.hd("fsck", code=4).out
    assert "le-vpn does not name it as its translation; hd kb link vpn --translation le-vpn" in out


def test_an_article_that_is_gone_is_missed_by_those_that_name_it(desk: DeskFolder) -> None:
    desk.git("rm", "-q", "kb/vpn.yaml")
    desk.git("commit", "-qm", "gone")
    out = desk.hd("fsck", code=4).out
    assert "'articles' names vpn, which is no article of this desk; hd edit HD-" in out
    assert "'translations' names vpn" in out


def test_hand_edits_that_git_committed_are_taken_in_by_repair(desk: DeskFolder) -> None:
    commit(desk, "kb/vpn.yaml", lambda text: text.replace("Restart it", "Start it"))
    assert "edited by hand, not in the log yet: text" in desk.hd("fsck").out
    assert "vpn: what was edited by hand is in its log" in desk.hd("fsck", "--repair").out
    assert not hand_edit(desk.article("vpn"))


def test_derived_values_and_a_program_are_mended(desk: DeskFolder) -> None:
    commit(desk, "kb/vpn.yaml", lambda text: text.replace("updated: 2", "updated: 1", 1))
    (desk.path / "kb/le-vpn.yaml").chmod(0o755)
    desk.git("commit", "-qam", "mode")
    out = desk.hd("fsck", code=4).out
    assert "'updated' is not what the log says" in out
    assert "it is marked as a program" in out
    desk.hd("fsck", "--repair")
    assert "nothing is wrong" in desk.hd("fsck").out
    assert desk.message().splitlines()[0].startswith("kb ")


def test_an_edited_file_that_waits_is_said(desk: DeskFolder) -> None:
    (desk.path / "kb/vpn.yaml").write_text("slug: [")
    assert "(not committed)" in desk.hd("fsck", code=4).out
    (desk.path / "kb/vpn.yaml").unlink()
    assert "deleted by hand" in desk.hd("fsck", code=4).out


def test_a_cache_that_lies_about_articles_is_built_anew(desk: DeskFolder) -> None:
    import sqlite3
    from contextlib import closing

    desk.hd("kb")
    with closing(sqlite3.connect(desk.path / ".git/hd/cache.sqlite3")) as db, db:
        db.execute("UPDATE articles SET title = 'X' WHERE slug = 'vpn'")
        db.execute("DELETE FROM helped")
    out = desk.hd("fsck", code=4).out
    assert out.count("the cache has") == 2
    desk.hd("fsck", "--repair")
    assert "VPN" in desk.hd("kb").out

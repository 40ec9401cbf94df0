"""hd merge-driver: git pull, rebase, cherry-pick and stash merge tickets by their logs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import DeskFolder

DRIVER = f"'{sys.executable}' -m hdcli merge-driver %O %A %B %P"


@pytest.fixture
def two(a_desk: DeskFolder, tmp_path: Path) -> tuple[DeskFolder, DeskFolder, str]:
    """A desk, its clone, and the id of a ticket that both have."""
    ticket = a_desk.hd("new", "-q", "printer jams").id
    a_desk.git("clone", "-q", ".", str(tmp_path / "clone"))
    clone = DeskFolder(tmp_path / "clone")
    for each in (a_desk, clone):
        each.git("config", "merge.hd.driver", DRIVER)
    return a_desk, clone, ticket


def pull(desk: DeskFolder, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", "pull", "-q", "--no-edit", *options, "origin", "main"],
        cwd=desk.path,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("how", ["--no-rebase", "--rebase"])
def test_git_pull_keeps_what_both_wrote(two: tuple[DeskFolder, DeskFolder, str], how: str) -> None:
    desk, clone, ticket = two
    desk.hd("note", ticket, "-m", "toner is fine")
    desk.hd("set", ticket, "priority=high")
    clone.hd("note", ticket, "-m", "drum is worn", agent="bob")
    clone.hd("tag", ticket, "+hw", agent="bob")
    assert pull(clone, how).returncode == 0
    text = clone.hd("show", ticket).out
    assert all(each in text for each in ("toner is fine", "drum is worn", "high", "hw"))
    assert clone.git("status", "--porcelain") == ""
    assert "nothing is wrong" in clone.hd("fsck", ticket).out


def test_comments_of_both_sides_stay(two: tuple[DeskFolder, DeskFolder, str]) -> None:
    desk, clone, ticket = two
    for each, (old, new) in (
        (desk, (b"title:", b"# seen by alice\ntitle:")),
        (clone, (b"level:", b"level:    ")),
    ):
        file = next(each.path.glob("tickets/*/*.yaml"))
        file.write_bytes(file.read_bytes().replace(old, new, 1).replace(b"log:", b"\nlog:", 1))
        each.git("commit", "-qam", "layout")
        each.hd("note", ticket, "-m", f"of {each.path.name}")
    assert pull(clone, "--no-rebase").returncode == 0
    text = next(clone.path.glob("tickets/*/*.yaml")).read_text()
    assert "# seen by alice\n" in text
    assert "level:     1\n" in text
    assert "of desk" in text
    assert "of clone" in text


def test_a_hand_edit_meets_a_logged_change(two: tuple[DeskFolder, DeskFolder, str]) -> None:
    desk, clone, ticket = two
    desk.hd("note", ticket, "-m", "one")
    file = next(clone.path.glob("tickets/*/*.yaml"))
    file.write_text(file.read_text().replace("title: printer jams", "title: printer on fire", 1))
    clone.git("commit", "-qam", "by hand")
    assert pull(clone, "--no-rebase").returncode == 0
    shown = clone.hd("show", ticket).out
    assert "printer on fire" in shown
    assert "one" in shown


def test_settings_are_merged_by_key(two: tuple[DeskFolder, DeskFolder, str]) -> None:
    desk, clone, _ = two
    desk.hd("config", "set", "name", "Alpha")
    clone.hd("agent", "add", "dan", "Dan Roy <dan@example.org>")
    assert pull(clone, "--no-rebase").returncode == 0
    assert "name: Alpha\n" in (clone.path / "desk.yaml").read_text()
    assert "dan" in clone.hd("agent", "list").out


def test_a_true_clash_in_an_article_keeps_both_and_fsck_says_so(
    two: tuple[DeskFolder, DeskFolder, str], write_article: Callable[[DeskFolder, str], None]
) -> None:
    desk, clone, _ = two
    desk.hd("kb", "new", "Clear jams", "--slug", "jams", "-m", "first\n\nOpen the flap.\n\nlast")
    assert pull(clone, "--no-rebase").returncode == 0
    write_article(desk, "Open the front flap.")
    write_article(clone, "Open the back flap.")
    assert pull(clone, "--no-rebase").returncode == 0
    text = (clone.path / "kb/jams.yaml").read_text()
    assert "Open the front flap." in text
    assert "Open the back flap." in text
    assert "<<<<" not in text
    assert "both versions are in the text" in clone.hd("fsck", code=4).out
    assert "edited by hand" not in clone.hd("fsck", code=4).out


def test_in_a_rebase_an_entry_is_by_the_author_of_the_commit_that_it_is_in(
    two: tuple[DeskFolder, DeskFolder, str],
) -> None:
    desk, clone, _ = two
    desk.hd("kb", "new", "Clear jams", "--slug", "jams", "-m", "first\n\nOpen the flap.\n\nlast")
    assert pull(clone, "--no-rebase").returncode == 0
    for each, name in ((desk, "alice"), (clone, "bob")):
        each.hd("kb", "edit", "jams", "-m", f"first\n\n{name}'s flap.\n\nlast", agent=name)
    assert pull(clone, "--rebase").returncode == 0
    authors = sorted(each.by for each in clone.article("jams").log)
    assert authors == ["alice", "alice", "bob", "bob"]


@pytest.fixture
def write_article() -> Callable[[DeskFolder, str], None]:
    """Changes the sentence about the flap, as somebody with an editor does."""

    def write(desk: DeskFolder, sentence: str) -> None:
        file = desk.path / "kb/jams.yaml"
        file.write_text(file.read_text().replace("Open the flap.", sentence))
        desk.hd("commit")

    return write


def test_two_tickets_of_one_id_are_a_conflict_and_nothing_is_lost(
    two: tuple[DeskFolder, DeskFolder, str],
) -> None:
    desk, clone, _ = two
    for each, number in ((desk, "a"), (clone, "b")):
        file = each.path / "tickets/zz/HD-ZZZZZ.yaml"
        file.parent.mkdir()
        file.write_text(f"id: HD-ZZZZZ\ntitle: ticket {number}\nstatus: new\nlevel: 1\n")
        each.hd("commit")
    before = (clone.path / "tickets/zz/HD-ZZZZZ.yaml").read_bytes()
    done = pull(clone, "--no-rebase")
    assert done.returncode != 0
    assert b"two tickets were born with the id HD-ZZZZZ" in done.stderr
    assert (clone.path / "tickets/zz/HD-ZZZZZ.yaml").read_bytes() == before


def test_what_is_not_yaml_of_the_desk_is_a_conflict_with_its_reason(
    two: tuple[DeskFolder, DeskFolder, str],
) -> None:
    _, clone, _ = two
    folder = clone.path
    for name, text in (("o", "a: 1\n"), ("a", "a: [\n"), ("b", "a: 2\n")):
        (folder / name).write_text(text)
    ran = clone.process("merge-driver", "o", "a", "b", "desk.yaml")
    assert ran.returncode == 4
    assert b"desk.yaml:" in ran.stderr
    assert (folder / "a").read_text() == "a: [\n"

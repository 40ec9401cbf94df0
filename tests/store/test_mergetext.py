from __future__ import annotations

from contextlib import closing

from hdcli.store.desk import Desk
from hdcli.store.mergetext import merged, with_both
from support import DeskFolder


def test_changes_in_different_places_are_both_there(a_desk: DeskFolder) -> None:
    with closing(Desk.open(a_desk.path)) as desk:
        repository = desk.place.repository
        base = "one\n\ntwo\n\nthree"
        assert merged(repository, base, "ONE\n\ntwo\n\nthree", "one\n\ntwo\n\nTHREE") == (
            "ONE\n\ntwo\n\nTHREE"
        )
        assert merged(repository, base, "one\n\nzwei\n\nthree", "one\n\ndeux\n\nthree") is None
        assert not list(repository.local.glob("merge-*"))


def test_no_mark_of_git_stays_in_a_text_with_other_line_ends(a_desk: DeskFolder) -> None:
    with closing(Desk.open(a_desk.path)) as desk:
        texts = ("a\r\nb\r\nc", "a\r\nB\r\nc", "a\r\nbb\r\nc")
        found = with_both(desk.place.repository, *texts, lambda mine, other: f"[{mine}|{other}]")
    assert found.split() == ["a", "[B", "|bb", "]", "c"]

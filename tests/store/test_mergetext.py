from __future__ import annotations

from contextlib import closing

from hdcli.store.desk import Desk
from hdcli.store.mergetext import merged
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

from __future__ import annotations

from pathlib import Path

import pytest

from hdcli.errors import NotADesk
from hdcli.store import journal
from hdcli.store.git import Repository

INTENT = journal.Intent("main", "1" * 40, Path("/desk/.git"), Path("/desk"))
BARE = journal.Intent("master", "2" * 64, Path("/hub \n.git"), None)


@pytest.mark.parametrize("intent", [INTENT, BARE])
def test_what_was_intended_is_read_back(tmp_path: Path, intent: journal.Intent) -> None:
    journal.write(tmp_path, intent)
    assert journal.read(tmp_path) == intent
    journal.clear(tmp_path)
    assert journal.read(tmp_path) is None
    assert not journal.path(tmp_path).exists()
    journal.clear(tmp_path)


@pytest.mark.parametrize("data", [b"", b"[", b"[]", b"{}", b"\xff", b'{"branch": "main"}', b"null"])
def test_an_illegible_journal_intends_nothing(tmp_path: Path, data: bytes) -> None:
    journal.path(tmp_path).write_bytes(data)
    assert journal.read(tmp_path) is None


def test_the_repository_is_seen_as_the_writer_saw_it() -> None:
    here = Repository(Path("/desk/.git/worktrees/x"), Path("/desk/.git"), Path("/x"), "sha256")
    there = INTENT.place_in(here)
    assert there == Repository(Path("/desk/.git"), Path("/desk/.git"), Path("/desk"), "sha256")


def test_a_journal_that_can_not_be_written_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(NotADesk, match="can't write to this desk"):
        journal.write(tmp_path / "missing", INTENT)
    (tmp_path / "journal.new").mkdir()
    with pytest.raises(NotADesk):
        journal.write(tmp_path, INTENT)
    assert journal.read(tmp_path) is None

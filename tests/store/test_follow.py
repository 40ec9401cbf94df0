from __future__ import annotations

from pathlib import Path

import pytest

from hdcli.errors import Busy, Conflict, HdError
from hdcli.store import follow
from hdcli.store.discover import discover
from hdcli.store.fastimport import blob_id
from hdcli.store.git import Repository
from support import DeskFolder

PATH = "tickets/7k/HD-7K3QF.yaml"


@pytest.fixture
def repository(a_desk: DeskFolder) -> Repository:
    repository = discover(a_desk.path).repository
    a_desk.new()  # makes what is local to hd
    return repository


def test_nothing_shows_before_the_end(a_desk: DeskFolder, repository: Repository) -> None:
    following = follow.Follow(repository, {PATH: b"new"}, {PATH: None})
    following.prepare(())
    assert a_desk.clean()
    following.finish()
    assert a_desk.git("status", "--porcelain") == f"A  {PATH}"
    assert (a_desk.path / PATH).read_bytes() == b"new"
    assert not (a_desk.path / ".git" / "index.lock").exists()


def test_an_edit_while_the_branch_moves_is_kept(a_desk: DeskFolder, repository: Repository) -> None:
    before = (a_desk.path / "desk.yaml").read_bytes()
    files = {"desk.yaml": b"new", PATH: b"new"}
    following = follow.Follow(repository, files, {"desk.yaml": before, PATH: None})
    following.prepare(())
    (a_desk.path / "desk.yaml").write_text("mine")
    following.finish()
    assert (a_desk.path / "desk.yaml").read_text() == "mine"
    assert (a_desk.path / PATH).read_bytes() == b"new"
    assert blob_id(b"new", "sha1") in a_desk.git("ls-files", "--stage", "desk.yaml")


def test_an_edit_before_it_is_refused_and_what_was_prepared_is_dropped(
    a_desk: DeskFolder, repository: Repository
) -> None:
    (a_desk.path / "desk.yaml").write_text("mine")
    following = follow.Follow(
        repository, {PATH: b"x", "desk.yaml": b"new"}, {PATH: None, "desk.yaml": b"old"}
    )
    with pytest.raises(Conflict, match=r"desk\.yaml has hand edits"):
        following.prepare(())
    follow.release_index(repository)
    follow.discard(repository)
    assert a_desk.git("status", "--porcelain") == " M desk.yaml"
    assert not (repository.local / "new").exists()


def test_removed_files_go(a_desk: DeskFolder, repository: Repository) -> None:
    before = (a_desk.path / "desk.yaml").read_bytes()
    following = follow.Follow(repository, {"desk.yaml": None}, {"desk.yaml": before})
    following.prepare(())
    following.finish()
    assert a_desk.git("status", "--porcelain") == "D  desk.yaml"


def test_the_index_lock_is_git_s_and_only_ours_is_given_back(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HD_LOCK_TIMEOUT", "0")
    lock = repository.git_dir / "index.lock"
    follow.hold_index(repository)
    assert lock.read_bytes()
    with pytest.raises(Busy, match=r"index\.lock exists; if no git is running"):
        follow.hold_index(repository)
    follow.release_index(repository)
    assert not lock.exists()
    for data in (b"", b"git"):
        lock.write_bytes(data)
        follow.release_index(repository)
        assert lock.exists()
    lock.unlink()
    follow.release_index(repository)


def test_a_file_system_that_can_not_lock_is_an_error(
    repository: Repository, tmp_path: Path
) -> None:
    gone = Repository(tmp_path / "gone", repository.common_dir, repository.work_tree)
    with pytest.raises(HdError, match="can't lock git's index"):
        follow.hold_index(gone)


def test_what_differs_between_commits_is_named_with_its_blob(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    path = str(a_desk.file(ticket).relative_to(a_desk.path))
    place = discover(a_desk.path)
    blob = a_desk.git("rev-parse", f"main:{path}")
    assert follow.blobs_between(place, "main^", "main") == [(path, blob)]
    assert follow.blobs_between(place, "main", "main^") == [(path, None)]

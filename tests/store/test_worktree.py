from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from hdcli.errors import Conflict, NotADesk
from hdcli.store import worktree
from hdcli.store.discover import discover
from support import DeskFolder

PATH = "tickets/7k/HD-7K3QF.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / PATH).parent.mkdir(parents=True)
    return folder


def a_file(place: Path) -> None:
    place.write_bytes(b"old")


def a_socket(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as it:
        os.chdir(place.parent)  # a socket's path has at most 107 bytes
        it.bind(place.name)


def a_link(place: Path) -> None:
    a_file(place.parents[2] / "victim")
    place.symlink_to(place.parents[2] / "victim")


NO_FILES: list[Callable[[Path], None]] = [Path.mkdir, os.mkfifo, a_socket, a_link]


def test_a_file_is_read_whole_and_a_missing_one_is_none(root: Path) -> None:
    assert worktree.content(root, PATH) is None
    assert worktree.content(root, "tickets/zz/HD-ZZZZZ.yaml") is None
    a_file(root / PATH)
    assert worktree.content(root, PATH) == b"old"
    assert worktree.content(root, f"{PATH}/below") is None


@pytest.mark.parametrize("make", NO_FILES)
def test_what_is_no_file_is_neither_read_nor_followed(
    root: Path, make: Callable[[Path], None]
) -> None:
    make(root / PATH)
    with pytest.raises(Conflict, match="not a plain file"):
        worktree.content(root, PATH)


@pytest.mark.parametrize("path", ["../x", ".git/config", "a/../x", "a//x", "./x", "link/x"])
def test_no_path_leads_out_of_the_work_tree(root: Path, path: str) -> None:
    (root / "link").symlink_to(root.parent)
    for act in (worktree.content, worktree.remove, worktree.make_folder):
        with pytest.raises(Conflict):
            act(root, path)
    with pytest.raises(Conflict):
        worktree.write(root, path, b"x")


@pytest.mark.parametrize(
    ("present", "committed", "words"),
    [
        (None, b"old", "deleted by hand; git restore"),
        (b"new", None, "not in git; hd commit"),
        (b"new", b"old", "hand edits .* hd commit .* git restore"),
        (b"", b"old", "hand edits"),
    ],
)
def test_a_hand_edit_is_named_with_what_to_do(
    root: Path, present: bytes | None, committed: bytes | None, words: str
) -> None:
    if present is not None:
        (root / PATH).write_bytes(present)
    with pytest.raises(Conflict, match=words) as error:
        worktree.require_unedited(root, PATH, committed)
    assert PATH in str(error.value)


@pytest.mark.parametrize("data", [None, b"", b"old"])
def test_what_is_as_committed_is_no_edit(root: Path, data: bytes | None) -> None:
    if data is not None:
        (root / PATH).write_bytes(data)
    worktree.require_unedited(root, PATH, data)


@pytest.mark.parametrize("committed", [b"x", None])
def test_an_edit_is_known_without_reading_all_of_it(root: Path, committed: bytes | None) -> None:
    (root / "a.yaml").touch()
    os.truncate(root / "a.yaml", 1 << 40)
    with pytest.raises(Conflict):
        worktree.require_unedited(root, "a.yaml", committed)
    assert worktree.content(root, "a.yaml", 3) == b"\0" * 4


def test_a_file_is_written_whole_with_its_folders(root: Path) -> None:
    path = "attachments/zz/HD-ZZZZZ/x.txt"
    worktree.write(root, path, b"first")
    worktree.write(root, path, b"second")
    assert worktree.content(root, path) == b"second"
    assert os.listdir((root / path).parent) == ["x.txt"]


def test_a_file_that_can_not_be_written_leaves_nothing(root: Path) -> None:
    (root / PATH).mkdir()
    with pytest.raises(NotADesk, match=f"can't write {PATH}"):
        worktree.write(root, PATH, b"x")
    assert os.listdir((root / PATH).parent) == ["HD-7K3QF.yaml"]


def test_removing_takes_emptied_folders_along(root: Path) -> None:
    a_file(root / PATH)
    a_file(root / "tickets" / "other")
    worktree.remove(root, PATH)
    worktree.remove(root, PATH)
    assert os.listdir(root / "tickets") == ["other"]
    worktree.remove(root, "tickets/other")
    assert os.listdir(root) == []


def test_the_index_takes_blobs_and_lets_go_of_them(a_desk: DeskFolder) -> None:
    repository = discover(a_desk.path).repository
    blob = a_desk.git("rev-parse", "main:desk.yaml")
    worktree.update_index(repository, [("with space\nand line", blob), ("desk.yaml", None)], ())
    assert a_desk.git("ls-files", "-z").split("\0")[:-1] == [
        ".gitattributes",
        "with space\nand line",
    ]
    assert a_desk.git("show", ":with space\nand line") == a_desk.git("show", "main:desk.yaml")

"""Storing commits through git fast-import: what git then has, and what it refuses."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.store.fastimport import Nowhere, Signature, Stream, blob_id, commit
from hdcli.store.git import GitFailed, Repository

WHO = Signature("Alice Martin", "alice@example.org", 1_791_187_200)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A bare repository with nothing in it."""
    folder = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return Repository(folder, folder, None)


def one(number: int, parent: str | None = None, **files: bytes | None) -> bytes:
    """A commit of files by name."""
    return commit(number, f"Commit {number}\n", WHO, WHO, parent, files)


def run(repository: Repository, commits: Sequence[bytes], marks: Sequence[int]) -> dict[int, str]:
    """The ids of the commits marked so."""
    stream = Stream(repository)
    for each in commits:
        stream.add(each)
    stream.end(marks)
    return dict(zip(marks, stream.made(), strict=True))


def test_commits_follow_each_other_and_hang_on_no_branch(repository: Repository) -> None:
    made = run(repository, [one(1, a=b"1"), one(2, b=b"2"), one(3, a=None)], [1, 3])
    assert repository.text("rev-list", "--count", made[3]) == "3"
    assert repository.text("ls-tree", "--name-only", made[3]) == "b"
    assert repository.text("rev-parse", f"{made[3]}~2") == made[1]
    assert repository.text("for-each-ref") == ""


def test_a_stream_larger_than_a_pipe_is_fed_while_more_is_made(repository: Repository) -> None:
    stream = Stream(repository)
    for number in range(1, 201):
        files = {f"f{number}": b"x" * 10_000}
        stream.add(commit(number, "x\n", WHO, WHO, None, files))
    stream.end([200])
    (last,) = stream.made()
    assert len(repository.text("ls-tree", "--name-only", last).split()) == 200


def test_a_dropped_stream_leaves_no_commits_and_no_process(repository: Repository) -> None:
    stream = Stream(repository)
    stream.add(one(1, a=b"x" * 1_000_000))
    stream.send()
    stream.drop()
    stream.drop()
    assert repository.text("count-objects") == "0 objects, 0 kilobytes"
    assert list(repository.git_dir.glob("fast_import_crash_*")) == []


def test_a_rehearsal_stores_nothing(repository: Repository) -> None:
    stream = Nowhere(repository)
    stream.add(one(1, a=b"x" * 1_000_000))
    stream.drop()
    assert repository.text("count-objects") == "0 objects, 0 kilobytes"


def test_what_git_refuses_is_said_in_its_words(repository: Repository) -> None:
    with pytest.raises(GitFailed, match="git can't store the change: "):
        run(repository, [one(1, "f" * 40, a=b"1")], [1])
    with pytest.raises(GitFailed):
        run(repository, [one(1, "f" * 40, a=b"1" * 1_000_000)] * 3, [1])


@pytest.mark.parametrize(
    "path", ["a b", 'say "x"', '"quoted"', "a\nb", "back\\slash", '"\n\\', "é", "a\tb", "caf\udce9"]
)
def test_any_name_of_a_file_arrives_as_it_is(repository: Repository, path: str) -> None:
    made = run(repository, [commit(1, "x\n", WHO, WHO, None, {path: b"1"})], [1])
    raw = repository.run("ls-tree", "-z", "--name-only", made[1])
    assert raw.rstrip(b"\0") == path.encode("utf-8", "surrogateescape")


def test_a_name_can_t_break_out_of_its_line(repository: Repository) -> None:
    odd = Signature("Eve <eve@x>\ncommitter Mallory", "e>v\ne", 1)
    made = run(repository, [commit(1, "x\n", odd, WHO, None, {})], [1])
    assert repository.text("log", "-1", "--format=%an|%ae|%cn", made[1]) == (
        "Eve eve@xcommitter Mallory|eve|Alice Martin"
    )


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=2000))
def test_the_id_of_a_blob_is_git_s(data: bytes) -> None:
    command = ["git", "hash-object", "--stdin"]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    assert blob_id(data, "sha1") == done.stdout.decode().strip()

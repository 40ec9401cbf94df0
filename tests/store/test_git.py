from __future__ import annotations

import pytest

import damaging
from hdcli.store.discover import discover, repository_at
from hdcli.store.git import GitFailed, Objects, environment, said
from hdcli.store.trees import tree_entries
from support import DeskFolder


def test_git_is_not_led_to_another_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    env = environment(EXTRA="x")
    assert not {"GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY"} & set(env)
    assert (env["LC_ALL"], env["EXTRA"]) == ("C.UTF-8", "x")


@pytest.mark.parametrize(
    ("stderr", "words"),
    [
        (b"", "no reason given"),
        (b"fatal: not there\n", "not there"),
        (b"fatal: locked\n\nAnother git process seems to run.\nremove the file\n", "locked"),
        (b"hint: a\nerror: first\nfatal: second\n", "second"),
        (b"only\nwords\n", "words"),
        (b"fatal: \xff\n", "\ufffd"),
    ],
)
def test_what_git_said_is_its_fatal_line(stderr: bytes, words: str) -> None:
    assert said(stderr) == words


def test_objects_are_read_in_order_and_missing_ones_are_none(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    path = f"main:tickets/{a_desk.file(ticket).parent.name}/{ticket}.yaml"
    data = a_desk.file(ticket).read_bytes()
    with Objects(discover(a_desk.path).repository) as objects:
        assert objects.read("main:nothing") is None
        assert objects.read("main:no\nthing") is None
        found = objects.read(path)
        assert found is not None
        assert found[1:] == ("blob", data)
        names = [path, "main:nothing"] * 70
        assert list(objects.many(names)) == [data, None] * 70
        assert list(objects.many([path, path], limit=10)) == [data[:11]] * 2


def test_a_git_that_ended_is_an_error_and_no_reader_that_left(a_desk: DeskFolder) -> None:
    with Objects(discover(a_desk.path).repository) as objects:
        objects._process.kill()
        objects._process.wait()
        for _ in range(2):
            with pytest.raises(GitFailed, match="cat-file stopped"):
                objects.read("main")


def test_a_failing_git_says_why_and_names_its_command(a_desk: DeskFolder) -> None:
    repository = discover(a_desk.path).repository
    with pytest.raises(GitFailed, match=r"git log failed: .*nothing"):
        repository.run("log", "nothing")
    with pytest.raises(GitFailed, match="git log failed"):
        list(repository.lines("log", "nothing"))


def test_trees_are_taken_apart(a_desk: DeskFolder) -> None:
    a_desk.new()
    with Objects(discover(a_desk.path).repository) as objects:
        found = objects.read("main^{tree}")
    assert found is not None
    entries = {name: (mode, oid) for mode, name, oid in tree_entries(found[2], 20)}
    assert entries["desk.yaml"] == ("100644", a_desk.git("rev-parse", "main:desk.yaml"))
    assert entries["tickets"][0] == "40000"


def test_signatures_that_git_is_told_to_show_are_not_taken_for_commits(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Printer jams")
    plain = a_desk.git("cat-file", "commit", "main")
    signed = plain.replace("\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n\n", 1)
    a_desk.path.joinpath("commit").write_text(signed + "\n")
    a_desk.git("update-ref", "HEAD", a_desk.git("hash-object", "-t", "commit", "-w", "commit"))
    a_desk.git("config", "log.showSignature", "true")
    gpg = a_desk.path / "gpg"
    gpg.write_text("#!/bin/sh\necho gpg: no public key >&2\n")
    gpg.chmod(0o755)
    a_desk.git("config", "gpg.program", str(gpg))
    assert [line.split()[3] for line in a_desk.hd("log", ticket).out.splitlines()] == [ticket]
    assert a_desk.hd("undo").out == f"taken back: {ticket}: new: Printer jams\n"


def test_an_object_that_breaks_off_is_never_taken_for_whole(a_desk: DeskFolder) -> None:
    data = bytes(range(256)) * 500
    (a_desk.path / "big").write_bytes(data)
    blob = a_desk.git("hash-object", "-w", "big")
    file = a_desk.path / ".git/objects" / blob[:2] / blob[2:]
    whole = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(whole[:-3] + bytes(byte ^ 0xFF for byte in whole[-3:]))
    for limit in (None, 10):
        with Objects(discover(a_desk.path).repository) as objects, pytest.raises(GitFailed):
            objects.read(blob, limit)


def test_over_a_damaged_object_the_way_on_is_named(a_desk: DeskFolder) -> None:
    damaging.loose(a_desk, "main").write_bytes(b"garbage")
    with pytest.raises(GitFailed) as caught:
        repository_at(a_desk.path).run("log", "main")
    assert str(caught.value).endswith("; hd fsck says what is damaged")

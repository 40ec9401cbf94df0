from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hdcli.store import codec
from support import DeskFolder


def found(desk: DeskFolder, *words: str, code: int = 4) -> list[dict[str, Any]]:
    """What fsck finds, as its JSON has it."""
    data = json.loads(desk.hd("fsck", "--json", *words, code=code).out)
    assert data["format"] == 1
    findings: list[dict[str, Any]] = data["findings"]
    return findings


def path_of(ticket_id: str) -> str:
    return f"tickets/{ticket_id[3:5].lower()}/{ticket_id}.yaml"


def committed(desk: DeskFolder, path: str, text: str | bytes) -> str:
    """A file as git alone commits it."""
    file = desk.path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    desk.git("add", "-A")
    desk.git("commit", "-qm", "by hand")
    return path


def rewritten(desk: DeskFolder, ticket_id: str, old: str, new: str) -> str:
    """A ticket's file with one change, as git alone commits it."""
    text = desk.file(ticket_id).read_text()
    assert old in text
    path = desk.file(ticket_id).relative_to(desk.path).as_posix()
    return committed(desk, path, text.replace(old, new, 1))


@pytest.fixture
def lively(a_desk: DeskFolder) -> tuple[DeskFolder, str, str]:
    """A desk with two tickets: one escalated, one with a file."""
    one = a_desk.new("No network", "-c", "network", "-t", "vpn")
    a_desk.hd("escalate", one, "-m", "The port is dead")
    (a_desk.path.parent / "photo.txt").write_text("a photo")
    two = a_desk.new("Jam", "--attach", str(a_desk.path.parent / "photo.txt"))
    a_desk.hd("link", two, "relates-to", one)
    return a_desk, one, two


def test_a_desk_that_is_well_is_said_to_be(lively: tuple[DeskFolder, str, str]) -> None:
    desk, one, _ = lively
    desk.hd("list")
    ran = desk.hd("fsck")
    assert (ran.out, ran.err) == ("3 files checked: nothing is wrong\n", "")
    assert found(desk, code=0) == []
    assert desk.hd("fsck", "-q", one).out == ""


def test_a_finding_names_file_line_and_remedy_and_the_exit_code_is_4(
    lively: tuple[DeskFolder, str, str],
) -> None:
    desk, one, _ = lively
    path = rewritten(desk, one, "level: 2", "level: many")
    ran = desk.hd("fsck", code=4)
    assert ran.out == (
        f"error: {path}:4: 'level' must be a number from 1 to 9, not 'many'; "
        f"mend it and hd commit, or git log -p -- {path}\n"
    )
    assert ran.err == "hd: 1 error\n"


@pytest.mark.parametrize(
    ("old", "new", "severity", "words"),
    [
        ("team: network", "team: netwrk", "warning", "no team 'netwrk'"),
        ("level: 2", "level: 7", "warning", "above the desk's last"),
        ("tags: [vpn]", "tags: [two words]", "warning", "is no tag"),
        ("tags: [vpn]", "assett: PC-1", "note", "no field 'assett'"),
        ("tags: [vpn]", "tags: [vpn, slow]", "note", "edited by hand, not in the log yet: tags"),
        ("tags: [vpn]", "links: [duplicates HD-ZZZZZ]", "error", "which is no ticket"),
        ("tags: [vpn]", "attachments: [attachments/x]", "error", "there is no file attachments/x"),
        ("updated: 2", "updated: 1", "warning", "'updated' is not what the log says"),
        ("at: 2", "at: 3", "warning", "is from the future"),
        ("action: escalate", "action: new", "warning", "a second time"),
        ("action: escalate", "undoes: 0009-zzzzzz\n  action: undo", "error", "takes back"),
        ("log:\n", "<<<<<<< HEAD\nlog:\n", "error", "conflict markers"),
        ("id: HD", "id: XX", "error", "the id in it is XX"),
        ("title: No network", "title: !x y", "error", "the tag !x is not allowed"),
    ],
)
def test_what_is_wrong_in_a_ticket_is_found(
    lively: tuple[DeskFolder, str, str], old: str, new: str, severity: str, words: str
) -> None:
    desk, one, _ = lively
    path = rewritten(desk, one, old, new)
    findings = found(desk, one, code=0 if severity == "note" else 4)
    there = [each for each in findings if words in each["message"]]
    assert [(each["severity"], each["path"]) for each in there] == [(severity, path)]
    assert there[0]["line"] > 0 or "id in it" in words


def test_broken_files_keep_no_other_from_being_listed_and_are_all_found(
    lively: tuple[DeskFolder, str, str],
) -> None:
    desk, one, two = lively
    hostile = {
        "tickets/0a/HD-0A0A0.yaml": b"\xff\xfe\x00",
        "tickets/0b/HD-0B0B0.yaml": b"a: &a [*a]\n",
        "tickets/0c/HD-0C0C0.yaml": b"[" * 100_000,
        "tickets/0d/HD-0D0D0.yaml": b"x" * 9_000_000,
        "tickets/0e/HD-0E0E0.yaml": b"",
        "tickets/notes.txt": b"mine",
    }
    for path, data in hostile.items():
        (desk.path / path).parent.mkdir(parents=True, exist_ok=True)
        (desk.path / path).write_bytes(data)
    (desk.path / "tickets/0f/HD-0F0F0.yaml").parent.mkdir()
    (desk.path / "tickets/0f/HD-0F0F0.yaml").symlink_to("/etc/hostname")
    (desk.path / "tickets/0g/HD-0G0G0.yaml").mkdir(parents=True)
    (desk.path / "tickets/0g/HD-0G0G0.yaml/x").write_text("a folder")
    desk.git("add", "-A")
    tip = desk.git("rev-parse", "main")
    submodule = f"160000,{tip},tickets/0h/HD-0H0H0.yaml"
    desk.git("update-index", "--add", "--cacheinfo", submodule)
    desk.git("commit", "-qm", "evil")
    listed = desk.hd("list", "--json").out
    assert one in listed
    assert two in listed
    errors = [each["path"] for each in found(desk) if each["severity"] == "error"]
    assert sorted({*errors}) == sorted(
        [
            *hostile,
            "tickets/0f/HD-0F0F0.yaml",
            "tickets/0g/HD-0G0G0.yaml/x",
            "tickets/0h/HD-0H0H0.yaml",
        ]
    )


def test_a_wrong_level_branch_is_found_and_mended(lively: tuple[DeskFolder, str, str]) -> None:
    desk, one, two = lively
    right = desk.git("rev-parse", f"l2/{one}")
    desk.git("branch", "-D", f"l2/{one}")
    desk.git("branch", f"l3/{two}")
    desk.git("branch", "l2/HD-ZZZZZ")
    messages = {each["path"]: each["message"] for each in found(desk)}
    assert messages == {
        f"branch l2/{one}": "missing",
        f"branch l3/{two}": f"left over: {two} belongs on no level branch",
        "branch l2/HD-ZZZZZ": "left over: there is no ticket HD-ZZZZZ",
    }
    ran = desk.hd("fsck", "--repair")
    assert ran.out.count("its level branch is where it belongs") == 3
    assert desk.git("branch", "--list", "l*/*", "--format=%(refname:short)") == f"l2/{one}"
    assert desk.git("rev-parse", f"l2/{one}") == right
    assert desk.hd("fsck").out.endswith("nothing is wrong\n")


def test_a_level_branch_that_lags_or_strays_is_found(lively: tuple[DeskFolder, str, str]) -> None:
    desk, one, _ = lively
    old = desk.git("rev-parse", f"l2/{one}")
    desk.hd("note", one, "-m", "Seen.")
    desk.git("branch", "-f", f"l2/{one}", old)
    assert "at an older commit" in found(desk)[0]["message"]
    desk.git("branch", "-f", f"l2/{one}", desk.git("commit-tree", "main^{tree}", "-m", "x"))
    assert "that 'main' does not have" in found(desk)[0]["message"]
    desk.hd("fsck", "--repair", one)
    assert desk.hd("fsck", one).code == 0


def test_edits_that_git_committed_are_a_note_and_repair_takes_them_in(
    lively: tuple[DeskFolder, str, str],
) -> None:
    desk, one, _ = lively
    rewritten(desk, one, "priority: normal", "priority: high")
    rewritten(desk, one, "level: 2", "level: 3")
    severities = {each["severity"] for each in found(desk)}
    assert severities == {"note", "warning"}  # the team works at level 2
    ran = desk.hd("fsck", "--repair", code=4)
    assert f"{one}: what was edited by hand is in its log" in ran.out
    log = codec.read_ticket(desk.file(one).read_bytes(), "x").log
    assert [dict(each.set) for each in log[-2:]] == [{"priority": "high"}, {"level": 3}]
    assert desk.git("branch", "--list", "l*/*", "--format=%(refname:short)") == f"l3/{one}"


def test_values_and_modes_that_nobody_meant_are_mended(
    lively: tuple[DeskFolder, str, str],
) -> None:
    desk, one, _ = lively
    rewritten(desk, one, "updated: 2", "updated: 1")
    desk.file(one).chmod(0o755)
    desk.git("commit", "-qam", "a program")
    assert {each["repair"] for each in found(desk)} == {"refold", "mode", "levels"}
    desk.hd("fsck", "--repair")
    assert found(desk, code=0) == []
    assert desk.clean()


def test_a_cache_that_lies_is_found_and_built_anew(lively: tuple[DeskFolder, str, str]) -> None:
    desk, one, _ = lively
    desk.hd("list")
    for sql in (
        "UPDATE tickets SET title = 'x'",
        "DELETE FROM tags",
        "UPDATE tally SET n = n + 1",
        f"INSERT INTO links VALUES ('{one}', 'duplicates', 'HD-ZZZZZ')",
        "DELETE FROM texts",
    ):
        with closing(sqlite3.connect(desk.path / ".git/hd/cache.sqlite3")) as db, db:
            db.execute(sql)
        assert {each["repair"] for each in found(desk)} == {"cache"}, sql
        assert "the cache is built anew" in desk.hd("fsck", "--repair").out
        desk.hd("list")
        assert found(desk, code=0) == []


def test_attachments_hold_what_their_names_say_and_belong_to_a_ticket(
    lively: tuple[DeskFolder, str, str],
) -> None:
    desk, one, two = lively
    stored = next(desk.path.glob("attachments/*/*/*"))
    path = committed(desk, stored.relative_to(desk.path).as_posix(), "another photo")
    lost = committed(desk, f"attachments/{one[3:5].lower()}/{one}/{'0' * 12}-x.txt", "x")
    messages = [(each["path"], each["message"]) for each in found(desk)]
    assert (path, "it does not hold what its name says") in messages
    assert (lost, "no ticket refers to it") in messages
    desk.git("rm", "-q", path)
    desk.git("commit", "-qm", "gone")
    messages = [(each["path"], each["message"]) for each in found(desk, two)]
    assert messages == [(path_of(two), f"there is no file {path}")]


def test_a_deleted_ticket_is_missed(lively: tuple[DeskFolder, str, str]) -> None:
    desk, one, two = lively
    desk.git("rm", "-q", str(desk.file(one)))
    desk.git("commit", "-qm", "gone")
    messages = {each["path"]: each["message"] for each in found(desk)}
    assert messages == {
        path_of(two): f"it leads to {one}, which is no ticket of this desk",
        path_of(one): f"{one} has commits, and no file any more",
        f"branch l2/{one}": f"left over: there is no ticket {one}",
    }


def test_two_tickets_can_not_have_one_old_id(lively: tuple[DeskFolder, str, str]) -> None:
    desk, one, two = lively
    rewritten(desk, one, "created:", "aliases: [HD-0A0A0]\ncreated:")
    rewritten(desk, two, "created:", f"aliases: [HD-0A0A0, {one}]\ncreated:")
    messages = [each["message"] for each in found(desk) if each["severity"] == "error"]
    assert sum("is an old id of" in each for each in messages) == 1
    assert sum(f"{one} is a ticket of its own" in each for each in messages) == 1


def test_settings_are_looked_at_too(lively: tuple[DeskFolder, str, str]) -> None:
    desk, _, _ = lively
    text = (desk.path / "desk.yaml").read_text()
    committed(desk, "desk.yaml", f"{text}prioritys: [x]\n")
    assert [each["message"] for each in found(desk)] == [
        "unknown key 'prioritys', did you mean 'priorities'?"
    ]
    committed(desk, "desk.yaml", text.replace("prefix: HD", "prefix: no good"))
    assert found(desk)[0]["path"] == "desk.yaml"
    assert found(desk)[0]["line"] > 1


def test_articles_must_be_yaml(lively: tuple[DeskFolder, str, str]) -> None:
    desk, _, _ = lively
    committed(desk, "kb/vpn.yaml", "title: VPN\nsteps: [\n")
    assert [(each["path"], each["line"]) for each in found(desk)] == [("kb/vpn.yaml", 3)]


def test_the_work_tree_is_looked_at_for_what_waits_and_what_is_broken(
    lively: tuple[DeskFolder, str, str],
) -> None:
    desk, one, two = lively
    file = desk.file(one)
    file.write_text(file.read_text() + "# mine\n")
    (desk.path / "tickets/.swap").write_text("x")
    assert {(each["severity"], each["message"]) for each in found(desk, code=0)} == {
        ("note", "edited by hand and not committed"),
        ("note", "below tickets/, and no ticket"),
    }
    file.write_text(file.read_text().replace("title:", ">>>>>>> theirs\ntitle:", 1))
    desk.file(two).unlink()
    assert {(each["severity"], each["message"]) for each in found(desk)} >= {
        ("error", "git's conflict markers are in it (not committed)"),
        ("warning", "deleted by hand"),
    }


def test_what_stopped_programs_left_is_removed_and_typed_texts_are_not(
    lively: tuple[DeskFolder, str, str],
) -> None:
    desk, one, _ = lively
    folder = desk.path / ".git/hd"
    (folder / "new").mkdir()
    stale = [folder / "settings.999", folder / "new", folder / "new/0", folder / "git-index"]
    stale += [desk.file(one).with_name(f".{one}.yaml.hd-new")]
    text = folder / f"{one}-abc.yaml"
    lock = desk.path / ".git/index.lock"
    for place in [*stale, text, lock]:
        if place.name != "new":
            place.write_text("x")
        os.utime(place, (0, 0))
    os.utime(folder / "new", (0, 0))
    messages = {Path(each["path"]).name: each["severity"] for each in found(desk)}
    assert messages["index.lock"] == "warning"
    assert messages[text.name] == "note"
    lock.unlink()
    desk.hd("fsck", "--repair")
    assert not any(place.exists() for place in stale)
    assert text.exists()


def test_a_missing_object_is_told_by_what_is_in_it(lively: tuple[DeskFolder, str, str]) -> None:
    desk, one, _ = lively
    path = path_of(one)
    blob = desk.git("rev-parse", f"main:{path}")
    desk.git("repack", "-adq")
    for pack in (desk.path / ".git/objects/pack").glob("*"):
        pack.rename(desk.path / pack.name)
    pack = next(desk.path.glob("pack-*.pack"))
    with pack.open("rb") as data:
        subprocess.run(["git", "unpack-objects", "-q"], cwd=desk.path, stdin=data, check=True)
    for left in desk.path.glob("pack-*"):
        left.unlink()
    (desk.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    told = [each for each in found(desk) if each["repair"] == "objects"]
    assert [(each["path"], each["ticket"]) for each in told] == [(path, one)]
    assert told[0]["message"].startswith(f"{one} as of ")
    assert told[0]["message"].endswith(f"is missing (blob {blob[:10]})")
    assert desk.hd("fsck", "--repair").out.startswith(f"repaired: {one} as of ")
    assert desk.hd("fsck").out.endswith("nothing is wrong\n")


def test_a_bare_desk_can_be_checked(make_desk: Callable[..., DeskFolder]) -> None:
    desk = make_desk("hub.git", "--bare")
    desk.new("Jam")
    assert desk.hd("fsck").out == "1 file checked: nothing is wrong\n"

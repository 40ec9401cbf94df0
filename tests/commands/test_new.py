from __future__ import annotations

from support import DeskFolder


def test_prints_the_id_and_commits_once(a_desk: DeskFolder) -> None:
    before = a_desk.git("rev-list", "--count", "main")
    ran = a_desk.hd("new", "No network", "-r", "Ana <ana@example.org>", "-b", "Since nine.")
    assert ran.out == f"{ran.id}\n"
    assert int(a_desk.git("rev-list", "--count", "main")) == int(before) + 1
    assert a_desk.git("log", "-1", "--format=%s") == f"{ran.id}: new: No network"
    assert a_desk.clean()

from __future__ import annotations

from hdcli.store.discover import discover
from hdcli.store.reached import reached
from support import DeskFolder


def test_what_the_branch_has_is_told_as_it_grows_and_is_rewritten(a_desk: DeskFolder) -> None:
    first = a_desk.git("rev-parse", "main")
    a_desk.hd("new", "one")
    second = a_desk.git("rev-parse", "main")
    stray = a_desk.git("commit-tree", "-m", "stray", "-p", first, f"{first}^{{tree}}")

    def told() -> set[str]:
        return set(reached(discover(a_desk.path), [first, second, stray]))

    assert told() == {first, second}
    assert told() == {first, second}
    third = a_desk.git("commit-tree", "-m", "takes it in", "-p", second, "-p", stray, "main^{tree}")
    a_desk.git("update-ref", "refs/heads/main", third)
    assert told() == {first, second, stray}
    a_desk.git("update-ref", "refs/heads/main", first)
    assert told() == {first}
    (a_desk.path / ".git/hd/reached").write_bytes(b"\xff")
    assert told() == {first}

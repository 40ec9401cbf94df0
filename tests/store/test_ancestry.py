from __future__ import annotations

from hdcli.store.ancestry import contains
from hdcli.store.discover import repository_at
from support import DeskFolder


def test_containing_is_asked_of_many_at_once(a_desk: DeskFolder) -> None:
    repository = repository_at(a_desk.path)
    a_desk.git("branch", "aside", a_desk.git("commit-tree", "main^{tree}", "-m", "x"))
    main, first, aside = (a_desk.git("rev-parse", each) for each in ("main", "main~1", "aside"))
    assert contains(repository, main, [main, first, aside]) == {main, first}

"""What a hub takes: work done with git alone, and by many hands."""

from __future__ import annotations

import pytest
from bench.hubforgeries import Case
from bench.hubhonest import founding, honest
from bench.hubstage import Field

from .conftest import Judged

_BY_GIT = (
    *("lead's files", "a value by hand", "a comment by hand", "no change at all"),
    *("merge with git alone", "rebase", "settings merged by an agent", "many commits"),
)
_SHARE = [case for case in honest() if case.name in _BY_GIT]


@pytest.mark.parametrize("case", _SHARE, ids=[case.name for case in _SHARE])
def test_a_hub_takes(case: Case, field: Field, judged: Judged) -> None:
    case.act(field)
    answer = judged(field)
    assert answer.accepted, answer.said


def test_whoever_pushes_joins_a_desk_without_leads_and_adds_nobody_else(
    field: Field, judged: Judged
) -> None:
    field.replace("desk.yaml", "    role: lead\n", "")
    field.commit("desk: no leads", who="alice")
    field.git("push", "-q", str(field.hub), "main")
    start = field.git("rev-parse", "main")
    for case in list(founding())[:3]:
        field.git("reset", "-q", "--hard", start)
        case.act(field)
        answer = judged(field)
        assert answer.accepted == (not case.reason), answer.said

"""What a hub refuses, and why: a fast share of what ``python -m bench.hostile`` pushes."""

from __future__ import annotations

import re

import pytest
from bench.hubfiles import files
from bench.hubforgeries import Case, forgeries
from bench.hubpeople import people
from bench.hubstage import Field

from .conftest import Judged

_FORGED = list(forgeries())
# Every forgery once, in one place or another.
_SHARE = [*_FORGED[::11], *list(files())[::3], *people()]


@pytest.mark.parametrize("case", _SHARE, ids=[case.name for case in _SHARE])
def test_a_hub_refuses(case: Case, field: Field, judged: Judged) -> None:
    case.act(field)
    answer = judged(field)
    assert not answer.accepted
    assert answer.named, answer.said
    assert re.search(case.reason, answer.said)

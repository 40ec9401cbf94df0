"""A few stories of clones that work apart; the proof proper is ``python -m bench.convergence``."""

from __future__ import annotations

import pytest
from bench import convergence


def test_clones_that_worked_apart_end_up_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HD_DESK", raising=False)
    convergence.prove(examples=3, steps=18)

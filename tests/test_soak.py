"""A short soak: writers side by side, killed at random, and nothing lost (bench/soak.py)."""

from __future__ import annotations

from pathlib import Path

from bench import desks
from bench.soak import broken_promises, soak


def test_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    desk = desks.empty_desk(tmp_path / "desk")
    run = soak(desk, writers=4, kills=10, seed=11, say=lambda _: None, longest=0.7)
    assert broken_promises(desk, run.acknowledged) == []
    assert [each for each in run.failed if "is at level" not in each] == []
    assert run.killed >= 10
    told = [line for file in tmp_path.glob("acknowledged-*") for line in file.read_text().split()]
    assert set(run.acknowledged) <= set(told)

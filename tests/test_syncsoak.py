"""A short soak of clones that sync under kills (bench/syncsoak.py)."""

from __future__ import annotations

from pathlib import Path

from bench.syncsoak import broken_promises, soak, stage


def test_kills_inside_a_sync_lose_nothing(tmp_path: Path) -> None:
    run = soak(stage(tmp_path), kills=4, seed=3, writers=1, longest=0.8)
    assert broken_promises(run) == []
    assert run.failed == []
    assert run.killed["sync"]

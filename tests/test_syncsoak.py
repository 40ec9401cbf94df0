"""A short soak of clones that sync under kills (bench/syncsoak.py)."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.syncsoak import broken_promises, soak, stage


def test_kills_inside_a_sync_lose_nothing(tmp_path: Path) -> None:
    clones = stage(tmp_path)
    for seed in range(3, 13):
        run = soak(clones, kills=4, seed=seed, writers=1, longest=0.8)
        assert broken_promises(run) == []
        assert run.failed == []
        if run.killed["sync"]:  # when a command dies is chance, whatever the seed
            return
    pytest.fail("no kill of forty fell into a sync")

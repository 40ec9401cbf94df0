"""A search that is killed while it builds the index leaves the next one whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

import pytest

from support import DeskFolder


@pytest.mark.parametrize("rebuilt", [True, False])
def test_whoever_was_killed_over_the_index_leaves_it_whole(
    a_desk: DeskFolder, rebuilt: bool
) -> None:
    a_desk.hd("import", "-", "-q", stdin="".join(f'{{"title": "Screen {n}"}}\n' for n in range(60)))
    for number in range(6):
        last = a_desk.new(f"Screen of a new kind {number}")
        if rebuilt:
            shutil.rmtree(a_desk.path / ".git" / "hd" / "index", ignore_errors=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "hdcli", "search", "-q", "screen"],
            cwd=a_desk.path,
            env=dict(os.environ),
            stdout=subprocess.DEVNULL,
        )
        time.sleep(0.1 + 0.04 * number)
        process.kill()
        process.wait()
        found = a_desk.hd("search", "-q", "--limit", "0", "screens").out.split()
        assert last in found
        assert len(found) == 61 + number

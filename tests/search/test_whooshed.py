"""Whoosh comes without its warnings and without what it drags in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from hdcli.search import whooshed
assert not any(each.startswith("whoosh") for each in sys.modules)
whooshed.codec(), whooshed.stemmers()
assert "urllib.request" not in sys.modules
import urllib.request
assert urllib.request.Request
"""


def test_whoosh_is_imported_late_quietly_and_alone(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env={**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)},  # nothing is compiled yet
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")

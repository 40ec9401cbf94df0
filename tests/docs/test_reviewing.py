"""What docs/reviewing.md shows is what git alone prints on a desk made by real actions."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = "docs/reviewing.md"


def test_every_command_prints_what_is_shown() -> None:
    done = subprocess.run(
        [sys.executable, "tools/transcripts.py", "--check", DOCUMENT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"see, then run python tools/transcripts.py:\n{done.stdout}"


def test_git_is_enough_and_every_command_has_an_answer() -> None:
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 20
    for block in blocks:
        typed = [line for line in block.splitlines() if line.startswith(("$ ", "> "))]
        assert typed[0].startswith("$ git ")
        assert not re.search(r"\bhd\b", "\n".join(typed).replace("hd:", ""))
        assert len(block.splitlines()) > len(typed)

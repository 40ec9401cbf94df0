"""What the documents show at a prompt is what hd prints."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "document",
    ["README.md", "docs/scripting.md", "docs/procedures.md", "docs/kb.md", "docs/suggestions.md"],
)
def test_outputs_shown_are_real(document: str) -> None:
    for tool in ("bash", "jq", "flock"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    done = subprocess.run(
        [sys.executable, "tools/transcripts.py", "--check", document],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"see, then run python tools/transcripts.py:\n{done.stdout}"


def test_a_changed_output_would_be_noticed(tmp_path: Path) -> None:
    shown = tmp_path / "shown.md"
    shown.write_text(
        "```console\n$ echo one\ntwo\n$ printf '%s\\n' 09:30 HD-7K3QF\n08:15\nHD-9FQ2X\n```\n"
    )
    done = subprocess.run(
        [sys.executable, "tools/transcripts.py", str(shown)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "-two\n+one\n" in done.stdout
    text = shown.read_text()
    assert "one\n" in text
    assert "08:15\nHD-9FQ2X\n" in text

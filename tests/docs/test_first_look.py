"""The README's first command, without the installing: the main job on real requests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "tickets" / "support.jsonl"


def first_look(folder: Path, *args: str) -> str:
    """What the script prints, with this Python's hd."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [ROOT / "examples" / "first-look.sh", *args],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def was_escalated(said: str, desk: Path) -> bool:
    """Whether the ticket that the script escalated is at level 2, in its branch and the list."""
    ticket = re.findall(r"\$ hd escalate (HD-\w+) ", said)[0]
    branch = subprocess.run(
        ["git", "log", "-1", "--format=%s", f"l2/{ticket}"],
        cwd=desk,
        capture_output=True,
        text=True,
        check=True,
    )
    return branch.stdout.startswith(f"{ticket}: escalate to level 2")


def test_a_month_is_imported_listed_queried_and_one_escalated(tmp_path: Path) -> None:
    said = first_look(tmp_path)
    assert "150 tickets imported" in said
    assert "8 of 150" in said
    assert was_escalated(said, tmp_path / "desk")


def test_it_runs_without_a_git_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
    ):
        monkeypatch.delenv(name)
    assert "you are agent 'sam'" in first_look(tmp_path, "my desk")


def test_it_leaves_a_folder_that_is_there_alone(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    with pytest.raises(AssertionError, match="desk is there already"):
        first_look(tmp_path)


def test_it_takes_real_tickets(tmp_path: Path) -> None:
    if not REAL.exists():
        pytest.skip("no shared/data beside the checkout")
    maps = ("subject=title", "category=", "priority=", "*=")
    options = [part for each in maps for part in ("--map", each)]
    said = first_look(tmp_path, "desk", str(REAL), *options)
    assert "2,976 tickets imported" in said
    assert was_escalated(said, tmp_path / "desk")


def test_the_readme_begins_with_two_commands() -> None:
    text = (ROOT / "README.md").read_text()
    install, test = text.split("```")[1].splitlines()[1:]
    assert install.endswith("&& examples/first-look.sh")
    assert "pytest" in test

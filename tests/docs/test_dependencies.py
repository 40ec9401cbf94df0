"""docs/dependencies.md against pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "dependencies.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def name_of(requirement: str) -> str:
    """The package that a requirement names."""
    return re.split(r"[<>=!~]", requirement)[0].lower()


def test_every_dependency_is_there_with_its_range_and_reason() -> None:
    rows = re.findall(
        r"^\| \[([^]]+)\]\([^)]*\) \| ([\d.]+) to [^|]+\| [^|]+\| [^|]+ \|$", DOCUMENT, re.MULTILINE
    )
    documented = {name.lower(): lowest for name, lowest in rows}
    required = {
        name_of(each): re.findall(r"[>=]=([\d.]+)", each)[0] for each in PROJECT["dependencies"]
    }
    assert documented == required


def test_every_tool_of_development_is_there() -> None:
    development = DOCUMENT.partition("## For development")[2]
    for each in PROJECT["optional-dependencies"]["dev"]:
        assert f"[{name_of(each)}]" in development

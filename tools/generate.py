"""Writes what is made from the commands: the man pages and the table that completion reads.

``python tools/generate.py`` writes them; with ``--check`` it names those that are out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path

import commandtable
import manpages

ROOT = Path(__file__).resolve().parent.parent


def made() -> dict[Path, str]:
    """Every generated file with the content it must have."""
    pages = {ROOT / "man" / name: text for name, text in manpages.pages(ROOT).items()}
    return {ROOT / "src/hdcli/data/commands.json": commandtable.table(), **pages}


def stale(files: dict[Path, str]) -> list[Path]:
    """The files that differ from what they must be, and pages of commands that are gone."""
    differing = [
        path
        for path, text in files.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    return differing + [path for path in (ROOT / "man").glob("*.1") if path not in files]


def main() -> int:
    """The exit code: 1 when something was out of date and was to be checked only."""
    files = made()
    changed = stale(files)
    for path in changed:
        print(path.relative_to(ROOT))
    if sys.argv[1:] == ["--check"]:
        return 1 if changed else 0
    for path in changed:
        if path in files:
            path.parent.mkdir(exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())

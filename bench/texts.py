"""What people ask for: the real tickets beside the checkout where they are, else the examples."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_REAL = ("support.jsonl", "lifecycles.jsonl", "french.jsonl")


def data_folder() -> Path | None:
    """Where real tickets lie: ``HD_DATA``, else ``../shared/data``; None when neither is there."""
    folder = Path(os.environ.get("HD_DATA") or ROOT.parent / "shared" / "data") / "tickets"
    return folder if folder.is_dir() else None


def source() -> str:
    """What the texts are of."""
    return "the examples" if data_folder() is None else "real tickets"


def texts() -> list[tuple[str, str]]:
    """Titles with bodies."""
    folder = data_folder()
    if folder is None:
        return list(_read(ROOT / "examples" / "october.jsonl"))
    return [pair for name in _REAL if (folder / name).exists() for pair in _read(folder / name)]


def _read(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        title = " ".join(str(record.get("title") or record.get("subject") or "").split())
        body = str(record.get("body") or record.get("text") or "").replace("\0", "")
        if title:
            yield title[:200], body[:4000]

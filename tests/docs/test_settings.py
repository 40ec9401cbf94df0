from __future__ import annotations

import re
from pathlib import Path

from hdcli.model.settings_keys import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


def test_the_page_has_every_key_and_no_other() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)
    named = {re.sub("[A-Z]+", "*", key) for key in rows}
    assert named == {".".join(path) for path in KINDS}
    assert len(rows) == len(named)

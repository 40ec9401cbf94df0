"""docs/exit-codes.md against the errors themselves."""

from __future__ import annotations

import re
from pathlib import Path

from hdcli import errors
from hdcli.errors import HdError

DOCUMENT = Path(__file__).parents[2] / "docs" / "exit-codes.md"


def test_every_error_stands_by_its_code() -> None:
    rows = re.findall(r"^\| (\d) \|[^|]*\|([^|]*)\|$", DOCUMENT.read_text(), re.MULTILINE)
    documented = {name: int(code) for code, names in rows for name in re.findall(r"`(\w+)`", names)}
    known = {
        name: each.exit_code
        for name, each in vars(errors).items()
        if isinstance(each, type) and issubclass(each, HdError)
    }
    assert documented == known
    assert [int(code) for code, _ in rows] == list(range(8))

"""The man pages: well formed, whatever the helps say."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from manpages import roff

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "man").glob("*.1"))


def rendered(source: str | None, *pages: Path) -> subprocess.CompletedProcess[str]:
    """What groff makes of pages, or of a text."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    return subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", "-Kutf8", "-P-cbou", *pages],
        input=source,
        capture_output=True,
        text=True,
        check=True,
    )


def test_groff_has_nothing_to_complain_of() -> None:
    done = rendered(None, *PAGES)
    assert done.stderr == ""
    assert done.stdout.count("\nNAME\n") == len(PAGES)


def test_the_page_of_hd_names_commands_codes_and_variables() -> None:
    page = rendered(None, ROOT / "man" / "hd.1").stdout
    for wanted in ("hd-escalate(1)", "EXIT STATUS", "no such ticket", "HD_AGENT", "desk.yaml"):
        assert wanted in page


@pytest.mark.parametrize("text", [r".TH \n a\b", "'quoted' -x --long", "C:\\temp\\nas", ".", "…×"])
def test_any_text_is_shown_as_it_is(text: str) -> None:
    page = rendered(f".TH T 1\n.SH NAME\n.nf\n{roff(text)}\n.fi\n").stdout
    shown = page.split("NAME\n")[1].split("\n")[0].strip()
    assert shown == text.replace("…", "...")

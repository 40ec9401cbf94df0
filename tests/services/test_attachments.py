from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.services.attachments import clean_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\photo 1.JPG", "photo-1.JPG"),
        ("résumé (2).doc", "résumé-(2).doc"),
        ("हिन्दी.txt", "हिन्दी.txt"),
        ("日本語", "日本語"),
        (".bashrc", "bashrc"),
        ("", "file"),
        ("...", "file"),
        ("a.b.c.tar.gz", "a.b.c.tar.gz"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
        ("x" * 119 + "-y", "x" * 119),
        ("x." + "y" * 300, "x." + "y" * 118),
    ],
)
def test_keeps_what_a_name_says(name: str, expected: str) -> None:
    assert clean_name(name) == expected


@given(st.text(max_size=300))
def test_no_name_trips_a_shell_or_a_file_system(name: str) -> None:
    cleaned = clean_name(name)
    assert 1 <= len(cleaned.encode()) <= 120
    assert cleaned[0] not in ".-"
    assert cleaned.isprintable()
    assert not set(cleaned) & set("/\\ \t\n'\"*?<>|:;&$`!#%~")
    assert clean_name(cleaned) == cleaned

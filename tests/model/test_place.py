"""What a file is to the desk, by its path."""

from __future__ import annotations

import pytest

from hdcli.model.place import attachment_problem, kind_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("desk.yaml", "settings"),
        ("tickets/7k/HD-7K3QF.yaml", "ticket"),
        ("kb/reset-password.yaml", "article"),
        ("canned/greeting.yaml", "canned"),
        ("attachments/7k/HD-7K3QF/2cf24dba5fb0-été.txt", "attachment"),
        (".gitattributes", "other"),
        ("README.md", "other"),
        ("docs/desk.yaml", "other"),
        ("kb/picture.png", "other"),
        ("tickets/7j/HD-7K3QF.yaml", "stray"),
        ("tickets/7k/HD-7K3QF.yml", "stray"),
        ("attachments/7k/HD-7K3QF/x", "stray"),
        ("attachments/7k/HD-7K3QF/2cf24dba5fb0-a\nb", "stray"),
        ("attachments/00/HD-7K3QF/2cf24dba5fb0-x", "stray"),
        ("kb/Reset.yaml", "stray"),
        ("TICKETS/x", "stray"),
        ("desk.YAML", "stray"),
        ("tickets", "stray"),
        ("a\\b", "stray"),
        ("\udcff", "stray"),
        ("x" * 2000, "stray"),
    ],
)
def test_kinds(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_an_attachment_holds_what_its_name_says() -> None:
    path = "attachments/7k/HD-7K3QF/2cf24dba5fb0-x"
    assert attachment_problem(path, b"hello") == ""
    assert attachment_problem(path, b"hallo") != ""

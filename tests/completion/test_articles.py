"""Articles are completed by slug, with their titles."""

from __future__ import annotations

import pytest

from hdcli.completion.answer import answer
from procedures import install
from support import DeskFolder


@pytest.fixture(autouse=True)
def _desk(monkeypatch: pytest.MonkeyPatch, a_desk: DeskFolder) -> None:
    monkeypatch.setenv("HD_DESK", str(a_desk.path))
    for slug, state in (("vpn", "published"), ("wifi", "draft"), ("fax", "archived")):
        install(a_desk, f"slug: {slug}\ntitle: About {slug}\nstate: {state}\nbody: x\n", slug)
    a_desk.hd("list")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("kb", "show", ""), ["fax", "vpn", "wifi"]),
        (("kb", "show", "vpn", ""), ["fax", "wifi"]),
        (("kb", "show", "vpn,"), ["vpn,fax", "vpn,wifi"]),
        (("kb", "publish", ""), ["fax", "wifi"]),
        (("kb", "archive", ""), ["vpn", "wifi"]),
        (("log", "fa"), ["fax"]),
        (("undo", "w"), ["wifi"]),
        (("kb", "helpful", "v"), ["vpn"]),
        (("resolve", "7k3", "--article", ""), ["vpn"]),
        (("kb", "link", "vpn", "--translation", ""), ["wifi"]),
        (("kb", "list", "--audience", ""), ["public", "agents"]),
        (("search", "has:pro"), ["has:procedure"]),
        (("search", "proc"), ["procedure:"]),
    ],
)
def test_those_that_the_command_can_take(line: tuple[str, ...], expected: list[str]) -> None:
    found = [each.partition("\t")[0] for each in answer(line).splitlines()[1:]]
    assert found == expected


def test_with_their_titles() -> None:
    assert answer(["kb", "show", "vp"]) == "words\nvpn\tAbout vpn\n"

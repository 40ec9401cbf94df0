"""What is completed where somebody follows a procedure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hdcli.completion.answer import answer
from procedures import UNLOCK, following, install
from support import DeskFolder

Words = Callable[..., list[str]]


@pytest.fixture
def ticket(monkeypatch: pytest.MonkeyPatch, a_desk: DeskFolder) -> str:
    """A ticket that follows one, on the desk that is completed on."""
    monkeypatch.setenv("HD_DESK", str(a_desk.path))
    install(a_desk)
    install(
        a_desk, UNLOCK.replace("slug: unlock", "slug: raw").replace("published", "draft"), "raw"
    )
    found = following(a_desk)
    a_desk.hd("list")
    return found


def words(*line: str) -> list[str]:
    kind, *lines = answer(line).splitlines()
    assert kind == "words"
    return lines


def test_a_step_takes_ids_then_numbers_and_outcomes(ticket: str) -> None:
    assert words("step", "") == [f"{ticket}\tLocked out"]
    found = words("step", ticket, "")
    assert found[:4] == [
        "done\twhat it expects is so",
        "skip\tit does not apply",
        "fail\twhat it expects is not so",
        "1\tCall back on the number in the directory",
    ]
    assert len(found) == 9
    # A random id may begin so too.
    assert words("step", ticket[3:], "fai") == ["fail\twhat it expects is not so"]
    assert [each[:4] for each in words("step", ticket, "3", "")] == ["done", "skip", "fail"]
    assert words("step", "@", "don") == ["done\twhat it expects is so"]
    assert words("step", ticket, "done", "") == []


def test_procedures_are_known_by_their_titles(ticket: str) -> None:
    assert words("procedure", "start", ticket, "") == ["unlock\tUnlock an account"]
    assert words("procedure", "show", "unl") == ["unlock\tUnlock an account"]
    assert words("procedure", "show", ticket[:5]) == [f"{ticket}\tLocked out"]
    assert words("list", "procedure:") == ["procedure:unlock\tUnlock an account"]
    assert words("procedure", "list", "--category", "acco")[0].startswith("account")
    assert words("procedure", "list", "--language", "") == ["en\tEnglish", "fr\tFrench"]

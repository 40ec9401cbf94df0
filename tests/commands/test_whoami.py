from __future__ import annotations

import json
from pathlib import Path

import pytest

from hdcli.errors import NoIdentity, NotADesk
from support import DeskFolder, run_hd


def test_says_who_of_which_teams_and_how_it_is_known(a_desk: DeskFolder) -> None:
    assert a_desk.hd("whoami").out.splitlines() == [
        "alice: Alice Martin",
        "teams    desk",
        "levels   1",
        "commits  as Alice Martin <alice@example.org>",
        "known    from GIT_AUTHOR_EMAIL",
    ]


def test_the_option_wins_over_the_variable_and_that_over_git(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HD_AGENT", "bob")
    assert "known    from HD_AGENT" in a_desk.hd("whoami").out
    assert a_desk.hd("whoami", "-q").out == "bob\n"
    assert a_desk.hd("whoami", "-q", agent="carol").out == "carol\n"
    assert "known    from --as" in a_desk.hd("whoami", agent="carol").out


def test_names_the_file_that_git_has_the_address_from(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    a_desk.git("config", "user.name", "Bob at home")
    a_desk.git("config", "user.email", "BOB@example.org")
    out = a_desk.hd("whoami").out
    assert out.startswith("bob: Bob Ndiaye\n")
    assert "commits  as Bob at home <BOB@example.org>\n" in out
    assert f"known    from user.email in {a_desk.path}/.git/config\n" in out


def test_json_has_it_all(a_desk: DeskFolder) -> None:
    found = json.loads(a_desk.hd("whoami", "--json", agent="carol").out)
    assert found == {
        "format": 1,
        "agent": {
            "handle": "carol",
            "name": "Carol Weber",
            "emails": ["carol@example.org"],
            "teams": ["systems", "apps"],
            "levels": [2],
            "author": "Carol Weber <carol@example.org>",
            "source": "--as",
        },
    }


def test_a_stranger_gets_the_command_that_adds_them(
    a_desk: DeskFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Zoe Klein")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "zoe@example.org")
    ran = a_desk.hd("whoami", code=NoIdentity.exit_code)
    assert ran.out == ""
    assert "hd agent add zoe makes you one" in ran.err
    a_desk.hd("agent", "add", "zoe")
    assert a_desk.hd("whoami", "-q").out == "zoe\n"


def test_outside_a_desk_there_is_nobody(tmp_path: Path) -> None:
    assert run_hd("whoami").code == NotADesk.exit_code

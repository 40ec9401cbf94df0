"""Start-up time is a feature: what the quickest commands must not load."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from support import DeskFolder

HEAVY = {"git", "ruamel", "tabulate", "wcwidth", "importlib.metadata", "hypothesis"}
IDLE = HEAVY | {"sqlite3", "hdcli.store", "hdcli.services", "hdcli.model", "hdcli.commands"}
NO_CLICK = HEAVY | {"click", "hdcli.cli", "hdcli.app", "hdcli.commands", "hdcli.services"}


PROGRAM = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, sep="\\n", file=sys.stderr))
sys.argv[0] = "hd"
from hdcli.__main__ import main
main()
"""


def loaded(desk: DeskFolder, *args: str, **env: str) -> set[str]:
    """Every module that a process of hd has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *args],
        cwd=desk.path,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines())


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_no_command(a_desk: DeskFolder, option: str) -> None:
    assert not loaded(a_desk, option) & IDLE


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        (["list"], {"tabulate"}),
        (["list", "--json"], set()),
        (["show", "@"], {"ruamel"}),
        (["note", "@", "--message", "x"], {"ruamel"}),  # click loads difflib for a -m
    ],
)
def test_everyday_commands_load_what_they_need(
    a_desk: DeskFolder, line: list[str], needed: set[str]
) -> None:
    a_desk.new()
    a_desk.hd("list")
    assert not loaded(a_desk, *line) & (HEAVY | {"difflib"}) - needed


@pytest.mark.parametrize(
    "line",
    [["esc"], ["show", "7"], ["escalate", "7k3", "--team", ""], ["tag", "7k3", "+"], ["list", "s"]],
)
def test_completion_loads_neither_click_nor_commands(a_desk: DeskFolder, line: list[str]) -> None:
    assert not loaded(a_desk, *line, _HD_COMPLETE="1") & NO_CLICK


def test_a_command_loads_no_other(a_desk: DeskFolder) -> None:
    modules = loaded(a_desk, "note", "--help")
    assert {m for m in modules if m.startswith("hdcli.commands.")} == {"hdcli.commands.talk"}


def test_a_script_that_opens_a_ticket_pays_nothing_for_suggestions(a_desk: DeskFolder) -> None:
    modules = loaded(a_desk, "new", "Printer jams")
    assert not {each for each in modules if each.startswith(("whoosh", "hdcli.search.alike"))}
    assert "hdcli.services.hints" not in modules

"""Every test runs against real git, in a home of its own, with nothing of the machine's."""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from support import AGENT, TEAMMATES, DeskFolder, run_hd

# The suite is run all day: half as many examples as usual; HD_FULL=1 has all of them.
settings.register_profile("brief", settings(), max_examples=50, deadline=None)
if not os.environ.get("HD_FULL"):
    settings.load_profile("brief")


def pytest_collection_finish() -> None:
    """What is there by now lasts to the end: it need not be looked through for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _hermetic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("GIT_", "HD_", "XDG_")) or name in ("NO_COLOR", "PAGER", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    # hd in a process of its own need not be compiled each time.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    for name, value in {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TEST_FSYNC": "0",  # git need not wait for the disk; test_durable.py has it wait
        "GIT_EDITOR": "false",
        "EDITOR": "false",
        "VISUAL": "",
        "GIT_AUTHOR_NAME": AGENT[0],
        "GIT_AUTHOR_EMAIL": AGENT[1],
        "GIT_COMMITTER_NAME": AGENT[0],
        "GIT_COMMITTER_EMAIL": AGENT[1],
        "GIT_CEILING_DIRECTORIES": str(tmp_path),
        "TZ": "Europe/Paris",
        "COLUMNS": "100",
    }.items():
        monkeypatch.setenv(name, value)
    time.tzset()  # what runs in this process is in Paris too
    monkeypatch.chdir(tmp_path)


def _made(desk: DeskFolder, *options: str) -> None:
    assert run_hd("init", str(desk.path), *options).code == 0
    if "--bare" not in options:
        settings = desk.path / "desk.yaml"
        text = settings.read_text()
        settings.write_text(text.replace("    teams: [desk]\n", f"    teams: [desk]\n{TEAMMATES}"))
        desk.git("commit", "-qam", "agents")


@pytest.fixture(scope="session")
def _models(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Desks to copy, which takes a fifth of the time of making one: one for all tests that want
    the same, in the same environment."""
    found: dict[tuple[str, ...], Path] = {}

    def model(name: str, *options: str) -> Path:
        said = (f"{key}={value}" for key, value in sorted(os.environ.items()) if key[:4] == "GIT_")
        key = (name, *options, *(each for each in said if "CEILING" not in each))
        if key not in found:
            found[key] = tmp_path_factory.mktemp("model") / name
            _made(DeskFolder(found[key]), *options)
        return found[key]

    return model


@pytest.fixture
def make_desk(tmp_path: Path, _models: Callable[..., Path]) -> Callable[..., DeskFolder]:
    """A factory of desks: you are alice (desk); bob (network), carol (systems, apps)."""

    def make(name: str = "desk", *options: str) -> DeskFolder:
        desk = DeskFolder(tmp_path / name)
        if any((tmp_path / "home").iterdir()):  # git's own configuration has a say
            _made(desk, *options)
            return desk
        model = _models(name, *options)
        shutil.copytree(model, desk.path, symlinks=True, ignore=shutil.ignore_patterns("*.sample"))
        if "--bare" not in options:
            desk.git("update-index", "-q", "--refresh")  # as if git had written the files
        return desk

    return make


@pytest.fixture
def a_desk(make_desk: Callable[..., DeskFolder]) -> DeskFolder:
    """A desk with three agents, and nothing in it."""
    return make_desk()

"""A hub and a clone of it, made by git alone; pushes judged in this process as the hook would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bench.hubstage import Answer, Field, copied, dressed

from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket
from hdcli.services.hub import receive
from hdcli.services.setup import GITATTRIBUTES, template
from hdcli.store.clone import configure
from hdcli.store.discover import discover, repository_at
from hdcli.store.hub import Update, tips

IDS = {"old": "HD-0PQRS", "plain": "HD-7K3QX", "up": "HD-VPN22", "into": "HD-MA1X0"}
_OPENED = {"title": "Printer jams", "status": "new", "level": 1, "impact": "medium"}


def _desk() -> str:
    text = template("en")
    for name, value in {
        "@NAME@": "Support",
        "@PREFIX@": "HD",
        "@HANDLE@": "alice",
        "@PERSON@": "Alice Martin",
        "@EMAIL@": "alice@example.org",
    }.items():
        text = text.replace(name, value)
    return text


def _tell(field: Field, name: str, number: int, who: str, **values: object) -> None:
    """One more entry, by its author."""
    there = field.path / field.place(name)
    log = field.ticket(name).log if there.exists() else ()
    made = Entry(f"{number:04d}-{who[:1] * 6}", f"2026-01-01T00:00:0{number}Z", who, "note")
    log = (*log, replace(made, **values))  # type: ignore[arg-type]
    field.put(Ticket(IDS[name], fold(log), log))
    field.commit(f"{IDS[name]}: note", who=who)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Field:
    """alice leads, bob and carol work, ivan takes in, rita reads, olaf is gone."""
    folder = tmp_path_factory.mktemp("hub")
    field = Field(folder / "hub.git", folder / "clone", IDS)
    field.path.mkdir()
    field.git("init", "-q", "-b", "main")
    field.write("desk.yaml", _desk())
    field.write(".gitattributes", GITATTRIBUTES)
    field.commit("desk: open", who="alice")
    field.write("desk.yaml", dressed(_desk(), leads=True))
    field.commit("desk: agents", who="alice")
    for name in ("old", "plain", "into", "up"):
        title = "Monitor flickers" if name == "old" else "Printer jams"
        opened = {"action": "new", "body": "Since Monday", "set": {**_OPENED, "title": title}}
        _tell(field, name, 1, "alice", **opened)
        _tell(field, name, 2, "bob", body="Looked at it", set={"priority": "high"})
        _tell(field, name, 3, "carol", body="So did I", add={"tags": ["paper"]})
    _tell(field, "up", 4, "bob", action="escalate", set={"level": 2, "status": "open"})
    field.git("branch", f"l2/{IDS['up']}")
    field.write("canned/hello.yaml", "title: Hello\nbody: Good morning\n")
    field.write("kb/reset-a-password.yaml", "slug: reset-a-password\ntitle: R\nstate: draft\n")
    field.write(f"attachments/7k/{IDS['plain']}/2cf24dba5fb0-log.txt", "hello")
    path = f"attachments/7k/{IDS['plain']}/2cf24dba5fb0-log.txt"
    _tell(field, "plain", 4, "bob", action="attach", add={"attachments": [path]})
    configure(discover(field.path).repository)
    field.git("clone", "-q", "--bare", str(field.path), str(field.hub))
    field.git("gc", "-q")
    return field


@pytest.fixture
def field(stage: Field, tmp_path: Path) -> Field:
    """A copy for one push."""
    return copied(stage, tmp_path / "field")


Judged = Callable[..., Answer]


@pytest.fixture
def judged() -> Judged:
    """Has the refs of a field's clone judged by its hub, main alone or those named."""
    return judge


def judge(field: Field, *branches: str) -> Answer:
    """What the hub would say of a push of branches; of a forced one too (``+main``)."""
    objects = ("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(field.path / ".git" / "objects"))
    hub = replace(repository_at(field.hub), variables=(objects,))
    there, here = tips(hub), tips(repository_at(field.path))
    pushed = [
        Update(there.get(name, ""), here.get(name, ""), f"refs/heads/{name}")
        for name in (branches or ("main",))
    ]
    said = "\n".join(f"remote: {each}" for each in receive(hub, pushed))
    return Answer(not said, said)

"""Pushes of files that nothing of a desk may be like, and by people who may not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from bench.hubforgeries import Case
from bench.hubstage import Field

_ARTICLE = "kb/reset-a-password.yaml"
_BOMB = "id: HD-00001\ntitle: &a [x, x]\nstatus: *a\n"
_HASH = "0123456789ab"


def _files() -> Iterator[tuple[str, str, str | bytes, str]]:
    """A file that is added: what it is, its path, its content, and the reason."""
    new = "id: HD-7K3QF\ntitle: T\nstatus: new\nlevel: 1\n"
    path = "tickets/7k/HD-7K3QF.yaml"
    yield "no YAML", path, "id: [", "not valid YAML"
    yield "no mapping", path, "- a\n", "a ticket is a mapping"
    yield "another id", path, new.replace("7K3QF", "7K3QG"), "the id in it is HD-7K3QG"
    yield "no title", path, "id: HD-7K3QF\nstatus: new\nlevel: 1\n", "'title' is missing"
    yield "a status of its own", path, new.replace("new", "maybe"), "'status' must be one of"
    yield "anchors", path, _BOMB, "anchors"
    yield "a tag", path, new + "x: !!python/object:os.system {}\n", "tag"
    yield "deep", path, new + "x: " + "[" * 60 + "]" * 60 + "\n", "nested"
    yield "UTF-16", path, new.encode("utf-16"), "UTF-16"
    yield "not UTF-8", path, new.encode() + b"x: \xff\n", "not valid YAML"
    yield "twice a key", path, new + "title: U\n", "is there twice"
    yield "an entry twice", path, new + _log("bob") + _log("bob")[5:], "is there twice"
    yield "an entry without time", path, new + "log:\n- id: 0001-abcdef\n", "'at' must be text"
    yield "larger than YAML may be", path, new + "x: " + "y" * 8_100_000 + "\n", "larger than"
    yield "markers", path, new + "<<<<<<< HEAD\n", "conflict markers"
    yield "markers in an article", "kb/a.yaml", _article("<<<<<<< HEAD"), "conflict markers"
    yield "an article's state", "kb/a.yaml", "slug: a\ntitle: A\nstate: x\n", "'state' must be"
    yield "another slug", "kb/a.yaml", "slug: b\ntitle: A\nstate: draft\n", "the slug in it is b"
    yield "a canned reply", "canned/x.yaml", "a: [", "not valid YAML"
    yield "a wrong folder", "tickets/00/HD-7K3QF.yaml", new, "nothing of a desk may lie there"
    yield "no folder", "tickets/HD-7K3QF.yaml", new, "nothing of a desk may lie there"
    yield "no ticket", "tickets/README.md", "hello", "nothing of a desk may lie there"
    yield "lower case", "tickets/7k/hd-7k3qf.yaml", new, "nothing of a desk may lie there"
    yield "another case", "Tickets/7k/HD-7K3QF.yaml", new, "nothing of a desk may lie there"
    yield "settings in capitals", "Desk.yaml", "name: x\n", "may be called so"
    yield "an article too deep", "kb/a/b.yaml", "slug: b\n", "nothing of a desk may lie there"
    yield "an article's name", "kb/A_b.yaml", "slug: A_b\n", "nothing of a desk may lie there"
    yield "a canned folder", "canned/a/b.yaml", "a: b\n", "nothing of a desk may lie there"
    yield "a control character", "kb/a\x1b[31m.md", "x", "nothing of a desk"
    yield "a line end", "a\nb.md", "x", "may be called so"
    attached = f"attachments/7k/HD-7K3QF/{_HASH}-x.txt"
    yield "another content", attached, "hello", "does not hold what its name says"
    yield "an attachment's folder", attached.replace("/7k/", "/00/"), "x", "nothing of a desk"
    yield "no hash", "attachments/7k/HD-7K3QF/x.txt", "x", "nothing of a desk may lie there"
    yield "too large", "canned/big.md", os.urandom(1_000_001), "larger than 1 MB"
    yield "an agent's README", "README.md", "hello", "only a lead may change it"
    yield "a workflow", ".github/workflows/x.yml", "on: push\n", "only a lead may change it"


def _article(body: str) -> str:
    return f"slug: a\ntitle: A\nstate: draft\nbody: |\n  x\n  {body}\n"


def _log(by: str) -> str:
    at = "2026-01-01T00:00:00Z"
    entry = f"- {{id: 0001-abcdef, at: '{at}', by: {by}, action: note}}\n"
    return f"log:\n{entry}"


def _adding(path: str, content: str | bytes) -> Callable[[Field], None]:
    def act(field: Field) -> None:
        if "big" in path:
            field.replace("desk.yaml", "fields: []", "fields: []\nmax_file: 1")
            field.commit("desk: max_file", who="alice")
        field.write(path, content)
        field.commit(f"Add {path!r}")

    return act


def files() -> Iterator[Case]:
    """Files that are added, changed, removed, or are no plain files."""
    for name, path, content, reason in _files():
        yield Case(name, _adding(path, content), reason)
    for name in ("plain", "up", "old"):
        yield Case(f"ticket removed: {name}", _removing(name), "the ticket was removed")
    yield Case("ticket moved", _moving, "the ticket was removed")
    yield Case("article removed", _git("rm", "-q", _ARTICLE), "the article was removed")
    yield Case("settings removed", _git("rm", "-q", "desk.yaml"), "settings were removed")
    yield Case("attachment removed", _git("rm", "-rq", "attachments"), "its ticket still names it")
    yield Case("settings by an agent", _settings("language: en", "language: fr"), "only a lead")
    yield Case("agent made lead", _settings("teams: [network]", "role: lead"), "only a lead")
    yield Case(
        "settings unreadable", _settings("format: 1", "format: [", "alice"), "not valid YAML"
    )
    yield Case("settings wrong", _settings("format: 1", "format: x", "alice"), "must be a number")
    yield Case("merge driver gone", _git("rm", "-q", ".gitattributes"), "only a lead")
    yield Case("symbolic link", _linked, "a symbolic link")
    yield Case("link to outside", _linked_out, "a symbolic link")
    yield Case("program", _program, "a program")
    yield Case("submodule", _submodule, "a submodule")
    yield Case("all tickets gone", _git("rm", "-rq", "tickets"), "the ticket was removed")
    yield Case("tickets a file", _tickets_a_file, "nothing of a desk may lie there")


def _removing(name: str) -> Callable[[Field], None]:
    def act(field: Field) -> None:
        field.git("rm", "-q", field.place(name))
        field.commit("Remove it")

    return act


def _git(*args: str) -> Callable[[Field], None]:
    def act(field: Field) -> None:
        field.git(*args)
        field.commit("Tidy up")

    return act


def _moving(field: Field) -> None:
    text = field.read(field.place("plain")).replace(field.ids["plain"], "HD-7K3QF")
    field.git("rm", "-q", field.place("plain"))
    field.write("tickets/7k/HD-7K3QF.yaml", text)
    field.commit("Move it")


def _settings(old: str, new: str, who: str = "bob") -> Callable[[Field], None]:
    def act(field: Field) -> None:
        field.replace("desk.yaml", old, new)
        field.commit("desk: settings", who=who)

    return act


def _linked(field: Field) -> None:
    place = field.path / field.place("plain")
    place.unlink()
    place.symlink_to("../../desk.yaml")
    field.commit("Link it")


def _linked_out(field: Field) -> None:
    (field.path / "canned" / "x.yaml").symlink_to("/etc/passwd")
    field.commit("Link it")


def _program(field: Field) -> None:
    (field.path / field.place("plain")).chmod(0o755)
    field.commit("Run it")


def _submodule(field: Field) -> None:
    head = field.git("rev-parse", "HEAD")
    field.git("update-index", "--add", "--cacheinfo", f"160000,{head},kb/other")
    field.git("commit", "-qm", "Take it along")


def _tickets_a_file(field: Field) -> None:
    field.git("rm", "-rq", "tickets")
    field.write("tickets", "none")
    field.commit("Tidy up")

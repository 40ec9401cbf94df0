from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import damaging
from hdcli.store import objectdamage, objectrescue, skeleton
from support import DeskFolder

Damaged = Callable[[DeskFolder, str], object]


@pytest.fixture
def desk(a_desk: DeskFolder, tmp_path: Path) -> DeskFolder:
    """A desk with a ticket at level 2, and a remote that has all of it."""
    return damaging.with_remote(a_desk, tmp_path / "hub.git")


def rescued(desk: DeskFolder) -> objectrescue.Rescue:
    repository = skeleton.found(desk.path).repository
    return objectrescue.rescue(repository, objectdamage.damage(repository))


def file_of(desk: DeskFolder) -> str:
    return desk.git("ls-tree", "-r", "--name-only", "main", "tickets/")


def old_version(desk: DeskFolder) -> str:
    return f"main~1:{file_of(desk)}"


DAMAGE: dict[str, Damaged] = {
    "truncated": lambda desk, what: os.truncate(damaging.loose(desk, what), 20),
    "emptied": lambda desk, what: os.truncate(damaging.loose(desk, what), 0),
    "overwritten": lambda desk, what: damaging.loose(desk, what).write_bytes(b"garbage"),
    "missing": lambda desk, what: damaging.loose(desk, what).unlink(),
    "another's": lambda desk, what: shutil.copy(
        damaging.loose(desk, "main:.gitattributes"), damaging.loose(desk, what)
    ),
}
WHAT = ["main", "main~1", "main^{tree}", "main~1:tickets", "main:desk.yaml", "old version"]


@pytest.mark.parametrize(("how", "what"), [*zip([*DAMAGE, "missing"], WHAT, strict=True)])
def test_a_lost_object_is_fetched_back_and_nothing_else_changes(
    desk: DeskFolder, how: str, what: str
) -> None:
    before = damaging.state(desk)
    name = old_version(desk) if what == "old version" else what
    DAMAGE[how](desk, name)
    repository = skeleton.found(desk.path).repository
    (said,) = [each.said(oid) for oid, each in objectdamage.damage(repository).lost.items()]
    outcome = rescued(desk)
    assert any(line.startswith(f"{said} is back, from ") for line in outcome.done), outcome
    assert not outcome.left
    assert damaging.state(desk) == before
    assert desk.clean()
    assert desk.git("fsck", "--no-dangling") == ""
    kept = [*skeleton.kept(repository).glob("*")]
    assert len(kept) == (how != "missing")


@pytest.mark.parametrize(
    "broken",
    [
        lambda desk: damaging.flip(damaging.packed(desk), 300),
        lambda desk: damaging.flip(damaging.packed(desk), -5),
        lambda desk: os.truncate(damaging.packed(desk), 900),
        lambda desk: damaging.packed(desk, ".idx").unlink(),
        lambda desk: damaging.flip(damaging.packed(desk, ".idx"), 1100),
        lambda desk: damaging.packed(desk).unlink(),
    ],
)
def test_a_damaged_pack_gives_what_it_can_and_the_rest_is_fetched(
    desk: DeskFolder, broken: Callable[[DeskFolder], None]
) -> None:
    before = damaging.state(desk)
    broken(desk)
    assert not rescued(desk).left
    assert damaging.state(desk) == before
    assert desk.git("fsck", "--no-dangling") == ""


def test_what_the_files_and_the_index_still_have_needs_no_remote(desk: DeskFolder) -> None:
    desk.git("remote", "remove", "origin")
    before = damaging.state(desk)
    for name in (f"main:{file_of(desk)}", "main:tickets", "main^{tree}"):
        damaging.loose(desk, name).write_bytes(b"")
    outcome = rescued(desk)
    assert not outcome.left
    assert {line.partition("from ")[2] for line in outcome.done} == {"the work tree", "the index"}
    assert damaging.state(desk) == before


def test_what_nobody_has_stays_as_it_is_and_is_named(desk: DeskFolder) -> None:
    desk.git("remote", "set-url", "origin", str(desk.path / "nowhere"))
    name = old_version(desk)
    oid = desk.git("rev-parse", name)
    place = damaging.loose(desk, name)
    place.write_bytes(b"garbage")
    outcome = rescued(desk)
    assert any("origin could not help" in line for line in outcome.refused)
    assert outcome.left.lost[oid].where.endswith(file_of(desk))
    assert place.read_bytes() == b"garbage"


def test_a_damaged_object_that_nothing_needs_is_put_aside(desk: DeskFolder) -> None:
    (desk.path.parent / "stray").write_text("of no use")
    oid = desk.git("hash-object", "-w", "../stray")
    damaging.loose(desk, oid).write_bytes(b"garbage")
    outcome = rescued(desk)
    assert outcome.done == [f"object {oid[:10]} is put aside: nothing needs it"]
    assert not outcome.left
    assert desk.git("fsck", "--no-dangling") == ""


def test_a_remote_that_serves_no_single_objects_is_fetched_whole(desk: DeskFolder) -> None:
    desk.git("config", "protocol.version", "0")
    before = damaging.state(desk)
    for place in [damaging.loose(desk, each) for each in ("main~1", old_version(desk))]:
        place.unlink()
    assert not rescued(desk).left
    assert damaging.state(desk) == before


def test_damaged_graphs_and_indexes_of_packs_are_removed(desk: DeskFolder) -> None:
    damaging.packed(desk)
    desk.git("multi-pack-index", "write")
    desk.git("commit-graph", "write", "--reachable", "--split")
    (graph,) = (desk.path / ".git/objects/info/commit-graphs").glob("*.graph")
    before = damaging.state(desk)
    for place in (graph, desk.path / ".git/objects/pack/multi-pack-index"):
        place.chmod(0o644)
        damaging.flip(place, 200)
    assert not rescued(desk).left
    assert damaging.state(desk) == before

"""Damage to a desk's repository, made as disks and power cuts make it."""

from __future__ import annotations

from pathlib import Path

from support import DeskFolder


def with_remote(desk: DeskFolder, hub: Path) -> DeskFolder:
    """The desk with a ticket at level 2, and a remote that has all of it."""
    ticket = desk.new("No network")
    desk.hd("escalate", ticket, "-m", "Beyond us")
    desk.git("clone", "-q", "--bare", "--no-hardlinks", ".", str(hub))
    desk.git("remote", "add", "origin", f"../{hub.name}")
    desk.git("fetch", "-q")
    return desk


def loose(desk: DeskFolder, revision: str) -> Path:
    """The file of a loose object, made writable."""
    oid = desk.git("rev-parse", revision)
    place = desk.path / ".git/objects" / oid[:2] / oid[2:]
    place.chmod(0o644)
    return place


def packed(desk: DeskFolder, ending: str = ".pack") -> Path:
    """The one pack that all objects are put into, or what belongs to it; made writable."""
    desk.git("repack", "-adq")
    (place,) = (desk.path / ".git/objects/pack").glob(f"*{ending}")
    place.chmod(0o644)
    return place


def flip(place: Path, at: int) -> None:
    """Changes a byte of a file."""
    data = bytearray(place.read_bytes())
    data[at] ^= 0xFF
    place.write_bytes(data)


def state(desk: DeskFolder) -> tuple[str, str, dict[str, bytes]]:
    """What must be the same after a repair: every ref, every object, every file in sight."""
    files = {
        place.relative_to(desk.path).as_posix(): place.read_bytes()
        for place in desk.path.rglob("*")
        if place.is_file() and ".git" not in place.relative_to(desk.path).parts
    }
    objects = desk.git("rev-list", "--objects", "--all", "--no-object-names")
    return desk.git("for-each-ref"), "\n".join(sorted(objects.split())), files

"""What ``hd fsck`` says about the work tree and about files that were left lying about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hdcli.errors import BadData, HdError
from hdcli.model.finding import Finding
from hdcli.store import codec, edits, leftovers
from hdcli.store.desk import Desk


def at_large(desk: Desk) -> Iterator[Finding]:
    """What is to be said about the work tree, and about what was left lying about."""
    repository = desk.place.repository
    for each in edits.edited(repository):
        yield from _edited(desk, each)
    for place in leftovers.scratch(repository):
        message, remedy = "left by a program that was stopped", "hd fsck --repair removes it"
        yield Finding("warning", _inside(desk, place), 0, message, remedy, "scratch")
    for place in leftovers.texts(repository):
        message = "a text that somebody typed and that was not committed"
        yield Finding("note", _inside(desk, place), 0, message, "read it, and remove it")


def _inside(desk: Desk, place: Path) -> str:
    repository = desk.place.repository
    top = repository.work_tree or repository.git_dir
    return place.relative_to(top).as_posix() if place.is_relative_to(top) else str(place)


def _edited(desk: Desk, each: edits.Edited) -> Iterator[Finding]:
    if each.kind == "other":
        return
    repository = desk.place.repository
    try:
        text = edits.text(repository, each.path)
        if text is not None and each.kind == "ticket":
            codec.read_ticket(text, each.path)
        elif text is not None and each.kind == "article":
            codec.read_article(text, each.path)
        elif text is not None and each.kind == "settings":
            codec.read_settings(text)
    except BadData as error:
        reason = f"{error.reason} (not committed)"
        yield Finding("error", each.path, error.line, reason, error.remedy)
    except HdError as error:
        yield Finding("error", each.path, 0, error.message, error.remedy)
    else:
        yield _waiting(each, text)


def _waiting(each: edits.Edited, text: bytes | None) -> Finding:
    if each.kind == "stray":
        return Finding("note", each.path, 0, "below tickets/, and no ticket", "move or remove it")
    if text is None and each.kind in ("ticket", "article"):
        return Finding("warning", each.path, 0, "deleted by hand", f"git restore {each.path}")
    message = "edited by hand and not committed"
    return Finding("note", each.path, 0, message, f"hd commit {each.path}")

"""The outbox as a table, a run of the sender in lines, mails as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hdcli.render.table import Column
from hdcli.render.text import safe, safe_block

if TYPE_CHECKING:
    from hdcli.render.look import Look
    from hdcli.services.notify.preview import Seen
    from hdcli.services.notify.report import Report
    from hdcli.store.outbox import Notice

HEADERS = (
    Column("KEY"),
    Column("STATE"),
    Column("EVENT"),
    Column("TICKET"),
    Column("TO", weight=1),
    Column("WHEN", drop=1),
    Column("SAID", weight=1, drop=2),
)


def rows(found: Iterable[Notice], look: Look, *, when: bool) -> Iterator[tuple[str, ...]]:
    """A row each; ``when`` says when it is due, or what it became."""
    from datetime import UTC, datetime

    from hdcli.model.dates import format_utc

    for each in found:
        at = each.due if each.state == "queued" else each.at
        said = look.short(format_utc(datetime.fromtimestamp(at, UTC))) if when and at else ""
        yield (
            each.key[:8],
            each.state,
            each.event,
            each.ticket,
            each.recipient or "-",
            said,
            each.said,
        )


def lines(done: Report) -> Iterator[str]:
    """What a run did, for people."""
    if done.began:
        yield "this clone sends from now on; nothing is told of what was before"
    for each in done.sent:
        yield f"sent {each.event} to {each.recipient}{_about(each)}"
    if not (done.began or done.sent or done.planned or done.waiting):
        yield "nothing to send"
    elif done.waiting:
        yield f"{done.waiting:,} wait{'s' * (done.waiting == 1)}: hd notify queue shows them"


def troubles(done: Report) -> Iterator[str]:
    """What a person should know of a run."""
    yield from map(safe, done.wrong)
    for each in done.unknown:
        said = f"{each.key[:8]} to {each.recipient}{_about(each)} may have arrived or not"
        yield safe(f"{said} ({each.said}); hd notify retry or drop {each.key[:8]} decides")
    for each in done.failed:
        yield safe(f"{each.key[:8]} to {each.recipient}{_about(each)} failed: {each.said}")
    for each in done.later:
        yield safe(f"{each.key[:8]} to {each.recipient}{_about(each)} is tried again: {each.said}")


def _about(notice: Notice) -> str:
    return f" about {notice.ticket}" if notice.ticket else ""


def letters(read: Sequence[tuple[Notice, Seen]]) -> Iterator[str]:
    """Mails one after the other."""
    for at, (notice, mail) in enumerate(read):
        if at:
            yield ""
        yield f"--- {notice.event}"
        yield from (f"{name}: {safe(value)}" for name, value in mail.headers)
        yield from (f"File: {safe(name)}" for name in mail.files)
        yield ""
        yield safe_block(mail.text)


def posts(posted: Iterable[tuple[Notice, Any]]) -> Iterator[str]:
    """What webhooks get, one by one."""
    import json

    for notice, content in posted:
        shown = json.dumps(content, ensure_ascii=False, indent=2)
        yield f"--- {notice.event} to the webhook {notice.recipient}\n\n{safe_block(shown)}"

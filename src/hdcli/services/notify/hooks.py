"""Webhooks: what they are told goes into the outbox beside the mail, and out from there.

A notice is named by hook, ticket and entry, so that no hook is told twice of one, whatever is
planned again. A hook that can't be reached holds no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from hdcli.errors import HdError, NotFound
from hdcli.model import asking
from hdcli.model.query_parser import parse
from hdcli.model.settings import NotOnDesk
from hdcli.model.webhook import Webhook
from hdcli.services.notify import payloads, posting
from hdcli.services.notify.delivery import Delivery
from hdcli.services.notify.events import Events
from hdcli.services.notify.payloads import Happened
from hdcli.services.notify.planning import key_of
from hdcli.services.session import utc
from hdcli.store import condition, listing
from hdcli.store.desk import Desk
from hdcli.store.hookplace import hook_place
from hdcli.store.outbox import Notice
from hdcli.store.stream import Told

WEBHOOK = "webhook"


def planned(
    desk: Desk, commits: Iterable[Told], begin: str, now: int
) -> tuple[list[Notice], list[str]]:
    """What the desk's hooks are told of some commits, entries before ``begin`` (UTC) left out; and
    what is wrong with hooks that are told nothing."""
    hooks = list(desk.settings.webhooks.values())
    if not hooks:
        return [], []
    found = [each for each in _happened(desk, commits) if each.entry.at >= begin]
    notices: list[Notice] = []
    wrong: list[str] = []
    for hook in hooks:
        try:
            told = list(_told(desk, hook, found, now))
        except HdError as error:
            said, *_ = str(error).split("\n")  # below it a query has its place marked
            wrong.append(f"webhook '{hook.name}': {said}")
            continue
        notices += [_notice(desk, hook, each) for each in told]
    return notices, wrong


def _happened(desk: Desk, commits: Iterable[Told]) -> Iterator[Happened]:
    for change in Events(desk).changes(commits):
        now = change.ticket
        before, after = (
            type(now)(now.id, values, now.log) for values in (change.before, change.after)
        )
        yield Happened(before if change.before else None, after, change.entry, change.commit)


def _told(desk: Desk, hook: Webhook, found: list[Happened], now: int) -> Iterator[Happened]:
    """Those that a hook is to hear of. Raises BadQuery."""
    wanted = [each for each in found if _is_wanted(hook, each)]
    if hook.query and wanted:
        moment = datetime.fromtimestamp(now, UTC)
        query = parse(hook.query, asking.context(desk.settings, moment))
        asked = condition.where(query, utc(now), "")
        names = sorted({each.after.id for each in wanted})
        there = desk.cache.ask(lambda db: listing.matching_of(db, asked, names))
        wanted = [each for each in wanted if each.after.id in there]
    yield from wanted


def _is_wanted(hook: Webhook, what: Happened) -> bool:
    return what.entry.action in hook.actions or ("reopen" in hook.actions and what.reopens)


def _notice(desk: Desk, hook: Webhook, what: Happened) -> Notice:
    ticket, entry = what.after.id, what.entry
    key = key_of(WEBHOOK, hook.name, ticket, entry.id)
    return Notice(
        key,
        WEBHOOK,
        entry.action,
        ticket,
        entry.id,
        hook.name,
        1,
        payloads.line(desk.settings, hook, what),
        payloads.payload(desk.settings, hook, what, key),
    )


def deliver(desk: Desk, notice: Notice, now: int, about_to: Callable[[], object]) -> Delivery:
    """Tells a hook, and what came of it."""
    hook = desk.settings.webhooks.get(notice.recipient)
    if hook is None:
        return Delivery("failed", f"desk.yaml has no webhook '{notice.recipient}'")
    place = hook_place(desk.place.repository, hook.name)
    try:
        request = posting.request(hook, place, notice.key, notice.content, now)
    except HdError as error:
        return Delivery("later", str(error))
    return posting.post(request, about_to)


def ping(desk: Desk, name: str, now: int) -> Delivery:
    """Tells a hook of nothing, now and past the outbox. Raises NotFound, BadQuery, BadUsage."""
    hooks = desk.settings.webhooks
    if not hooks:
        raise NotFound("this desk has no webhooks", "docs/talking.md tells how to make one")
    if name not in hooks:
        raise NotOnDesk("webhook", name, hooks)
    hook = hooks[name]
    if hook.query:
        parse(hook.query, asking.context(desk.settings, datetime.fromtimestamp(now, UTC)))
    key = key_of(WEBHOOK, name, "ping", str(now))
    body = payloads.probe(desk.settings, hook, key)
    place = hook_place(desk.place.repository, name)
    return posting.post(posting.request(hook, place, key, body, now), lambda: None)

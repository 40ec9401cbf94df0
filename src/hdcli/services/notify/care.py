"""What waits in the outbox, went wrong there, or has an unknown fate: seen, retried, dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from hdcli.errors import Ambiguous, NotFound, Refused
from hdcli.model.barring import Person, names
from hdcli.services.notify.preview import seen
from hdcli.store import outbox as store
from hdcli.store.git import Repository
from hdcli.store.outbox import STATES, Notice, Outbox, State

OPEN: tuple[State, ...] = ("queued", "sending", "unknown", "failed")


def queue(repository: Repository, *, every: bool, limit: int | None = None) -> list[Notice]:
    """What waits, failed or is of unknown fate; ``every``: what was sent and dropped too."""
    if not store.exists(repository.local):
        return []
    with closing(Outbox(repository.local)) as outbox:
        return outbox.of_states(STATES if every else OPEN, -1 if limit is None else limit)


def retry(repository: Repository, keys: Sequence[str], now: int) -> list[Notice]:
    """Queues notices again, whatever came of them but sent; they may arrive twice where their fate
    is unknown. Without keys, all that failed. Raises NotFound, Refused."""
    return _moved(repository, keys, now, "queued", ("queued", "unknown", "failed"), "failed")


def drop(repository: Repository, keys: Sequence[str], now: int) -> list[Notice]:
    """Gives notices up: they are never sent. Raises NotFound, Refused."""
    return _moved(repository, keys, now, "dropped", ("queued", "unknown", "failed"), None)


def _moved(
    repository: Repository,
    keys: Sequence[str],
    now: int,
    state: State,
    allowed: tuple[State, ...],
    default: State | None,
) -> list[Notice]:
    if not store.exists(repository.local):
        raise NotFound("this clone has no outbox", "hd notify run makes one")
    local = repository.local
    with store.at_work(local), closing(Outbox(local)) as outbox:
        outbox.recover(now)
        found = [_one(outbox, key) for key in keys]
        if not keys and default:
            found = [each for each in outbox.of_states([default]) if each.content]
        for each in found:
            if each.state not in allowed or (state == "queued" and not each.content):
                raise Refused(f"{each.key[:8]} is {each.state}: it can't be {state}", each.said)
        for each in found:
            outbox.move(each.key, state, now, said="by hand")
        return [each._replace(state=state, at=now, due=now) for each in found]


def _one(outbox: Outbox, beginning: str) -> Notice:
    found = outbox.named(beginning) if beginning else []
    if not found:
        raise NotFound(f"nothing in the outbox is called '{beginning}'", "hd notify queue --all")
    if len(found) > 1:
        raise Ambiguous(f"'{beginning}' could be several", "type more of it")
    return found[0]


def naming(repository: Repository, who: Person) -> Iterator[Notice]:
    """What in the outbox still names a person, in its address or in its words."""
    for each in queue(repository, every=True):
        words = f"{each.recipient}\n{each.subject}\n{each.said}"
        if each.content:
            words += f"\n{seen(each.content)}" if each.kind == "mail" else each.content.decode()
        if names(words, who):
            yield each

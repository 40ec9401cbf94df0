"""``hd sync``: what others wrote comes in, what was written here goes out."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hdcli.errors import RemoteFailed
from hdcli.model.ids import id_of_path
from hdcli.services.incoming import Incoming, incoming, told
from hdcli.services.session import Session
from hdcli.store import levels, maintenance, partial, refs
from hdcli.store.ancestry import is_ancestor
from hdcli.store.follow import blobs_between
from hdcli.store.joining import Joining
from hdcli.store.reached import reached
from hdcli.store.remote import Remote

if TYPE_CHECKING:
    from hdcli.services.uniting import United

# So often somebody else may be faster; with the pauses between it takes ten seconds.
_TRIES = 12
_PAUSE = 0.1
_LONGEST = 1.5


@dataclass
class Synced:
    """What a sync did.

    ``came`` in and ``went`` out, ``waiting`` are commits that did not; merges don't count.
    ``tries`` is how often it pushed, ``fetched`` where the remote's branch was each time, ``again``
    how many commits were done again upon a rewritten history; None where none was taken over.
    """

    remote: str
    came: Incoming = field(default_factory=Incoming)
    went: Incoming = field(default_factory=Incoming)
    merges: list[United] = field(default_factory=list)
    waiting: int = 0
    tries: int = 0
    fetched: list[str] = field(default_factory=list)
    again: int | None = None

    @property
    def remarks(self) -> list[str]:
        """What people should know of the merges."""
        return [each for united in self.merges for each in united.remarks]

    def document(self) -> dict[str, Any]:
        """As a plain mapping; see docs/json.md."""
        return {
            "remote": self.remote,
            "came": self.came.document(),
            "went": self.went.document(),
            "waiting": self.waiting,
            "merged": sum(each.merged for each in self.merges),
            "renumbered": [list(pair) for each in self.merges for pair in each.renumbered],
            "concurrent": [list(pair) for each in self.merges for pair in each.lost],
            "remarks": self.remarks,
            "again": self.again,
        }


def sync(session: Session, remote: Remote, *, pull: bool = True, push: bool = True) -> Synced:
    """Fetches, merges, and pushes again until nobody was faster. Raises RemoteFailed, Conflict.

    Without ``push`` nothing goes out; without ``pull`` nothing comes in, and where the remote has
    more than this clone nothing can go out either.
    """
    done = Synced(remote.name)
    started = session.desk.place.head
    for attempt in range(_TRIES):
        remote.fetch()
        if not attempt:
            remote.be_followed()
            if remote.is_even():
                return done
        done.fetched += filter(None, [remote.tip()])
        if pull:
            _take_in(session, remote, done)
        if not push or _hand_out(session, remote, done, pull=pull):
            break
        time.sleep(min(_PAUSE * 2**attempt, _LONGEST) * random.uniform(0.5, 1.5))  # noqa: S311
    else:
        raise RemoteFailed(
            f"{remote.name}: others pushed faster {_TRIES} times; what came in is merged", "hd sync"
        )
    _sum_up(session, remote, done, started)
    return done


def _sum_up(session: Session, remote: Remote, done: Synced, started: str) -> None:
    repository, head, theirs = session.desk.place.repository, session.desk.place.head, remote.tip()
    if head != started and done.fetched:
        done.came = incoming(session, done.fetched[-1], started)
        done.came.remarks = told(session, done.fetched[-1], started)
        maintenance.after_sync(repository, done.came.commits)
    if done.tries and theirs == head:
        done.went = incoming(session, head, *done.fetched)
    elif theirs != head:
        span = (f"^{theirs}",) if theirs else ()
        done.waiting = int(repository.text("rev-list", "--count", "--no-merges", head, *span))


def _take_in(session: Session, remote: Remote, done: Synced) -> None:
    from hdcli.services.uniting import unite  # 15 ms, for nothing where nothing came

    theirs = remote.tip()
    desk = session.desk
    if not theirs or theirs == desk.place.head:
        return
    if is_ancestor(desk.place.repository, theirs, desk.place.head):
        return
    if remote.lost(desk.place.head):
        raise remote.rewritten()

    def plan(transaction: Joining) -> United:
        united = unite(session, transaction, theirs, remote.name)
        if transaction.theirs:
            transaction.level_branches(remote.levels(of=theirs, but=transaction.base))
        return united

    done.merges.append(session.desk.join(plan, session.who.committing(session.now)))


def _hand_out(session: Session, remote: Remote, done: Synced, *, pull: bool) -> bool:
    """Pushes what the remote lacks; whether nobody was faster."""
    desk, theirs = session.desk, remote.tip()
    head, moves = _at_one_moment(session, remote)
    if head == theirs and not moves:
        return True
    if head != theirs and theirs and not is_ancestor(desk.place.repository, theirs, head):
        if pull:
            return False  # another fetch of this clone brought more meanwhile
        raise RemoteFailed(
            f"{remote.name} has commits that you don't have", "hd sync takes them in"
        )
    done.tries += 1
    return remote.push(head, moves) == "done"


def _at_one_moment(session: Session, remote: Remote) -> tuple[str, dict[str, tuple[str, str]]]:
    """The desk's branch and the moves of level branches that belong to it: others may be writing in
    this clone meanwhile."""
    desk = session.desk
    desk.renew()
    for _ in range(_TRIES):
        head = desk.place.head
        moves = _moves(session, remote)
        desk.renew()
        if desk.place.head == head:
            break
    return head, moves


def _moves(session: Session, remote: Remote) -> dict[str, tuple[str, str]]:
    """The level branches that the remote has otherwise than this clone, which has them right."""
    repository = session.desk.place.repository
    if partial.is_shallow(repository):
        return _moves_from_shallow(session, remote)
    ours, theirs = refs.level_commits(repository), remote.levels()
    names = [n for n in {**ours, **theirs} if ours.get(n) != theirs.get(n)]
    # git alone moves the desk's branch and leaves those of the levels where they were; a host that
    # was stopped in the middle of a push has moved one, perhaps, and not the other.
    merged = reached(session.desk.place, ours.values())
    stray = [name for name, commit in ours.items() if commit not in merged]
    unsent = _unsent(session, remote)
    concerned = {*map(refs.ticket_on, (*names, *stray)), *map(id_of_path, unsent)}
    if levels.mend_wrong(session.desk, [each for each in concerned if each], unsent):
        ours = refs.level_commits(repository)
    return _between(theirs, ours)


def _unsent(session: Session, remote: Remote) -> dict[str, str | None]:
    """The files that the remote has otherwise, and their blobs here."""
    place, tip = session.desk.place, remote.tip()
    return dict(blobs_between(place, tip, place.head)) if tip else {}


def _moves_from_shallow(session: Session, remote: Remote) -> dict[str, tuple[str, str]]:
    """The same from a shallow clone, which has few level branches: of tickets it changed alone."""
    desk = session.desk
    repository = desk.place.repository
    here = map(refs.ticket_on, refs.level_commits(repository))
    levels.mend_wrong(desk, {each for each in here if each}, {})
    touched = {found for path in _unsent(session, remote) if (found := id_of_path(path))}
    if not touched:
        return {}
    ours, theirs = (
        {name: commit for name, commit in found.items() if refs.ticket_on(name) in touched}
        for found in (refs.level_commits(repository), remote.levels_now())
    )
    return _between(theirs, ours)


def _between(theirs: dict[str, str], ours: dict[str, str]) -> dict[str, tuple[str, str]]:
    """From where to where each level branch moves that is not the same on both sides."""
    return {
        n: (theirs.get(n, ""), ours.get(n, ""))
        for n in sorted({**ours, **theirs})
        if ours.get(n) != theirs.get(n)
    }

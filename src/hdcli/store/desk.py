"""A desk, opened: its place, settings, tickets and cache; and the one way to write to it.

What only writing or YAML needs is imported there: a list is read in less time than that takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hdcli.errors import Ambiguous, BadData, BadField, NotADesk, NotFound
from hdcli.model import ids
from hdcli.model.settings import Settings
from hdcli.model.settings_file import settings_from
from hdcli.model.slug import PATTERN, article_path, beginning
from hdcli.store import clone, journal, memory
from hdcli.store.discover import discover
from hdcli.store.git import Objects, Place

if TYPE_CHECKING:
    from hdcli.model.article import Article
    from hdcli.model.ticket import Ticket
    from hdcli.store.cache import Cache, Progress
    from hdcli.store.fastimport import Signature
    from hdcli.store.joining import Joining
    from hdcli.store.transaction import Transaction

T = TypeVar("T")
W = TypeVar("W", bound="Transaction")
_TRIES = 5
# git fast-import leaves the objects of so many commits loose, those of more in a pack.
_LOOSE = 30


class Desk:
    """A desk at one commit. Close it, or use ``contextlib.closing``."""

    def __init__(self, place: Place, progress: Progress | None = None) -> None:
        self.place = place
        self._progress = progress
        self._objects: Objects | None = None
        self._cache: Cache | None = None

    @classmethod
    def open(cls, start: Path, progress: Progress | None = None) -> Desk:
        """The desk around ``start``: a dead writer's work finished, a new clone set up.

        Raises NotADesk.
        """
        place = discover(start)
        if journal.path(place.repository.local).exists():
            from hdcli.store import recover

            recover.if_needed(place)
        if not clone.is_set_up(place.repository):
            clone.set_up(place)
        return cls(place, progress)

    def close(self) -> None:
        """Ends the processes and connections that reading needed."""
        if self._objects is not None:
            self._objects.close()
            self._objects = None
        if self._cache is not None:
            self._cache.db.close()
            self._cache = None

    @property
    def objects(self) -> Objects:
        """The reader of this desk's objects."""
        if self._objects is None:
            self._objects = Objects(self.place.repository)
        return self._objects

    @property
    def cache(self) -> Cache:
        """The cache, caught up with this desk's commit."""
        if self._cache is None:
            from hdcli.store.cache import Cache

            self._cache = Cache(self.place, self.settings.priorities, self._progress)
        return self._cache

    @cached_property
    def settings(self) -> Settings:
        """What desk.yaml says, as committed. Raises BadData."""
        local, blob = self.place.repository.local, self.place.settings_blob
        remembered, values = memory.settings(local)
        if remembered == blob:
            try:
                return settings_from(values)
            except BadField:
                pass  # damaged: read the truth
        data = self.file("desk.yaml")
        if data is None:
            raise NotADesk("desk.yaml is missing from the desk's branch")
        from hdcli.store import codec
        from hdcli.store.yamlread import load

        try:
            settings = codec.settings_at_work(data)
        except BadData as error:
            error.remedy = "mend it and git commit it; hd config --check says when it is sound"
            raise
        memory.keep_settings(local, blob, load(data, "desk.yaml"))
        return settings

    def file(self, path: str) -> bytes | None:
        """The committed content of a file; None when there is none."""
        found = self.objects.read(f"{self.place.head}:{path}")
        return found[2] if found and found[1] == "blob" else None

    def ticket(self, ticket_id: str) -> Ticket:
        """The ticket of a whole id, as committed. Raises NotFound, BadData."""
        from hdcli.store import codec
        from hdcli.store.yamlread import MAX_BYTES

        path = ids.ticket_path(ticket_id)
        found = self.objects.read(f"{self.place.head}:{path}", limit=MAX_BYTES)
        if found is None or found[1] != "blob":
            self._require_whole(path)
            raise NotFound(f"no ticket {ticket_id} on this desk")
        return codec.read_ticket(found[2], path)

    def article(self, slug: str) -> Article:
        """The article of a whole slug, as committed. Raises NotFound, BadData."""
        from hdcli.store import codec
        from hdcli.store.yamlread import MAX_BYTES

        path = article_path(slug)
        found = None
        if PATTERN.fullmatch(slug):
            found = self.objects.read(f"{self.place.head}:{path}", limit=MAX_BYTES)
        if found is None or found[1] != "blob":
            self._require_whole(path)
            raise self._no_article(slug)
        return codec.read_article(found[2], path)

    def _require_whole(self, path: str) -> None:
        """Raises BadData where a file is on the desk and its object can't be read."""
        repository = self.place.repository
        if repository.attempt("ls-tree", self.place.head, "--", f":(top,literal){path}").stdout:
            what, remedy = "its object is missing from the repository", "hd fsck --repair"
            raise BadData(what, path, remedy=f"{remedy} looks for it elsewhere")

    def slug(self, reference: str) -> str:
        """The whole slug that was meant, of any unique beginning. Raises NotFound, Ambiguous."""
        from hdcli.store import articles

        start = beginning(reference)
        found = self.cache.ask(lambda db: articles.by_prefix(db, start)) if start else []
        if start in found:
            return start
        if len(found) > 1:
            shown = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
            raise Ambiguous(f"'{reference}' could be {shown}", "type more of it")
        if not found:
            raise self._no_article(reference)
        return found[0]

    def _no_article(self, reference: str) -> NotFound:
        from hdcli.model.suggest import nearest
        from hdcli.store import articles

        near = nearest(reference, self.cache.ask(articles.slugs))
        hint = f"did you mean '{near}'?" if near else "hd kb list shows them"
        return NotFound(f"no article '{reference}' on this desk", hint)

    def resolve(self, reference: str) -> str:
        """The whole id that was meant: any unique prefix, an alias, or ``@``.

        Raises NotFound, Ambiguous (with the candidates), BadUsage.
        """
        if reference == ids.LAST:
            return self.last()
        key = ids.key(reference, self.settings.prefix)
        if len(key) >= ids.LENGTH:
            whole = f"{self.settings.prefix}-{key}"
            name = f"{self.place.head}:{ids.ticket_path(whole)}"
            if self.objects.read(name, limit=0) is not None:
                return whole
        from hdcli.store import listing

        found = self.cache.ask(lambda db: listing.by_prefix(db, key))
        if not found:
            raise NotFound(f"no ticket '{reference}' on this desk", "hd list --all shows them")
        if len(found) > 1:
            shown = ", ".join(f"{i} {title[:30]!r}" for i, title in found[:5])
            more = ", …" if len(found) > 5 else ""
            raise Ambiguous(f"'{reference}' could be {shown}{more}", "type more of it")
        return found[0][0]

    def last(self) -> str:
        """The ticket last touched in this clone. Raises NotFound."""
        name = memory.last(self.place.repository.local)
        if not ids.ID_PATTERN.fullmatch(name):
            raise NotFound("no ticket was touched in this clone yet", "name one by its id")
        return name

    def write(
        self,
        plan: Callable[[Transaction], T],
        committer: Signature,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> T:
        """Runs ``plan`` under the lock and publishes its commits; gives what it gave.

        ``plan`` may run again, upon a newer state, when somebody moved the branch. ``meanwhile`` is
        called while git stores the commits, and does not raise. Raises Busy, Conflict and whatever
        the plan raises; then nothing was done.
        """
        from hdcli.store.transaction import Transaction

        return self._written(plan, committer, Transaction, meanwhile)

    def join(self, plan: Callable[[Joining], T], committer: Signature) -> T:
        """The same with commits of another clone among what it publishes."""
        from hdcli.store.joining import Joining

        return self._written(plan, committer, Joining, lambda: None)

    def _written(
        self,
        plan: Callable[[W], T],
        committer: Signature,
        kind: type[W],
        meanwhile: Callable[[], object],
    ) -> T:
        from hdcli.store import lock, recover, refs

        with lock.lock(self.place.repository.local) as descriptor:
            recover.run(self.place.repository, (descriptor,))
            for attempt in range(_TRIES):
                time.sleep(0.05 * attempt)
                try:
                    return self._try_to_write(plan, committer, kind, descriptor, meanwhile)
                except refs.Outrun:
                    if attempt == _TRIES - 1:
                        raise
        raise AssertionError  # the last try returns or raises

    def _try_to_write(
        self,
        plan: Callable[[W], T],
        committer: Signature,
        kind: type[W],
        descriptor: int,
        meanwhile: Callable[[], object],
    ) -> T:
        from hdcli.store import worktree
        from hdcli.store.cache import Ahead
        from hdcli.store.signing import SigningStream

        self.renew()
        repository = self.place.repository
        worktree.require_writable(repository, self.place.branch)
        required = self.settings.signatures == "required"
        stream = SigningStream(repository, (descriptor,), required=required)
        last_level = self.settings.last_level
        transaction = kind(self.place, self.objects, committer, last_level, stream)
        ahead = Ahead(self.place, self.settings.priorities)

        def while_git_works() -> None:
            if transaction.only_records and not transaction.touches("desk.yaml"):
                ahead.add(transaction.tickets.values(), transaction.articles.values())
            meanwhile()

        try:
            result = plan(transaction)
            new = transaction.publish((descriptor,), while_git_works)
        except BaseException:
            transaction.drop()
            ahead.drop()
            raise
        ahead.keep(new)
        self._after(transaction, new)
        return result

    def rehearse(self, plan: Callable[[Transaction], T], committer: Signature) -> T:
        """Runs ``plan`` upon the desk as it was opened, without the lock; publishes nothing."""
        from hdcli.store.fastimport import Nowhere
        from hdcli.store.transaction import Transaction

        nowhere = Nowhere(self.place.repository)
        last_level = self.settings.last_level
        return plan(Transaction(self.place, self.objects, committer, last_level, nowhere))

    def renew(self) -> None:
        """Comes to where the branch is by now: whoever holds the lock stands on firm ground."""
        start = self.place.repository.work_tree or self.place.repository.git_dir
        place = discover(start)
        if place != self.place:
            self.close()
            if place.settings_blob != self.place.settings_blob:
                self.__dict__.pop("settings", None)
            self.place = place

    def _after(self, transaction: Transaction, new: str) -> None:
        """What else knows of the write: none of it is needed, and none of it can fail the write."""
        if not transaction.moves:
            return
        if transaction.touches("desk.yaml"):
            self.renew()
        else:
            if self._cache is not None:
                self._cache.db.close()
                self._cache = None
            self.place = replace(self.place, head=new)
        if transaction.tickets:
            memory.keep_last(self.place.repository.local, next(reversed(transaction.tickets)))
        if transaction.commits <= _LOOSE:
            from hdcli.store import maintenance

            maintenance.after_write(self.place.repository)

    def settle(self) -> None:
        """After very much was written: makes the repository quick to read. Raises Busy."""
        from hdcli.store import lock, maintenance

        repository = self.place.repository
        with lock.lock(repository.local) as descriptor:
            maintenance.after_import(repository, (descriptor,))

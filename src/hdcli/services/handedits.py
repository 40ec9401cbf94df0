"""``hd commit``: what was edited by hand in the work tree becomes commits, all of it or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from hdcli.errors import BadData, BadUsage, Conflict, HdError, NotFound
from hdcli.model import ids
from hdcli.model.article import Article
from hdcli.model.canned import name_of_path
from hdcli.model.message import commit_message
from hdcli.model.record import Record
from hdcli.model.settings import Settings
from hdcli.model.settings_keys import document
from hdcli.model.slug import article_path, slug_of_path
from hdcli.model.ticket import Ticket
from hdcli.services import takeup
from hdcli.services.canned import misnamed
from hdcli.services.editedtext import Sheet
from hdcli.services.session import Session
from hdcli.services.settings import doubts
from hdcli.store import addressbook, articles, cannedfile, codec, edits, listing
from hdcli.store.condition import Where
from hdcli.store.desk import Desk
from hdcli.store.edits import Edited
from hdcli.store.transaction import Transaction

T = TypeVar("T")
# Settings come first: the values of tickets are checked against those being committed with them.
_TURN = ("settings", "requesters", "other", "article", "canned", "ticket", "stray")


@dataclass(frozen=True, slots=True)
class Taken:
    """One commit: the ticket's id (or the file's path) and the subject."""

    name: str
    subject: str


@dataclass
class Outcome:
    """What was committed, and what there is to say besides."""

    taken: list[Taken] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Refusals(HdError):
    """Several things that can't be committed, each an error; the exit code is the first one's."""

    def __init__(self, errors: Sequence[HdError]) -> None:
        super().__init__(f"{len(errors)} problems, so nothing was committed")
        self.errors = errors
        self.exit_code = errors[0].exit_code


def place_of(desk: Desk, word: str, folder: Path) -> str:
    """The path in the desk of what was typed in ``folder``: a file, or a ticket's id.

    Raises BadUsage, NotFound, Ambiguous.
    """
    if "/" in word or "." in word or (folder / word).exists():
        return edits.within(desk.place.repository, word, folder)
    try:
        return ids.ticket_path(desk.resolve(word))
    except NotFound:
        path = ids.ticket_path(f"{desk.settings.prefix}-{ids.key(word, desk.settings.prefix)}")
        if edits.exists(desk.place.repository, path):
            return path  # made by hand, and not committed yet
        raise


def commit(session: Session, paths: Sequence[str], note: str = "") -> Outcome:
    """Commits hand edits: of tickets, settings, articles and canned replies, or of ``paths`` alone.

    Edits that git alone committed get their entries too. Raises the one error there is (BadData
    with file and line, Conflict), or Refusals; then nothing was committed.
    """
    return session.write(lambda transaction: _Round(session, transaction, note, paths).run())


class _Round:
    """One attempt to commit all that was found."""

    def __init__(
        self, session: Session, transaction: Transaction, note: str, paths: Sequence[str]
    ) -> None:
        self._session = session
        self._repository = session.desk.place.repository
        self._transaction = transaction
        self._note = note
        self._paths = paths
        self._settings: Settings = session.settings
        self._texts: dict[str, bytes | None] = {}
        self._errors: list[HdError] = []
        self._outcome = Outcome()

    def run(self) -> Outcome:
        found = edits.edited(self._repository, self._paths)
        found.sort(key=lambda each: (_TURN.index(each.kind), each.path))
        self._require_files(found)
        wanted = [each for each in found if self._wants(each)]
        self._each(wanted, self._look)
        self._each((each for each in wanted if each.path in self._texts), self._take)
        self._each(self._known_to_git(), self._absorb)
        if self._errors:
            self._errors.sort(key=lambda error: not isinstance(error, BadData))
            raise self._errors[0] if len(self._errors) == 1 else Refusals(self._errors)
        return self._outcome

    def _each(self, things: Iterable[T], step: Callable[[T], None]) -> None:
        for each in things:
            try:
                step(each)
            except HdError as error:
                self._errors.append(error)

    def _require_files(self, found: Sequence[Edited]) -> None:
        for path in self._paths:
            if not any(each.path == path for each in found) and not (
                edits.exists(self._repository, path) or self._transaction.has(path)
            ):
                raise BadUsage(f"no file {path} on this desk")

    def _wants(self, each: Edited) -> bool:
        """Whether it is to be committed: what is not the desk's own only when it was named."""
        if self._paths or each.kind not in ("other", "stray"):
            return True
        if each.kind == "stray" and each.path.endswith(".yaml"):
            return True  # to be refused: it looks like a ticket, and would be none
        if not each.untracked:
            self._outcome.remarks.append(f"left alone: {each.path}; name it to commit it")
        return False

    def _look(self, each: Edited) -> None:
        if each.staged:
            raise Conflict(
                f"{each.path} has a version staged that is not the file's",
                f"git add {each.path}, or git restore --staged {each.path}",
            )
        text = edits.text(self._repository, each.path)
        self._transaction.take_up(each.path, text)
        if text != self._transaction.read(each.path):
            self._texts[each.path] = text

    def _take(self, each: Edited) -> None:
        text = self._texts[each.path]
        if each.kind == "ticket":
            self._record(Ticket, each.ticket_id or "", each.path, text)
        elif each.kind == "article":
            self._article(each, text)
        elif each.kind == "settings":
            self._desk(each, text)
        elif each.kind == "stray" and text is not None:
            raise BadData("not a ticket's place", each.path, remedy=_right_place(each, text))
        else:
            self._file(each, text)

    def _article(self, each: Edited, text: bytes | None) -> None:
        slug = slug_of_path(each.path)
        if slug is None and text is not None:
            message = "not an article's place: its name is no slug"
            raise BadData(message, each.path, remedy=f"{article_path('reset-password')} is one")
        self._record(Article, slug or "", each.path, text)

    def _record(self, kind: type[Record], key: str, path: str, text: bytes | None) -> None:
        if text is None:
            hint = "hd close ends a ticket" if kind is Ticket else "hd kb archive ends an article"
            raise _deleted(path, hint)
        sheet = Sheet(kind, key, text, path, self._note)
        base = self._transaction.read(path)
        done: tuple[str, str] | None
        if base is None:
            done = takeup.opened(self._session, self._transaction, self._settings, sheet)
        else:
            done = takeup.edited(self._session, self._transaction, self._settings, base, sheet)
        if done:
            self._outcome.taken.append(Taken(*done))

    def _desk(self, each: Edited, text: bytes | None) -> None:
        if text is None:
            raise _deleted(each.path, "a desk has settings")
        before, self._settings = self._settings, codec.read_settings(text)
        self._outcome.remarks += doubts(text)
        old, new = document(before), document(self._settings)
        keys = [("Setting", name) for name in new if old.get(name) != new[name]]
        self._commit("desk: edit settings", each.path, text, [("Action", "config"), *keys])

    def _file(self, each: Edited, text: bytes | None) -> None:
        verb = "edit" if self._transaction.has(each.path) else "add"
        if text is None:
            verb = "remove"
        elif each.kind == "canned":
            cannedfile.read(text, each.path)
            name = name_of_path(each.path)
            self._outcome.remarks += [f"{each.path}: {said}" for _, said in misnamed([name])]
        elif each.kind == "requesters":
            addressbook.read(text)
            slips = addressbook.slips(text)
            self._outcome.remarks += [f"{each.path}:{line}: {said}" for line, said in slips]
        elif edits.is_executable(self._repository, each.path):
            raise Conflict(f"{each.path} is a program", "git add it, and git commit")
        folder, _, name = each.path.rpartition("/")
        own = each.kind == "canned"
        what = f"{folder}: {verb} {name.removesuffix('.yaml')}" if own else None
        self._commit(what or f"desk: {verb} {each.path}", each.path, text, [("Action", "edit")])

    def _commit(
        self, subject: str, path: str, text: bytes | None, trailers: Sequence[tuple[str, str]]
    ) -> None:
        message = commit_message(subject, self._note, trailers)
        author = self._session.who.signed(self._session.now)
        self._transaction.commit(message, author, files={path: text})
        self._outcome.taken.append(Taken(path, message.partition("\n")[0]))

    def _known_to_git(self) -> list[tuple[type[Record], str]]:
        """What has hand edits that git alone committed, as far as it was asked for."""
        ask = self._session.desk.cache.ask
        tickets = ask(lambda db: listing.ids_of(db, Where("edited = 1", {}), "id"))
        found: list[tuple[type[Record], str]] = [(Ticket, each) for each in tickets]
        found += [(Article, each) for each in ask(articles.edited)]
        places = tuple(f"{path}/" for path in self._paths if path != ".")
        if self._paths and len(places) == len(self._paths):
            found = [(k, i) for k, i in found if f"{k.kind.place(i)}/".startswith(places)]
        done = (self._transaction.tickets, self._transaction.articles)
        return [(k, i) for k, i in found if not any(i in each for each in done)]

    def _absorb(self, known: tuple[type[Record], str]) -> None:
        kind, key = known
        before = self._transaction.record(kind, key)
        if before is None:
            return
        after = self._session.absorb(self._transaction, before)
        for entry in after.log[len(before.log) :]:
            words = f"{key}: what {entry.by} edited and committed is in its log"
            self._outcome.taken.append(Taken(key, words))


def _deleted(path: str, hint: str) -> Conflict:
    return Conflict(f"{path} was deleted by hand", f"git restore {path} brings it back; {hint}")


def _right_place(each: Edited, text: bytes) -> str:
    """Where a ticket's file that lies elsewhere belongs."""
    try:
        found = codec.read_ticket(text, each.path)
    except BadData:
        return "below tickets/ lie tickets alone: tickets/7k/HD-7K3QF.yaml"
    return f"its place is {found.path}"

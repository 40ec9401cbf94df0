"""Canned replies and templates: the desk's own, and behind them those that hd brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hdcli.errors import BadData, BadField, NotFound, Refused
from hdcli.model import canned
from hdcli.model.canned import EVENTS, Canned, Text
from hdcli.model.message import commit_message
from hdcli.model.suggest import SLIP, nearest
from hdcli.services.session import Session
from hdcli.store import audit, cannedfile
from hdcli.store.desk import Desk
from hdcli.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Known:
    """A canned reply or template; ``own``: the desk has a file of it, ``wrong`` says why that can't
    be read."""

    canned: Canned
    own: bool
    wrong: str = ""

    @property
    def event(self) -> bool:
        """Whether it tells of an event."""
        return self.canned.name in EVENTS


@cache
def shipped(name: str) -> Canned | None:
    """The one that hd brings; None where it brings none of that name."""
    place = files("hdcli") / "data" / "canned" / f"{name}.yaml"
    return cannedfile.read(place.read_bytes(), f"{name}.yaml") if place.is_file() else None


def shipped_names() -> list[str]:
    """The names of those that hd brings."""
    folder = files("hdcli") / "data" / "canned"
    return sorted(each.name.removesuffix(".yaml") for each in folder.iterdir())


def of_desk(desk: Desk, name: str) -> Canned:
    """A canned reply by its name: the desk's, with the languages that it lacks from hd's.

    Raises NotFound, BadData.
    """
    data = desk.file(canned.path_of(name)) if canned.is_name(name) else None
    other = shipped(name) if canned.is_name(name) else None
    if data is not None:
        return cannedfile.read(data, canned.path_of(name)).upon(other)
    if other is None:
        near = nearest(name, [*own_names(desk), *shipped_names()])
        hint = f"did you mean '{near}'?" if near else "hd canned list shows them"
        raise NotFound(f"no canned reply '{name}' on this desk", hint)
    return other


def template(desk: Desk, event: str) -> Canned:
    """The template of an event; where the desk's own is broken the one that hd brings."""
    try:
        return of_desk(desk, event)
    except BadData:
        return shipped(event) or Canned(event, send=False)


def own_names(desk: Desk) -> list[str]:
    """The names of the desk's own."""
    listed = audit.listing(desk.place, "canned")
    return [name for path, _, _ in listed if (name := canned.name_of_path(path))]


def misnamed(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The names of replies that are nearly an event's, each with what there is to say."""
    for name in names:
        if name in EVENTS or name in shipped_names():
            continue
        if near := nearest(name, EVENTS, SLIP):
            yield name, f"a reply; the mail that tells of an event is '{near}', if that is meant"


def every(desk: Desk) -> list[Known]:
    """All of them: canned replies first, then the templates of events in their order."""
    own = own_names(desk)
    names = [each for each in sorted({*own, *shipped_names()}) if each not in EVENTS]
    return [_known(desk, name, name in own) for name in (*names, *EVENTS)]


def _known(desk: Desk, name: str, own: bool) -> Known:
    try:
        return Known(of_desk(desk, name), own)
    except BadData as error:
        return Known(shipped(name) or Canned(name), own, str(error))


def prepared(desk: Desk, name: str) -> Canned:
    """A canned reply for a person to use. Raises NotFound, BadData, Refused for a template that
    tells of an event."""
    found = of_desk(desk, name)
    if name in EVENTS:
        raise Refused(f"'{name}' is the mail that tells of an event, not a reply", _LISTED)
    return found


_LISTED = "hd canned list shows the replies"


def draft(desk: Desk, name: str, languages: Iterable[str]) -> bytes:
    """A file to begin with: the desk's own, that which hd brings, or an empty one."""
    if not canned.is_name(name):
        raise Refused(f"'{name}' is no name of a canned reply", "write words in lower case, dashes")
    data = desk.file(canned.path_of(name))
    if data is not None:
        return data
    if found := shipped(name):
        return cannedfile.written(found)
    blank = Text("Hello {requester_first_name},\n\n...")
    return cannedfile.written(Canned(name, dict.fromkeys(languages, blank), "what it is for"))


def save(session: Session, name: str, data: bytes) -> bool:
    """Commits the file of a canned reply; whether anything changed. Raises BadData, Refused."""
    path = canned.path_of(name)
    if not canned.is_name(name):
        raise Refused(f"'{name}' is no name of a canned reply", "write words in lower case, dashes")
    cannedfile.read(data, path)

    def write(transaction: Transaction) -> bool:
        before = transaction.read(path)
        if before == data:
            return False
        verb = "edit" if before is not None else "add"
        message = commit_message(f"canned: {verb} {name}", "", [("Action", "edit")])
        transaction.commit(message, session.who.signed(session.now), files={path: data})
        return True

    return session.write(write)


def with_text(desk: Desk, name: str, language: str, text: str, about: str) -> bytes:
    """The file of a canned reply with a text in one language, the others as they are.

    Raises BadData, Refused.
    """
    if not canned.is_name(name):
        raise Refused(f"'{name}' is no name of a canned reply", "write words in lower case, dashes")
    path = canned.path_of(name)
    data = desk.file(path)
    before = cannedfile.read(data, path) if data is not None else Canned(name)
    texts = {**before.texts, language: Text(text)}
    after = Canned(name, texts, about or before.about, before.send)
    try:
        canned.canned_from(canned.document(after), name)
    except BadField as error:
        raise Refused(error.reason) from None
    return cannedfile.written(after)

"""Requesters: who is meant, which tickets are theirs, and where else on the desk they are named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from hdcli.errors import Ambiguous, BadData, Refused
from hdcli.model import ids, slug
from hdcli.model.barring import Person, names
from hdcli.model.person import address, name, person
from hdcli.model.plain import plain
from hdcli.store import audit, codec, leftovers, outbox
from hdcli.store import mentions as found_by
from hdcli.store.desk import Desk

_SHOWN = 5
_BEGINNING = 1_000_000
_JOINTS = re.compile(r"[/._-]+")
# The names of files are for people too.
_NAMED = ("attachments", "kb", "canned")


@dataclass(frozen=True, slots=True)
class Requester:
    """``key`` is the mail address in lower case, or the name of who has none; ``tickets`` are the
    ids of theirs, ``names`` what they are called there."""

    key: str
    names: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.names or self.key == self.names[0].casefold():
            return self.names[0] if self.names else self.key
        return f"{self.names[0]} <{self.key}>"


class Mention(NamedTuple):
    """A file that names somebody: its path, and what of them (``address``, ``name``) and where."""

    path: str
    what: str


def requester(desk: Desk, text: str) -> Requester:
    """Whom a text means: ``Name <mail>``, ``mail``, or a name that one requester has.

    Raises BadUsage, Ambiguous, and Refused for an agent: their name stands under their work.
    """
    given = person(text)
    key, called = address(given), name(given)
    known = desk.cache.ask(found_by.requesters)
    if "@" not in key:
        found = sorted({address(each) for _, each in known if plain(name(each)) == plain(called)})
        if len(found) > 1:
            shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
            raise Ambiguous(f"{len(found)} requesters are called '{called}'", f"name one: {shown}")
        key = found[0] if found else key
    _require_no_agent(desk, key)
    own = [(ticket, each) for ticket, each in known if address(each) == key]
    spelt = {plain(each): each for each in (*(name(who) for _, who in own), called) if each}
    return Requester(key, tuple(spelt.values()), tuple(ticket for ticket, _ in own))


def is_called(desk: Desk, text: str) -> bool:
    """Whether a requester of the desk has this name."""
    known = desk.cache.ask(found_by.requesters)
    return any(plain(name(each)) == plain(text.strip()) for _, each in known)


def _require_no_agent(desk: Desk, key: str) -> None:
    agent = desk.settings.agent_by_email(key) or desk.settings.agents.get(key)
    if agent:
        raise Refused(
            f"{key} is the agent {agent.handle}, and agents are no requesters",
            f"hd agent edit {agent.handle} --no-active ends their work here",
        )


def candidates(desk: Desk, words: Iterable[str]) -> list[str]:
    """The paths of files that may have one of some words, in order."""
    found: set[str] = set()
    for word in words:
        found.update(found_by.files_with(desk.place, word))
        keys = desk.cache.ask(partial(found_by.records_with, text=word))
        found.update(map(_place_of, keys))
    return sorted(found)


def _place_of(key: str) -> str:
    return ids.ticket_path(key) if ids.ID_PATTERN.fullmatch(key) else slug.article_path(key)


def mentions(
    desk: Desk, who: Requester, more: Iterable[str], read: Callable[[str], bytes | None]
) -> list[Mention]:
    """Every file that names a requester, or has one of ``more`` words, in the order of the paths.

    ``read`` gives a file's content, None where there is none any more.
    """
    looked_for = [("address", [who.key])] if "@" in who.key else []
    looked_for += [("name", list(who.names)), ("word", list(more))]
    persons = [(what, Person("", frozenset(), tuple(words))) for what, words in looked_for if words]
    found = list(_in_files(desk, persons, read))
    found += _in_names(desk, persons, read)
    found += _in_spare_texts(desk, persons)
    found += _in_outbox(desk, persons)
    found += _in_intake(desk, persons)
    return sorted(set(found))


_Looked = list[tuple[str, Person]]


def _in_files(
    desk: Desk, persons: _Looked, read: Callable[[str], bytes | None]
) -> Iterator[Mention]:
    for path in candidates(desk, (word for _, each in persons for word in each.words)):
        text = _text(read(path) or b"", path)
        yield from (Mention(path, f"the {what}") for what, each in persons if names(text, each))


def _text(data: bytes, path: str) -> str:
    """What a file says: as it is written, for its comments, and without what YAML escapes."""
    texts = [data.decode("utf-8", "replace")]
    if path.endswith(".yaml"):
        with suppress(BadData):
            texts += _strings(codec.document(data, path))
    return "\n".join(texts)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, str):
        yield value


def _in_names(
    desk: Desk, persons: _Looked, read: Callable[[str], bytes | None]
) -> Iterator[Mention]:
    for path, _, _ in audit.listing(desk.place, *_NAMED):
        text = _JOINTS.sub(" ", path)
        for what, each in persons:
            if (names(text, each) or names(path, each)) and read(path) is not None:
                yield Mention(path, f"the {what}, in its own name")


def _in_spare_texts(desk: Desk, persons: _Looked) -> Iterator[Mention]:
    """Texts that wait in this clone since they could not be committed."""
    for place in leftovers.texts(desk.place.repository):
        text = place.read_text("utf-8", "replace")
        yield from (Mention(str(place), f"the {what}") for what, who in persons if names(text, who))


def _in_outbox(desk: Desk, persons: _Looked) -> Iterator[Mention]:
    """Mail of this clone that waits, or whose address is still known."""
    repository = desk.place.repository
    if not outbox.exists(repository.local):
        return
    from hdcli.services.notify.care import naming

    for what, who in persons:
        for each in naming(repository, who):
            place = f"{outbox.folder(repository.local)} ({each.key[:8]}, {each.state})"
            yield Mention(place, f"the {what}")


def _in_intake(desk: Desk, persons: _Looked) -> Iterator[Mention]:
    """Messages that this clone keeps whole: in quarantine, or too large for the desk."""
    for place in (desk.place.repository.local / "intake").glob("*/*.eml"):
        with place.open("rb") as file:
            text = file.read(_BEGINNING).decode("utf-8", "replace")
        yield from (Mention(str(place), f"the {what}") for what, who in persons if names(text, who))


def record_of(path: str) -> tuple[str, str]:
    """The id or the slug of a file, each empty where it is no such thing's."""
    return ids.id_of_path(path) or "", slug.slug_of_path(path) or ""

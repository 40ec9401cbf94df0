"""Changing desk.yaml: the edits of one command, checked as a whole, in one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hdcli.errors import BadData, Conflict, NotADesk, Refused
from hdcli.model import settings_keys
from hdcli.model.message import commit_message
from hdcli.model.settings import Settings
from hdcli.model.settings_keys import Path
from hdcli.services.session import Session
from hdcli.store import codec, worktree, yamlread, yamlsplice
from hdcli.store.desk import Desk
from hdcli.store.transaction import Transaction

FILE = "desk.yaml"
DEED = "change the desk's settings"
_SUBJECT_ROOM = 50


@dataclass(frozen=True, slots=True)
class Change:
    """What a command does to the settings: values by path (None: the key goes), and its message."""

    edits: Mapping[Path, object]
    subject: str
    trailers: Sequence[tuple[str, str]]


def change(session: Session, plan: Callable[[Settings], Change]) -> bool:
    """Commits the change that ``plan`` makes of the settings; whether there was anything to do.

    Raises Refused where the settings would not be valid, Conflict over hand edits of desk.yaml.
    """

    def write(transaction: Transaction) -> bool:
        before = _committed(transaction)
        wanted = plan(codec.read_settings(before))
        after = before
        for path, value in wanted.edits.items():
            after = _edited(after, path, value)
        if after == before:
            return False
        try:
            codec.read_settings(after)
        except BadData as error:
            raise Refused(error.reason, "nothing was changed") from None
        _commit(session, transaction, after, wanted.subject, wanted.trailers)
        return True

    return session.write(write)


def _committed(transaction: Transaction) -> bytes:
    data = transaction.read(FILE)
    if data is None:
        raise NotADesk(f"{FILE} is missing from the desk's branch")
    return data


def _edited(data: bytes, path: Path, value: object) -> bytes:
    if value is None:
        return yamlsplice.drop(data, FILE, path)
    return yamlsplice.put(data, FILE, path, value)


def _commit(
    session: Session,
    transaction: Transaction,
    data: bytes,
    subject: str,
    trailers: Sequence[tuple[str, str]],
) -> None:
    message = commit_message(f"desk: {subject}", "", trailers)
    transaction.commit(message, session.who.signed(session.now), files={FILE: data})


def set_values(texts: Mapping[str, str]) -> Callable[[Settings], Change]:
    """Keys to what somebody typed for them; an empty text takes a key out of the file."""

    def plan(settings: Settings) -> Change:
        edits: dict[Path, object] = {}
        for key, text in texts.items():
            path = settings_keys.settable(settings, key)
            value = settings_keys.value_for(path, text)
            edits[path] = value if text.strip() else None
        named = [f"{key}={text.strip()}" for key, text in texts.items()]
        if len(", ".join(named)) > _SUBJECT_ROOM:
            named = list(texts)
        trailers = [("Action", "config"), *(("Setting", key) for key in texts)]
        return Change(edits, f"set {', '.join(named)}", trailers)

    return plan


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it holds: its dotted key, its value, and its line in desk.yaml (0: default)."""

    key: str
    value: Any
    line: int


def shown(desk: Desk, key: str = "") -> list[Setting]:
    """The settings of a desk, or those that a key names. Raises NotOnDesk."""
    path: Path = ()
    tree: Any = settings_keys.document(desk.settings)
    if key:
        path, tree = settings_keys.find(desk.settings, key)
    lines = yamlsplice.lines(desk.file(FILE) or b"", FILE)
    return [
        Setting(settings_keys.dotted(where), value, lines.get(where, 0))
        for where, value in settings_keys.leaves(tree, path)
    ]


def check(desk: Desk) -> list[str]:
    """What looks like a slip in desk.yaml as it lies in the work tree, each with its line.

    Raises BadData where it is not valid.
    """
    root = desk.place.repository.work_tree
    data = desk.file(FILE) if root is None else worktree.content(root, FILE, yamlread.MAX_BYTES)
    if data is None:
        raise NotADesk(f"{FILE} is missing", f"git restore {FILE}")
    return list(doubts(data))


def doubts(data: bytes) -> Iterator[str]:
    """The same for a text of desk.yaml."""
    for line, text in slips(data, codec.read_settings(data)):
        yield f"{FILE}:{line}: {text}"


def slips(data: bytes, settings: Settings) -> Iterator[tuple[int, str]]:
    """The same for a text and the settings that it says, each with its line."""
    root = yamlread.compose(data, FILE)
    for path, text in settings_keys.doubts(yamlread.load(data, FILE), settings):
        yield yamlread.line_of(root, path), text


def text(desk: Desk) -> bytes:
    """desk.yaml as committed, to be edited. Raises Conflict where hand edits wait already."""
    data = desk.file(FILE) or b""
    root = desk.place.repository.work_tree
    if root is not None:
        worktree.require_unedited(root, FILE, data)
    return data


def save(session: Session, before: bytes, after: bytes) -> bool:
    """Commits a whole text of desk.yaml; whether it differs from ``before``, which it was made of.

    Raises BadData with the line, Conflict where desk.yaml was changed meanwhile.
    """
    old, new = codec.read_settings(before), codec.read_settings(after)

    def write(transaction: Transaction) -> bool:
        if _committed(transaction) != before:
            raise Conflict(f"{FILE} was changed by somebody while you edited it", "edit it again")
        changed = _changed(old, new)
        subject = f"edit {', '.join(changed)}" if changed else f"edit {FILE}"
        if len(subject) > _SUBJECT_ROOM:
            subject = f"edit {len(changed)} settings"
        trailers = [("Action", "config"), *(("Setting", key) for key in changed)]
        _commit(session, transaction, after, subject, trailers)
        return True

    return before != after and session.write(write)


def _changed(old: Settings, new: Settings) -> list[str]:
    """The top keys whose values differ."""
    before, after = settings_keys.document(old), settings_keys.document(new)
    return [name for name in after if before.get(name) != after[name]]

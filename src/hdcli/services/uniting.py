"""Two histories of a desk made one: every file that both changed, merged by its rule.

Runs within a transaction, upon the desk as it is; see docs/merge.md for the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from hdcli.errors import BadData, Conflict, HdError
from hdcli.model import ids, message
from hdcli.model.entry import Values
from hdcli.model.fold import Change
from hdcli.model.merging import Merged, beginning, born_twice
from hdcli.model.record import Record, edited, hand_edit, logged_text
from hdcli.model.ticket import Ticket
from hdcli.services import carrying, driver, otherfiles
from hdcli.services.actions import Draft
from hdcli.services.session import Session
from hdcli.services.whose import last_readable, steps
from hdcli.store import codec, divergence, threeway
from hdcli.store.divergence import Divergence
from hdcli.store.joining import File, Joining
from hdcli.store.threeway import Sides

# So many files are read together: many wait in a pipe's time for one, few fill the memory.
_AT_ONCE = 50


@dataclass
class United:
    """What came of it: remarks for people, who lost an edit (ticket and field), new ids."""

    remarks: list[str] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    renumbered: list[tuple[str, str]] = field(default_factory=list)
    merged: int = 0


def unite(session: Session, transaction: Joining, theirs: str, name: str) -> United:
    """Takes in ``theirs``, a commit of the remote ``name``, by moving forward or by a merge.

    Raises Conflict, and BadData where nothing of a file can be read.
    """
    repository, ours = session.desk.place.repository, transaction.base
    found = divergence.divergence(repository, ours, theirs)
    if found is None:
        raise Conflict(f"{name} holds another desk: it has no commit in common with this one")
    if found.base == theirs:
        return United()
    if "desk.yaml" in found.theirs:
        otherfiles.require_settings(session.desk, theirs, name)
    if found.base == ours:
        transaction.advance(theirs, found.taken)
        return United()
    if path := divergence.in_each_others_way(found.ours, found.theirs):
        raise Conflict(
            f"{path} is a file on one side and a folder on the other", "move one of them"
        )
    return _Union(session, transaction, theirs, found).run(name)


class _Union:
    """One merge of two commits."""

    def __init__(
        self, session: Session, transaction: Joining, theirs: str, found: Divergence
    ) -> None:
        self._session = session
        self._repository = session.desk.place.repository
        self._transaction = transaction
        self._theirs = theirs
        self._found = found
        self._records: dict[str, Record] = {}
        self._texts: dict[str, bytes] = {}
        self._files: dict[str, bytes | None] = {}
        self._whole: dict[str, File | None] = {}
        self._ahead: dict[tuple[str, str], bytes | None] = {}
        self._waiting: list[tuple[Record, Record]] = []
        self._united = United()

    def run(self, name: str) -> United:
        found = self._found
        both = found.both
        for start in range(0, len(both), _AT_ONCE):
            self._read_ahead(both[start : start + _AT_ONCE])
            for path in both[start : start + _AT_ONCE]:
                if whole := found.whole(path):
                    self._keep_whole(path, whole)
                else:
                    self._one(path)
        along = carrying.along(self._session, self._records.values(), self._ticket, self._changed)
        self._united.remarks += along
        files = {**self._files}
        for path, record in self._records.items():
            files[path] = self._text_of(record, path)
        self._transaction.join(
            self._theirs,
            self._message(name, len(both)),
            self._session.who.signed(self._session.now),
            {**found.taken, **self._whole},
            files,
            {path for path in both if found.is_executable(path)},
        )
        for merged, other in self._waiting:
            self._absorb(merged, other)
        self._united.merged = len(both)
        return self._united

    def _read_ahead(self, paths: Sequence[str]) -> None:
        """All versions of files at once, by their blobs."""
        found = self._found
        sides = {
            "base": [found.theirs[path].before for path in paths],
            "theirs": [found.theirs[path].after for path in paths],
            "ours": [found.ours[path].after for path in paths],
        }
        blobs = {file.blob for files in sides.values() for file in files if file}
        contents = dict(zip(blobs, self._session.desk.objects.many(blobs), strict=True))
        self._ahead = {
            (side, path): contents[file.blob] if file else None
            for side, files in sides.items()
            for path, file in zip(paths, files, strict=True)
        }

    def _text_of(self, record: Record, path: str) -> bytes:
        upon = self._texts.get(path)
        return upon if upon is not None else codec.write(record, self._read("theirs", path))

    def _keep_whole(self, path: str, file: File) -> None:
        """A file that is not merged: nothing that one side removed is lost to the other."""
        self._whole[path] = file
        theirs = self._found.theirs[path].after
        if self._found.ours[path].after and theirs:
            where = f"git show {self._theirs[:10]}:{path}"
            self._say(f"{path}: both changed what is no text: kept yours; {where} is theirs")

    def _one(self, path: str) -> None:
        base, ours, theirs = (self._read(side, path) for side in ("base", "ours", "theirs"))
        assert ours is not None
        assert theirs is not None
        kind = threeway.kind_of(path)
        sides = Sides(path, base, ours, theirs)
        if kind is not None:
            self._record(kind, sides)
        else:
            self._files[path] = self._other(sides)

    def _read(self, side: str, path: str) -> bytes | None:
        if side == "ours" and self._transaction.touches(path):
            return self._transaction.read(path)
        if (side, path) in self._ahead:
            return self._ahead[side, path]
        commit = {"base": self._found.base, "theirs": self._theirs}.get(side)
        if commit is None:
            return self._transaction.read(path)
        found = self._session.desk.objects.read(f"{commit}:{path}")
        return found[2] if found and found[1] == "blob" else None

    def _readable(
        self, kind: type[Record], side: str, path: str, data: bytes
    ) -> tuple[Record | None, bytes]:
        """The record that a side has, or had when it could last be read, and its file."""
        try:
            return codec.read(kind, data, path), data
        except BadData as error:
            commit = self._theirs if side == "theirs" else self._transaction.base
            self._say(f"{error}; merged as it was before that")
            found = last_readable(self._session.desk, commit, path, kind)
            return found, codec.write(found) if found else data

    def _record(self, kind: type[Record], sides: Sides) -> None:
        path = sides.path
        ours, mine = self._readable(kind, "ours", path, sides.ours)
        theirs, other = self._readable(kind, "theirs", path, sides.theirs)
        if ours is None or theirs is None:
            self._files[path] = sides.theirs if ours is None else sides.ours
            return
        sides = replace(sides, ours=mine, theirs=other)
        base = None
        if sides.base:
            with suppress(BadData):
                base = codec.read(kind, sides.base, path)
        if sides.base is None:
            driver.require_one(base, ours, theirs)
        if hand_edit(ours):
            ours = self._session.absorb(self._transaction, ours)
            sides = replace(sides, ours=self._transaction.read(path) or sides.ours)
        if isinstance(ours, Ticket) and isinstance(theirs, Ticket) and born_twice(ours, theirs):
            self._twins(ours, theirs, sides)
            return
        both = threeway.records(self._repository, base, ours, theirs)
        self._keep(both, sides, (ours, theirs))
        if hand_edit(self._records[path]):
            self._waiting.append((self._records[path], theirs))

    def _keep(self, both: Merged, sides: Sides, versions: tuple[Record, Record]) -> None:
        record = both.record
        if both.retexted:
            entry = driver.texts_entry(record, self._session.who.handle, self._session.now)
            record = record.with_entry(entry)
        for remark in driver.said(both):
            self._say(remark)
        self._united.lost += [(record.id, each.field) for each in both.lost]
        self._records[record.path] = record
        self._texts[record.path] = threeway.file_of(self._repository, record, sides, versions)

    def _twins(self, ours: Ticket, theirs: Ticket, sides: Sides) -> None:
        """Two tickets that drew one id: the elder keeps it."""
        elder, younger = sorted((ours, theirs), key=lambda each: beginning(each).order)
        text = sides.ours if younger is ours else sides.theirs
        self._records[sides.path] = elder
        self._texts[sides.path] = sides.theirs if younger is ours else sides.ours
        moved, there = self._new_place(younger)
        path = ids.ticket_path(moved)
        draft = Draft("renumber", add={"aliases": [younger.id]})
        renamed = Ticket(moved, younger.values, younger.log)
        if there is None:
            renamed = renamed.with_entry(self._session.entry(renamed, draft))
            self._records[path] = renamed
            self._texts[path] = _renamed_text(renamed, younger, text)
        else:
            both = threeway.records(self._repository, None, there, renamed)
            present = self._transaction.read(path) or self._read("theirs", path) or b""
            sides = Sides(path, None, present, codec.write(renamed))
            self._keep(both, sides, (there, renamed))
        self._united.renumbered.append((younger.id, moved))
        self._say(
            f"{younger.id}: two tickets were born with this id; "
            f"'{message.one_line(younger.title)}' is {moved} now"
        )

    def _new_place(self, ticket: Ticket) -> tuple[str, Ticket | None]:
        """The id that a younger twin gets, whoever merges; and the ticket itself if it has it."""
        prefix, _, key = ticket.id.rpartition("-")
        source = ids.drawn_from(ticket.id, beginning(ticket).id)
        for _ in range(1000):
            new = f"{prefix}-{ids.draw(len(key), source)}"
            there = self._ticket(new)
            if there is None or not born_twice(there, ticket):
                return new, there
        raise Conflict(f"no free id for the second {ticket.id}")

    def _ticket(self, ticket_id: str) -> Ticket | None:
        """A ticket as it is so far, on either side."""
        path = ids.ticket_path(ticket_id)
        found = self._records.get(path)
        if isinstance(found, Ticket):
            return found
        data = self._read("theirs", path) if path in self._found.taken else self._read("ours", path)
        with suppress(BadData):
            return codec.read_ticket(data, path) if data else None
        return None

    def _other(self, sides: Sides) -> bytes:
        """A file that is no record: settings and the like by key, any other by lines."""
        commits = (self._transaction.base, self._theirs)
        found = otherfiles.merged(self._repository, sides, *commits)
        self._united.lost += [(sides.path, name) for name in found.lost]
        self._united.remarks += found.remarks
        return found.data

    def _changed(self, record: Ticket) -> None:
        """A record that the merge itself adds entries to."""
        upon = self._texts.get(record.path)
        if upon is None:
            side = "theirs" if record.path in self._found.taken else "ours"
            upon = self._read(side, record.path)
        self._records[record.path] = record
        self._texts[record.path] = codec.write(record, upon)

    def _absorb(self, merged: Record, other: Record) -> None:
        """Their hand edits that git alone committed become entries by whoever made them.

        Those that our side has in its log already are passed over.
        """
        open_ = hand_edit(merged)
        found = []
        for step in steps(self._session.desk, self._theirs, other, self._session.now):
            change = _among(step.change, open_)
            if change:
                found.append(replace(step, change=change))
        after = self._session.absorbed(self._transaction, merged, found)
        rest = edited(after.values, logged_text(after.log), merged)
        if rest and found:
            self._session.absorbed(self._transaction, after, [replace(found[-1], change=rest)])

    def _say(self, remark: str) -> None:
        self._united.remarks.append(remark)

    def _message(self, name: str, count: int) -> str:
        trailers = [("Action", "sync")]
        trailers += [("Concurrent-Edit", f"{i} {field}") for i, field in self._united.lost]
        trailers += [("Renumbered", f"{old} {new}") for old, new in self._united.renumbered]
        files = f"{count} file{'s' * (count != 1)} changed on both sides"
        subject = f"desk: merge {name} ({files})"
        return message.commit_message(subject, "\n".join(self._united.remarks), trailers)


def _renamed_text(after: Ticket, before: Ticket, text: bytes) -> bytes:
    """The file of a ticket under its new id, with what people wrote in it besides."""
    try:
        return codec.write(after, text, before)
    except HdError:
        return codec.write(after)


def _among(change: Change, open_: Change) -> Change:
    """A change without what is not open any more."""
    return Change(
        {name: value for name, value in change.set.items() if name in open_.set},
        _items(change.add, open_.add),
        _items(change.remove, open_.remove),
        change.kind,
        open_.text if change.text else "",
    )


def _items(some: Values, open_: Values) -> dict[str, list[str]]:
    found = {n: [i for i in items if i in open_.get(n, ())] for n, items in some.items()}
    return {name: items for name, items in found.items() if items}

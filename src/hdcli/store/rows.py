"""A ticket as rows of the cache: what listing, filtering, sorting and completing need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from hdcli.errors import BadData
from hdcli.model import fields, ids
from hdcli.model.record import hand_edit
from hdcli.model.schema import document
from hdcli.model.ticket import Ticket
from hdcli.model.verdict import Verdict, verdicts
from hdcli.store import codec
from hdcli.store.texts import text_of

# Raise it with every change of the tables or of what a column holds: the cache is then built anew.
VERSION = 5
TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE tickets (
    id TEXT PRIMARY KEY, key TEXT, title TEXT, status TEXT, open INT, level INT, priority TEXT,
    rank INT, impact TEXT, urgency TEXT, category TEXT, team TEXT, assignee TEXT, requester TEXT,
    channel TEXT, due TEXT, pending TEXT, until TEXT, created TEXT, updated TEXT, resolved TEXT,
    merged TEXT, external TEXT, procedure TEXT, entries INT, edited INT, doc TEXT
);
CREATE TABLE tally (
    open INT, status TEXT, level INT, team TEXT, assignee TEXT, n INT,
    PRIMARY KEY (open, status, level, team, assignee)
) WITHOUT ROWID;
CREATE TABLE tags (plain TEXT, id TEXT, tag TEXT, PRIMARY KEY (plain, id, tag)) WITHOUT ROWID;
CREATE TABLE links (source TEXT, relation TEXT, target TEXT);
CREATE TABLE files (id TEXT, path TEXT, plain TEXT);
CREATE TABLE aliases (alias TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID;
CREATE TABLE texts (id TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;
CREATE TABLE helped (
    slug TEXT, ticket TEXT, good INT, at TEXT, reopened TEXT, PRIMARY KEY (slug, ticket)
) WITHOUT ROWID;
CREATE TABLE articles (
    slug TEXT PRIMARY KEY, title TEXT, state TEXT, language TEXT, category TEXT, audience TEXT,
    owner TEXT, review TEXT, created TEXT, updated TEXT, published TEXT, looked TEXT, steps INT,
    entries INT, edited INT, doc TEXT
) WITHOUT ROWID;
CREATE TABLE article_tags (
    plain TEXT, slug TEXT, tag TEXT, PRIMARY KEY (plain, slug, tag)
) WITHOUT ROWID;
CREATE TABLE article_texts (slug TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;
CREATE TABLE article_sources (slug TEXT, ticket TEXT);
CREATE TABLE translations (slug TEXT, other TEXT);
CREATE TABLE commits (ticket TEXT, n INT, id TEXT, PRIMARY KEY (ticket, n)) WITHOUT ROWID;
CREATE TABLE problems (path TEXT PRIMARY KEY, line INT, message TEXT) WITHOUT ROWID;
"""
# Made after a build's rows, which is faster. Those that lists walk hold the whole order of urgency.
INDEXES = """
CREATE INDEX by_urgency ON tickets (open DESC, rank DESC, due, created, id);
CREATE INDEX by_status ON tickets (status, open DESC, rank DESC, due, created, id);
CREATE INDEX by_assignee ON tickets (assignee, open DESC, rank DESC, due, created, id);
CREATE INDEX by_team ON tickets (team, open DESC, rank DESC, due, created, id);
CREATE INDEX by_level ON tickets (level, open DESC, rank DESC, due, created, id);
CREATE INDEX by_key ON tickets (key);
CREATE INDEX by_updated ON tickets (updated, id);
CREATE INDEX by_created ON tickets (created, id);
CREATE INDEX by_resolved ON tickets (resolved, id) WHERE resolved != '';
CREATE INDEX by_due ON tickets (due, level, team, assignee) WHERE open = 1;
CREATE INDEX by_until ON tickets (until) WHERE status = 'pending';
CREATE INDEX by_edited ON tickets (id) WHERE edited = 1;
CREATE INDEX by_merged ON tickets (merged) WHERE merged != '';
CREATE INDEX by_procedure ON tickets (procedure) WHERE procedure != '';
CREATE INDEX by_external ON tickets (external) WHERE external != '';
CREATE INDEX tags_of ON tags (id);
CREATE INDEX links_from ON links (source);
CREATE INDEX links_to ON links (target);
CREATE INDEX files_of ON files (id);
CREATE INDEX by_order ON commits (n);
CREATE INDEX aliases_of ON aliases (id);
CREATE INDEX helped_with ON helped (ticket);
CREATE INDEX sources_of ON article_sources (slug);
CREATE INDEX article_from ON article_sources (ticket);
CREATE INDEX translations_of ON translations (slug);
"""
# How many tickets stand where: what would else be counted one by one.
TALLY = (
    """
    INSERT INTO tally SELECT open, status, level, team, assignee, count(*) FROM tickets
    GROUP BY open, status, level, team, assignee
    """,
    """
    CREATE TRIGGER came AFTER INSERT ON tickets BEGIN
        INSERT INTO tally
        VALUES (new.open, new.status, new.level, new.team, new.assignee, 1)
        ON CONFLICT (open, status, level, team, assignee) DO UPDATE SET n = n + 1;
    END
    """,
    """
    CREATE TRIGGER went AFTER DELETE ON tickets BEGIN
        UPDATE tally SET n = n - 1 WHERE open = old.open AND status = old.status
        AND level = old.level AND team = old.team AND assignee = old.assignee;
    END
    """,
)
# What sorts after every date: tickets without a deadline come last.
NEVER = "9999"
_COLUMNS = ("category", "team", "assignee", "requester", "channel")


@dataclass(frozen=True, slots=True)
class Problem:
    """A ticket file that can't be read: where, and why."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of one ticket file: a ticket's, or the problem that it is."""

    path: str
    ticket: tuple[object, ...] | None = None
    tags: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    text: str = ""
    problem: Problem | None = None

    @property
    def id(self) -> str:
        """The ticket whose place the file is in; empty when it is in no ticket's place."""
        return ids.id_of_path(self.path) or ""


def file_name(path: str) -> str:
    """The name that an attachment was given, without folders and the hash before it."""
    name = path.rpartition("/")[2]
    return name.partition("-")[2] or name


def of_ticket(ticket: Ticket, priorities: Sequence[str]) -> Rows:
    """The rows of a ticket. ``priorities`` are the desk's, the lowest first."""
    data = document(ticket)
    del data["log"]
    priority = ticket.text("priority")
    row = (
        ticket.id,
        ticket.id.rpartition("-")[2],
        ticket.title,
        ticket.status,
        int(ticket.status in fields.OPEN_STATUSES),
        ticket.level,
        priority,
        priorities.index(priority) if priority in priorities else -1,
        ticket.text("impact"),
        ticket.text("urgency"),
        *(ticket.text(name) for name in _COLUMNS),
        ticket.text("due") or NEVER,
        ticket.text("pending"),
        ticket.text("pending_until"),
        ticket.text("created"),
        ticket.text("updated"),
        ticket.text("resolved"),
        ticket.text("merged_into"),
        ticket.text("external_id"),
        ticket.text("procedure"),
        len(ticket.log),
        int(bool(hand_edit(ticket))),
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    )
    names = [ticket.id, *ticket.items("aliases"), ticket.text("requester"), *ticket.items("cc")]
    names += [file_name(path) for path in ticket.items("attachments")]
    bodies = [entry.body for entry in ticket.log if entry.body]
    return Rows(
        ticket.path,
        row,
        ticket.items("tags"),
        tuple((link.partition(" ")[0], link.partition(" ")[2]) for link in ticket.items("links")),
        ticket.items("attachments"),
        ticket.items("aliases"),
        tuple(verdicts(ticket)),
        text_of(ticket.title, bodies, ticket.items("tags"), names),
    )


def of_file(path: str, mode: str, data: bytes | None, priorities: Sequence[str]) -> Rows:
    """The rows of a file below ``tickets/``; what can't be a ticket is a problem, never silent."""
    identifier = ids.id_of_path(path)
    if identifier is None:
        return _problem(path, "not a ticket's place (tickets/7k/HD-7K3QF.yaml)")
    if mode != "100644" and mode != "100755":
        kind = {"120000": "a symbolic link", "160000": "a submodule"}.get(mode, "not a plain file")
        return _problem(path, f"{kind}, not a ticket")
    if data is None:
        return _problem(path, "its object is missing from the repository")
    try:
        ticket = codec.read_ticket(data, path)
    except BadData as error:
        return Rows(path, problem=Problem(path, error.line, error.reason))
    if ticket.id != identifier:
        return _problem(path, f"the id in it is {ticket.id}")
    return of_ticket(ticket, priorities)


def _problem(path: str, message: str) -> Rows:
    return Rows(path, problem=Problem(path, 0, message))

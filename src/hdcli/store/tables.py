"""The tables of the cache, and the texts in them: what reading it needs, and no more."""

from __future__ import annotations

from dataclasses import dataclass

# Raise it with every change of the tables or of what a column holds: the cache is then built anew.
VERSION = 14
TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE tickets (
    id TEXT PRIMARY KEY, key TEXT, title TEXT, status TEXT, open INT, level INT, priority TEXT,
    rank INT, impact TEXT, urgency TEXT, category TEXT, team TEXT, assignee TEXT, requester TEXT,
    channel TEXT, due TEXT, pending TEXT, until TEXT, created TEXT, updated TEXT, resolved TEXT,
    merged TEXT, external TEXT, procedure TEXT, csat INT,
    quiet TEXT, entries INT, edited INT, doc TEXT
);
CREATE TABLE tally (
    open INT, status TEXT, level INT, team TEXT, assignee TEXT, n INT,
    PRIMARY KEY (open, status, level, team, assignee)
) WITHOUT ROWID;
CREATE TABLE requesters (requester TEXT PRIMARY KEY, n INT) WITHOUT ROWID;
CREATE TABLE tags (plain TEXT, id TEXT, tag TEXT, PRIMARY KEY (plain, id, tag)) WITHOUT ROWID;
CREATE TABLE watchers (agent TEXT, id TEXT, PRIMARY KEY (agent, id)) WITHOUT ROWID;
CREATE TABLE links (source TEXT, relation TEXT, target TEXT);
CREATE TABLE files (id TEXT, path TEXT, plain TEXT);
CREATE TABLE aliases (alias TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID;
CREATE TABLE texts (id TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;
CREATE TABLE written (key TEXT PRIMARY KEY, text TEXT);
CREATE TABLE helped (
    slug TEXT, ticket TEXT, good INT, at TEXT, reopened TEXT, PRIMARY KEY (slug, ticket)
) WITHOUT ROWID;
CREATE TABLE messages (message TEXT, digest TEXT, ticket TEXT, action TEXT, at TEXT);
CREATE TABLE deeds (ticket TEXT, what TEXT, agent TEXT, at TEXT);
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
CREATE TABLE commits (record TEXT, n INT, id TEXT, PRIMARY KEY (record, n)) WITHOUT ROWID;
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
CREATE INDEX by_quiet ON tickets (quiet) WHERE quiet != '';
CREATE INDEX by_csat ON tickets (csat) WHERE csat > 0;
CREATE INDEX by_merged ON tickets (merged) WHERE merged != '';
CREATE INDEX by_procedure ON tickets (procedure) WHERE procedure != '';
CREATE INDEX by_external ON tickets (external) WHERE external != '';
CREATE INDEX tags_of ON tags (id);
CREATE INDEX watchers_of ON watchers (id);
CREATE INDEX links_from ON links (source);
CREATE INDEX links_to ON links (target);
CREATE INDEX files_of ON files (id);
CREATE INDEX by_order ON commits (n);
CREATE INDEX aliases_of ON aliases (id);
CREATE INDEX helped_with ON helped (ticket);
CREATE INDEX messages_of ON messages (ticket);
CREATE INDEX by_message ON messages (message) WHERE message != '';
CREATE INDEX by_digest ON messages (digest);
CREATE INDEX deeds_on ON deeds (ticket);
CREATE INDEX deeds_since ON deeds (at);
CREATE INDEX sources_of ON article_sources (slug);
CREATE INDEX article_from ON article_sources (ticket);
CREATE INDEX translations_of ON translations (slug);
"""
# How many tickets stand where, and who asks: what would else be counted one by one.
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
    """
    INSERT INTO requesters SELECT requester, count(*) FROM tickets WHERE requester != ''
    GROUP BY requester
    """,
    """
    CREATE TRIGGER asked AFTER INSERT ON tickets WHEN new.requester != '' BEGIN
        INSERT INTO requesters VALUES (new.requester, 1)
        ON CONFLICT (requester) DO UPDATE SET n = n + 1;
    END
    """,
    """
    CREATE TRIGGER asks_no_more AFTER DELETE ON tickets WHEN old.requester != '' BEGIN
        UPDATE requesters SET n = n - 1 WHERE requester = old.requester;
        DELETE FROM requesters WHERE requester = old.requester AND n = 0;
    END
    """,
)
# What sorts after every date: tickets without a deadline come last.
NEVER = "9999"


@dataclass(frozen=True, slots=True)
class Problem:
    """A ticket file that can't be read: where, and why."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


def file_name(path: str) -> str:
    """The name that an attachment was given, without folders and the hash before it."""
    name = path.rpartition("/")[2]
    return name.partition("-")[2] or name

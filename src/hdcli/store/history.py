"""The commits: streamed from git, and for a ticket or an article found through the cache.

git finds the commits of a file by looking into thousands (its changed-path filters are wrong about
3 in 100). Which commits a record has is therefore remembered, by its id or slug, which are never
the same: a projection like the rest of the cache, that catches up when it is asked.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hdcli.model import ids, slug
from hdcli.store import partial
from hdcli.store.ancestry import is_ancestor
from hdcli.store.cache import Cache, meta, set_meta
from hdcli.store.git import Repository, environment, failure

_BRIEF = "%H%x00%h%x00%at%x00%an%x00%ae%x00%s"
_WHOLE = f"{_BRIEF}%x00%(trailers:only,unfold)%x00%b"
_NAMED = (
    "%H%x00%(trailers:key=Ticket,valueonly,separator=%x20)"
    "%x00%(trailers:key=Action,valueonly,separator=%x20)"
)
# Their commits may change records that their trailers don't name; so may those on articles.
_OF_SEVERAL = frozenset(("merge", "undo"))


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as its author made it, at ``at`` (seconds since 1970, UTC).

    ``trailers`` and ``body`` (the message between subject and trailers) only where asked for.
    """

    id: str
    short: str
    at: int
    name: str
    email: str
    subject: str
    trailers: tuple[tuple[str, str], ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """How much of the history: the newest ``limit``, committed in a span of time (UTC seconds)."""

    limit: int | None = None
    since: int | None = None
    until: int | None = None

    def options(self) -> list[str]:
        """As git-log(1) takes them. Dates are no order: imported tickets bring old ones."""
        found = [] if self.limit is None else [f"--max-count={self.limit}"]
        found += [] if self.since is None else [f"--since-as-filter={_instant(self.since)}"]
        return found + ([] if self.until is None else [f"--until={_instant(self.until)}"])


def _instant(seconds: int) -> str:
    """As git reads any number of seconds; its commits begin with 1970."""
    return f"@{max(0, seconds)} +0000"


def commits(repository: Repository, tip: str, span: Span, *, whole: bool) -> Iterator[Commit]:
    """The commits that lead to ``tip``, the newest first, as git finds them. Raises GitFailed."""
    return _read(repository, [*span.options(), tip], b"", whole=whole)


def commits_between(
    repository: Repository,
    old: str,
    new: str,
    *,
    whole: bool,
    oldest_first: bool = False,
    limit: int | None = None,
) -> Iterator[Commit]:
    """The commits that lead to ``new`` and not to ``old``, whatever their dates: those too that a
    merge brought late; the newest ``limit`` alone. Raises GitFailed."""
    options = [*Span(limit).options(), *(["--topo-order", "--reverse"] if oldest_first else [])]
    return _read(repository, [*options, new, f"^{old}"], b"", whole=whole)


def before(repository: Repository, tip: str, at: int) -> str:
    """The last commit on the desk's own line to ``tip`` that was made before an instant (seconds
    since 1970); the first of all where none was. Raises GitFailed."""
    line = ("rev-list", "--first-parent")
    if found := repository.text(*line, "--max-count=1", f"--before={_instant(at)}", tip):
        return found
    return repository.text(*line, "--max-parents=0", tip)


def commits_of(
    repository: Repository, cache: Cache, records: Sequence[str], span: Span, *, whole: bool
) -> Iterator[Commit]:
    """The commits of some tickets (by id) and articles (by slug), the newest first.

    Raises GitFailed.
    """
    try:
        _catch_up(repository, cache)
    except sqlite3.OperationalError:  # a cache that can't be written to
        paths = map(_path, records)
        return _read(repository, [*span.options(), cache.head, "--", *paths], b"", whole=whole)
    found = cache.ask(lambda db: _remembered(db, records))
    if not found:
        return iter(())
    # Behind --max-count, which makes git walk again.
    options = [*span.options(), "--no-walk=unsorted", "--stdin"]
    return _read(repository, options, "\n".join(found).encode(), whole=whole)


def _read(
    repository: Repository, options: Sequence[str], stdin: bytes, *, whole: bool
) -> Iterator[Commit]:
    form = _WHOLE if whole else _BRIEF
    fields = form.count("%x00") + 1
    record: list[str] = []
    for part in _parts(repository, ["log", "-z", f"--format=tformat:{form}", *options], stdin):
        record.append(part)
        if len(record) == fields:
            yield _commit(record)
            record = []


def _commit(record: list[str]) -> Commit:
    identifier, short, at, name, email, subject, *rest = record
    if not rest:
        return Commit(identifier, short, int(at), name, email, subject)
    pairs = [line.partition(": ") for line in rest[0].splitlines()]
    trailers = tuple((key, value) for key, colon, value in pairs if colon)
    body = rest[1].strip("\n")
    if trailers:  # they are its last paragraph
        body = body.rpartition("\n\n")[0]
    return Commit(identifier, short, int(at), name, email, subject, trailers, body)


def _parts(repository: Repository, command: Sequence[str], stdin: bytes) -> Iterator[str]:
    """What git prints, piece by piece between NULs, as it comes; git ends when nobody listens."""
    process = subprocess.Popen(
        repository.git(*command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=repository.work_tree or repository.git_dir,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        try:
            process.stdin.write(stdin)
            process.stdin.close()
            rest = b""
            while chunk := os.read(process.stdout.fileno(), 65536):
                *parts, rest = (rest + chunk).split(b"\0")
                yield from (part.decode("utf-8", "replace") for part in parts)
            error = process.stderr.read()
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise failure(command, error)


def _path(record: str) -> str:
    is_ticket = ids.ID_PATTERN.fullmatch(record)
    return ids.ticket_path(record) if is_ticket else slug.article_path(record)


def _remembered(db: sqlite3.Connection, records: Sequence[str]) -> list[str]:
    sql = """
        SELECT DISTINCT id, n FROM commits WHERE record IN (SELECT value FROM json_each(?))
        ORDER BY n DESC
    """
    return [str(row[0]) for row in db.execute(sql, (json.dumps(records),))]


def _catch_up(repository: Repository, cache: Cache) -> None:
    """Remembers the commits up to the cache's; a later state, made by another hd, will do too.

    What a shallow clone remembers holds as long as its history begins where it did.
    """
    begin = " ".join(sorted(partial.first_commits(repository)))
    while (noted := cache.ask(lambda db: meta(db, "commits")) or "") != f"{cache.head} {begin}":
        known, _, began = noted.partition(" ")
        if began != begin:
            known = ""
        elif known and not is_ancestor(repository, known, cache.head):
            if is_ancestor(repository, cache.head, known):
                return
            known = ""  # the history was rewritten
        found = list(_between(repository, known, cache.head))
        step = _Step(noted, f"{cache.head} {begin}", found, anew=not known)
        cache.ask(lambda db: _remember(db, step))  # noqa: B023


@dataclass(frozen=True, slots=True)
class _Step:
    """What is remembered from one note of the history's end to the next; ``anew``: all of it."""

    before: str
    after: str
    found: Sequence[tuple[str, Sequence[str]]]
    anew: bool


def _remember(db: sqlite3.Connection, step: _Step) -> None:
    """Adds commits and their records, unless somebody else did meanwhile."""
    db.execute("BEGIN IMMEDIATE")
    try:
        if step.anew:
            db.execute("DELETE FROM commits")
        if step.anew or (meta(db, "commits") or "") == step.before:
            start = int(db.execute("SELECT coalesce(max(n), 0) FROM commits").fetchone()[0])
            numbered = enumerate(step.found, start + 1)
            rows = ((each, n, commit) for n, (commit, records) in numbered for each in records)
            db.executemany("INSERT OR IGNORE INTO commits VALUES (?, ?, ?)", rows)
            set_meta(db, "commits", step.after)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _between(repository: Repository, known: str, tip: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Each commit since ``known`` with the records it changed, the oldest first.

    What the first ones of a shallow clone changed can't be told, but for what they say themselves.
    """
    command = ["log", "-z", "--topo-order", "--reverse", f"--format=tformat:{_NAMED}", tip]
    parts = _parts(repository, command + ([f"^{known}"] if known else []), b"")
    named: list[tuple[str, list[str] | None]] = []
    for commit, tickets, actions in zip(parts, parts, parts, strict=True):
        sure = tickets and _OF_SEVERAL.isdisjoint(actions.split())
        named.append((commit, tickets.split() if sure else None))
    first = partial.first_commits(repository)
    unsaid = [commit for commit, found in named if found is None and commit not in first]
    looked_into = _changed(repository, unsaid)
    for commit, found in named:
        yield commit, looked_into.get(commit, ()) if found is None else found


def _changed(repository: Repository, asked: Sequence[str]) -> dict[str, list[str]]:
    """The records whose files each of some commits changes."""
    if not asked:
        return {}
    command = ("diff-tree", "--stdin", "-r", "-z", "-c", "--root", "--name-only", "--no-renames")
    output = repository.run(*command, stdin="\n".join([*asked, ""]).encode())
    found: dict[str, list[str]] = {}
    wanted, current = set(asked), ""
    for part in output.decode("utf-8", "replace").split("\0"):
        name = part.strip("\n")
        if name in wanted:
            current = name
        elif record := ids.id_of_path(name) or slug.slug_of_path(name):
            found.setdefault(current, []).append(record)
    return found

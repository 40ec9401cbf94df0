"""Every file of a desk, read afresh from the commits: streamed, on all cores where that pays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from hdcli.errors import BadData
from hdcli.model import ids
from hdcli.model.article import Article
from hdcli.model.audit import remarks
from hdcli.model.deskcheck import ATTACHMENT
from hdcli.model.finding import Finding
from hdcli.model.record import Record
from hdcli.model.settings import Settings
from hdcli.model.slug import slug_of_path
from hdcli.model.ticket import Ticket
from hdcli.store import articlerows, cannedfile, codec, mirror, refs, rows, yamlread
from hdcli.store.articlerows import ArticleRows
from hdcli.store.contents import contents
from hdcli.store.filerows import Listed
from hdcli.store.git import Place
from hdcli.store.rows import Rows
from hdcli.store.tables import Problem

_CHUNK = 250
_MANY = 2000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What all files are checked against. ``cache`` is the file to compare with, None without one;
    ``now`` is UTC, as it is stored."""

    place: Place
    settings: Settings
    now: str
    cache: Path | None


@dataclass(frozen=True, slots=True)
class Checked:
    """One file, checked: what was found in it, and what else of the desk it refers to.

    ``articles`` are slugs, each with the field that names it. ``perhaps_behind`` is true of a
    merged ticket that has entries which whoever merged it can't have seen.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    branch: str | None = None
    readable: bool = False
    links: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    articles: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    perhaps_behind: bool = False


def listing(place: Place, *folders: str) -> list[Listed]:
    """The committed files below folders: path, mode and blob."""
    raw = place.repository.run("ls-tree", "-r", "-z", "--full-tree", place.head, "--", *folders)
    found = []
    for record in raw.decode("utf-8", "surrogateescape").split("\0"):
        head, _, path = record.partition("\t")
        if path:
            mode, _, blob = head.split(" ")
            found.append((path, mode, blob))
    return found


def check(terms: Terms, listed: Sequence[Listed], progress: Progress) -> Iterator[Checked]:
    """Checks files one after the other, in their order."""
    chunks = [listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK)]
    done = 0
    for result in _results([(terms, chunk) for chunk in chunks], len(listed)):
        yield from result
        done += len(result)
        progress(done, len(listed))


Work = tuple[Terms, Sequence[Listed]]


def _results(work: list[Work], total: int) -> Iterator[list[Checked]]:
    if total <= _MANY or (os.cpu_count() or 1) == 1:
        yield from map(_chunk, work)
        return
    from hdcli.store.cores import workers

    with workers() as pool:
        yield from pool.map(_chunk, work)


def _chunk(work: Work) -> list[Checked]:
    terms, listed = work
    found: list[Checked] = []
    fresh: list[Rows | ArticleRows] = []
    readable = (blob if mode.startswith("100") else "" for _, mode, blob in listed)
    texts = contents(terms.place.repository, list(readable), _limit(listed))
    for (path, mode, _), data in zip(listed, texts, strict=True):
        if path.startswith("tickets/"):
            checked, row = _ticket_file(terms, path, mode, data)
            fresh.append(row)
        elif path.startswith("kb/"):
            checked, article = _article_file(terms, path, mode, data)
            fresh.append(article)
        elif path.startswith("attachments/"):
            checked = _attachment(path, mode, data)
        else:
            checked = _other(path, mode, data)
        found.append(checked)
    if terms.cache is not None and fresh:
        found += [_stale(path) for path in mirror.differing(terms.cache, fresh)]
    return found


def _limit(listed: Sequence[Listed]) -> int | None:
    attached = any(path.startswith("attachments/") for path, _, _ in listed)
    return None if attached else yamlread.MAX_BYTES


def _stale(path: str) -> Checked:
    message = f"the cache has {ids.id_of_path(path) or path} not as it is committed"
    remedy = "hd fsck --repair builds it anew"
    return Checked(
        path, (Finding("warning", ".git/hd/cache.sqlite3", 0, message, remedy, "cache"),)
    )


def _ticket_file(terms: Terms, path: str, mode: str, data: bytes | None) -> tuple[Checked, Rows]:
    ticket = _ticket(path, mode, data)
    if ticket is None or data is None:
        row = rows.of_file(path, mode, data, terms.settings.priorities)
        problem = row.problem or Problem(path, 0, "it can't be read")
        remedy = _remedy(path, problem.message)
        finding = Finding("error", path, problem.line, problem.message, remedy)
        return Checked(path, (finding,)), row
    row = rows.of_ticket(ticket, terms.settings.priorities)
    findings = [*_remarks(terms, ticket, data), *_mode(path, mode)]
    links = [link.partition(" ")[2] for link in ticket.items("links")]
    links += [ticket.text("merged_into")] if ticket.text("merged_into") else []
    checked = Checked(
        path,
        tuple(findings),
        refs.branch_of(ticket),
        True,
        tuple(links),
        ticket.items("attachments"),
        tuple(_aliases(ticket)),
        tuple(_named(ticket)),
        perhaps_behind=_perhaps_behind(ticket),
    )
    return checked, row


def _perhaps_behind(ticket: Ticket) -> bool:
    own = [entry for entry in ticket.log if not entry.of]
    merges = [ids.entry_number(each.id) for each in own if each.set.get("merged_into")]
    return bool(ticket.text("merged_into") and merges) and len(own) > max(merges)


def _ticket(path: str, mode: str, data: bytes | None) -> Ticket | None:
    """The ticket in a file; None when the file is not one that can be read in its place."""
    if data is None or not mode.startswith("100"):
        return None
    try:
        ticket = codec.read_ticket(data, path)
    except BadData:
        return None
    return ticket if ticket.path == path else None


def _aliases(ticket: Ticket) -> Iterator[str]:
    """The old ids of a ticket, without one that another ticket, born with it too, has kept."""
    shared = {
        alias
        for entry in ticket.log
        if entry.action == "renumber"
        for alias in entry.add.get("aliases", ())
    }
    yield from (alias for alias in ticket.items("aliases") if alias not in shared)


def _named(ticket: Ticket) -> Iterator[tuple[str, str]]:
    """The articles that a ticket names, each behind the field that does."""
    for name in ("articles", "unhelpful"):
        yield from ((name, slug) for slug in ticket.items(name))
    if procedure := ticket.text("procedure"):
        yield "procedure", procedure


def _article_file(
    terms: Terms, path: str, mode: str, data: bytes | None
) -> tuple[Checked, ArticleRows]:
    row = articlerows.of_file(path, mode, data)
    if row.problem:
        line, message = row.problem.line, row.problem.message
        remedy = _remedy(path, message)
        return Checked(path, (Finding("error", path, line, message, remedy),)), row
    if row.article is None or data is None:
        return Checked(path), row
    article = codec.read_article(data, path)
    findings = [*_remarks(terms, article, data), *_mode(path, mode)]
    sources, translations = article.items("sources"), article.items("translations")
    found = Checked(path, tuple(findings), None, True, sources=sources, translations=translations)
    return found, row


def _remedy(path: str, message: str) -> str:
    if "object is missing" in message:
        return "hd fsck --repair looks for it elsewhere"
    if "'s place" in message:
        return "move it, or git rm it"
    return f"mend it and hd commit, or git log -p -- {path}"


def _remarks(terms: Terms, record: Record, data: bytes) -> Iterator[Finding]:
    ticket, article = (record.id if isinstance(record, kind) else "" for kind in (Ticket, Article))
    for each in remarks(record, terms.settings, terms.now):
        path = each.path
        if path[:1] == ("log",) and len(path) > 1:
            path = ("log", codec.place_of_entry(data, record.path, str(path[1])))
        line = codec.line_of(data, record.path, path)
        said = (each.message, each.remedy, each.repair)
        yield Finding(each.severity, record.path, line, *said, ticket, article)


def _mode(path: str, mode: str) -> Iterator[Finding]:
    if mode == "100755":
        message = "it is marked as a program"
        named = (ids.id_of_path(path) or "", slug_of_path(path) or "")
        yield Finding("warning", path, 0, message, "hd fsck --repair", "mode", *named)


def _attachment(path: str, mode: str, data: bytes | None) -> Checked:
    found = ATTACHMENT.fullmatch(path)
    problem = ""
    if mode not in ("100644", "100755") or data is None:
        problem = "not a plain file"
    elif not found:
        problem = "not an attachment's place (attachments/7k/HD-7K3QF/HASH-NAME)"
    elif sha256(data).hexdigest()[:12] != found[3]:
        problem = "it does not hold what its name says"
    remedy = f"git log -- {path}"
    return Checked(path, (Finding("error", path, 0, problem, remedy),) if problem else ())


def _other(path: str, mode: str, data: bytes | None) -> Checked:
    """A canned reply, or what lies beside them."""
    if not path.endswith(".yaml") or not mode.startswith("100") or data is None:
        return Checked(path)
    try:
        cannedfile.read(data, path)
    except BadData as error:
        finding = Finding("error", path, error.line, error.reason, "mend it and hd commit")
        return Checked(path, (finding,))
    return Checked(path)

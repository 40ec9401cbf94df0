"""What a desk holds on a requester, as pages that they can read without hd."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hdcli.render.json import dumps

if TYPE_CHECKING:
    from hdcli.model.article import Article
    from hdcli.model.entry import Entry
    from hdcli.model.ticket import Ticket
    from hdcli.services.holding import Holding

_READ_ME = """\
What the helpdesk "{desk}" holds on {who}
as of {at}

tickets/       your {tickets} tickets: what was asked, answered and noted, the oldest first
attachments/   the {files} files on them
articles/      {articles} articles of the knowledge base that were drafted from your tickets
elsewhere.txt  {elsewhere} entries of other tickets that name you
data.json      the same for programs

Times are UTC. The desk is kept in git: its history, which is not in here, has the earlier versions
of these texts as well, and so does every copy of the desk that somebody keeps.
"""
_UNNAMED = frozenset(("title", "created", "updated", "resolved"))


def pages(holding: Holding, desk: str) -> Iterator[tuple[str, bytes]]:
    """The pages of a holding, by their paths; the files themselves are not among them."""
    parts = {
        "tickets": len(holding.tickets),
        "files": len(holding.files),
        "articles": len(holding.articles),
        "elsewhere": len(holding.elsewhere),
    }
    readme = _READ_ME.format(desk=desk, who=holding.who, at=_time(holding.at), **parts)
    yield "README.txt", readme.encode()
    for ticket in holding.tickets:
        yield f"tickets/{ticket.id}.txt", _ticket(ticket).encode("utf-8", "replace")
    for article in holding.articles:
        yield f"articles/{article.slug}.md", _article(article).encode("utf-8", "replace")
    if holding.elsewhere:
        told = "\n".join(f"{ticket}\n{_entry(entry)}" for ticket, entry in holding.elsewhere)
        yield "elsewhere.txt", told.encode("utf-8", "replace")
    yield "data.json", dumps(holding.document(), indent=2).encode()


def _ticket(ticket: Ticket) -> str:
    head = f"{ticket.id}  {ticket.title}\n\n"
    values = ((n, v) for n, v in ticket.values.items() if n not in _UNNAMED)
    facts = "".join(f"{name}: {_value(value)}\n" for name, value in values)
    return f"{head}{facts}\n" + "\n".join(map(_entry, ticket.log))


def _entry(entry: Entry) -> str:
    changes = [f"{name} {_value(value)}" for name, value in entry.set.items()]
    changes += [f"+{name} {_value(items)}" for name, items in entry.add.items()]
    changes += [f"-{name} {_value(items)}" for name, items in entry.remove.items()]
    said = f"{_time(entry.at)}  {entry.by}  {entry.action}\n"
    said += "".join(f"    {each}\n" for each in changes)
    body = "".join(f"    | {line}\n" for line in entry.body.splitlines())
    return said + body


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)


def _article(article: Article) -> str:
    steps = "".join(f"{n}. {step.do}\n" for n, step in enumerate(article.steps, 1))
    return "\n".join(part for part in (f"# {article.title}\n", steps, article.body) if part) + "\n"


def _time(at: str) -> str:
    return f"{at[:10]} {at[11:16]}"

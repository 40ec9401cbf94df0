"""Suggestions at a terminal: what may help, why, and how it was solved before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from hdcli.render.text import fit, safe, width, wrap

if TYPE_CHECKING:
    from hdcli.render.look import Look
    from hdcli.search.alike import Shared
    from hdcli.services.hints import Hints
    from hdcli.services.suggest import About, Article, Solved, Suggestions

_INDENT = "    "
_LONGEST = 160
_HINTS = 3
_UNBROKEN = 1_000_000
_NAMED = 3
"""So many of the tickets that vote are named; the others are counted."""


def suggestions(about: About, found: Suggestions, look: Look) -> str:
    """The lines of all suggestions, below what they are for: a ticket, the words compared."""
    lines = []
    if about.ticket:
        lines.append(f"{look.palette.id(safe(about.ticket))}  {safe(about.title)}")
    compared = "compared by: " + _listed(found.words)
    lines += [look.palette.dim(each) for each in _wrapped(compared, look, "")]
    lines.append("")
    for article in found.articles:
        lines += article_lines(article, look)
    for ticket in found.tickets:
        lines += ticket_lines(ticket, look)
    return "\n".join(lines)


def article_lines(article: Article, look: Look) -> Iterator[str]:
    """An article: its slug and state, its title, why it is suggested."""
    palette, glimpse = look.palette, article.glimpse
    facts = [palette.id(glimpse.slug), "article", palette.state(glimpse.state)]
    if glimpse.audience == "public":
        facts.append(palette.dim("public"))
    yield from look.folded("  ".join(facts))
    yield from _wrapped(safe(glimpse.title), look)
    for reason in _reasons(article):
        yield from _wrapped(reason, look)


def _reasons(article: Article) -> Iterator[str]:
    good = [each.ticket for each in article.votes if each.weight > 0]
    bad = [each.ticket for each in article.votes if each.weight < 0]
    if good:
        yield f"solved {_tickets(good)}"
    if bad:
        yield f"did not help with {_tickets(bad)}"
    if article.words:
        yield _shared(article.words)


def _tickets(ids: Sequence[str]) -> str:
    """``1 ticket like it: HD-1``, ``7 tickets like it: HD-1, HD-2, HD-3 ...``."""
    what = "ticket" if len(ids) == 1 else "tickets"
    more = " ..." if len(ids) > _NAMED else ""
    return f"{len(ids)} {what} like it: {_listed(ids[:_NAMED])}{more}"


def ticket_lines(ticket: Solved, look: Look) -> Iterator[str]:
    """A solved ticket: its id and status, its title, how it was solved."""
    palette = look.palette
    ago = palette.dim(look.since(ticket.updated)) if ticket.updated else ""
    facts = (palette.id(safe(ticket.id)), palette.status(safe(ticket.status)), ago)
    yield from look.folded("  ".join(each for each in facts if each))
    yield from _wrapped(safe(ticket.title), look)
    how = safe(fit(ticket.solution, _LONGEST))
    with_articles = f"with {_listed(ticket.articles)}" if ticket.articles else ""
    if how:
        yield from _wrapped(
            f"solved: {how}" + (f" ({with_articles})" if with_articles else ""), look
        )
    elif with_articles:
        yield from _wrapped(f"solved {with_articles}", look)
    if ticket.words:
        yield from _wrapped(_shared(ticket.words), look)


def _shared(words: Iterable[Shared]) -> str:
    """``shares: drops, tunnel (as vpn)``, where the desk lists vpn as a synonym of it."""
    said = (f"{each.word} (as {each.synonym})" if each.synonym else each.word for each in words)
    return f"shares: {_listed(said)}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(safe, words))


def _wrapped(text: str, look: Look, indent: str = _INDENT) -> list[str]:
    return (wrap(text, look.prose, indent) if look.prose else indent + text).split("\n")


def hint_lines(ticket_id: str, hints: Hints, look: Look) -> Iterator[str]:
    """A line for each likely duplicate, and for the three best suggestions."""
    palette = look.palette
    if hints.twins:
        yield palette.heading("perhaps the same, and open:")
    for twin in hints.twins:
        facts = [safe(twin.ticket.status), look.since(twin.ticket.created), safe(twin.ticket.title)]
        same = ["the same requester"] * twin.requester + ["the same words"] * twin.words
        yield _hint(twin.ticket.id, f"{', '.join(facts)} ({' and '.join(same)})", look)
    lines = [
        *(
            (each.glimpse.slug, f"{each.glimpse.title}; {next(_reasons(each), '')}")
            for each in hints.suggestions.articles
        ),
        *((each.id, f"{each.title}; {_how(each)}") for each in hints.suggestions.tickets),
    ][:_HINTS]
    if lines:
        yield palette.heading(f"may help (hd suggest {safe(ticket_id)} says why):")
    for key, text in lines:
        yield _hint(key, text, look)


def _how(ticket: Solved) -> str:
    return f"solved: {ticket.solution}" if ticket.solution else ticket.status


def _hint(key: str, text: str, look: Look) -> str:
    room = (look.columns or _UNBROKEN) - width(key) - 4
    return f"  {look.palette.id(safe(key))}  {fit(safe(text), room)}"

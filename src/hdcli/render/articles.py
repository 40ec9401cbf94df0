"""Articles at a terminal: a list, or one as a page to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hdcli.render.table import Cell, Column, table
from hdcli.render.text import pad, safe, width, wrap

if TYPE_CHECKING:
    from hdcli.render.look import Look
    from hdcli.services.library import Card, Mention, Page

UNBROKEN = 1_000_000
"""Columns to wrap to where there is no terminal: lines stay as they are."""
_COLUMNS = (
    Column("slug", weight=2, least=14),
    Column("state", drop=1),
    Column("language", drop=4),
    Column("category", weight=1, drop=6),
    Column("for", drop=5),
    Column("helped", drop=2),
    Column("review", drop=3),
    Column("title", weight=6, least=32),
)
# What shows only where an article has it.
_OPTIONAL = ("category", "helped", "review")
_MOST = 12
"""So many tickets are named; the others are counted."""


def articles_table(cards: Sequence[Card], look: Look) -> str:
    """The lines of the table, the columns that are empty in every row left out."""
    rows = [_row(card, look) for card in cards]
    names = [each.name for each in _COLUMNS]
    kept = [
        n
        for n, name in enumerate(names)
        if name not in _OPTIONAL or any(_text(row[n]) for row in rows)
    ]
    cells = [[row[n] for n in kept] for row in rows]
    return table(cells, [_COLUMNS[n] for n in kept], look.columns, look.palette.heading)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def _row(card: Card, look: Look) -> tuple[Cell, ...]:
    palette, values = look.palette, card.values
    return (
        (card.slug, palette.id),
        (values.get("state", ""), palette.state),
        values.get("language", ""),
        values.get("category", ""),
        values.get("audience", "agents"),
        _helped(card),
        (_review(card, look), palette.overdue if card.overdue or card.reopened else str),
        values.get("title", ""),
    )


def _helped(card: Card) -> str:
    """``12``, or ``12, not 3``."""
    votes = card.votes
    if not votes.helped and not votes.unhelpful:
        return ""
    return f"{votes.helped}, not {votes.unhelpful}" if votes.unhelpful else str(votes.helped)


def _review(card: Card, look: Look) -> str:
    if card.overdue:
        return f"due {card.values['review'][:10]}"
    if card.reopened:
        return f"{len(card.reopened)} reopened"
    return str(card.values.get("review", ""))[:10]


def article_page(page: Page, look: Look) -> str:
    """The whole page: what the article is, what it says, what it is worth, where it comes from."""
    parts = [
        _head(page, look),
        [line for each in _now(page, look) for line in look.folded(each)],
        _steps(page, look),
        _body(page, look),
        _facts(page, look),
        _sources(page, look),
        _tried(page, look),
        _log(page, look),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _head(page: Page, look: Look) -> list[str]:
    article, palette = page.article, look.palette
    margin = " " * (width(article.slug) + 2)
    title = wrap(safe(article.title), (look.prose or UNBROKEN) - len(margin))
    first, *more = title.split("\n")
    lines = [f"{palette.id(article.slug)}  {palette.heading(first)}"]
    lines += [margin + palette.heading(line) for line in more]
    words = [palette.state(article.state)]
    words.append("for agents only" if article.audience == "agents" else "public")
    words += [safe(each) for each in (article.language, article.text("category")) if each]
    if owner := article.text("owner"):
        words.append(f"kept by {safe(owner)}")
    return [*lines, *look.folded("  " + ", ".join(words), "  ")]


def _now(page: Page, look: Look) -> Iterator[str]:
    """What matters now, a line each; nothing on an article that is well."""
    article, palette = page.article, look.palette
    if article.state == "draft":
        yield f"a draft: hd kb edit {article.slug}, then hd kb publish {article.slug}"
    if article.state == "archived":
        yield palette.overdue("archived: not to be used any more")
    if page.card.overdue:
        due = look.when(article.text("review"))
        yield palette.overdue(f"review was due {due}: hd kb review {article.slug}")
    if again := page.card.reopened:
        ids = ", ".join(map(safe, again[:_MOST])) + (", …" if len(again) > _MOST else "")
        yield palette.overdue(f"opened again after it had helped: {ids}")
    if page.unlogged:
        names = ", ".join(map(safe, page.unlogged))
        yield palette.overdue(f"edited by hand, not in the log yet: {names} (hd commit)")


def _steps(page: Page, look: Look) -> list[str]:
    if not page.article.steps:
        return []
    from hdcli.render.checklist import all_steps

    return list(all_steps(page.article.steps, look))


def _body(page: Page, look: Look) -> list[str]:
    if not page.article.body:
        return []
    from hdcli.render.markdown import rendered

    return rendered(page.article.body, look.palette, look.prose or UNBROKEN)


def _facts(page: Page, look: Look) -> list[str]:
    article, votes = page.article, page.card.votes
    facts = {
        "tags": safe(", ".join(article.items("tags"))),
        "translations": _translations(page, look),
        "helped": _votes(page, look),
        "review": look.when(article.text("review")) if article.text("review") else "",
        "published": look.when(article.text("published")) if article.text("published") else "",
        "updated": look.when(article.text("updated")) if article.text("updated") else "",
    }
    if not votes.helped and not votes.unhelpful:
        del facts["helped"]
    shown = {name: text for name, text in facts.items() if text}
    longest = max(map(width, shown), default=0)
    return [f"{look.palette.dim(pad(name, longest))}  {text}" for name, text in shown.items()]


def _translations(page: Page, look: Look) -> str:
    parts = [
        f"{look.palette.id(safe(each.slug))} ({safe(each.language)}"
        + (f", {each.state})" if each.state != "published" else ")")
        for each in page.translations
    ]
    parts += [f"{safe(each)} (not on this desk)" for each in page.missing]
    return ", ".join(parts)


def _votes(page: Page, look: Look) -> str:
    votes = page.card.votes
    text = _times(votes.helped, "ticket")
    if votes.unhelpful:
        text += f", did not help with {votes.unhelpful}"
    return f"{text}, last {look.short(votes.last)}" if votes.last else text


def _times(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _sources(page: Page, look: Look) -> list[str]:
    if not page.sources:
        return []
    lines = [_mention(each, look) for each in page.sources]
    return [look.palette.heading("Came from"), *lines]


def _mention(each: Mention, look: Look, said: str = "") -> str:
    status = look.palette.status(safe(each.status)) if each.status else "not on this desk"
    return f"{look.palette.id(safe(each.id))}  {status}  {safe(each.title)}{said}".rstrip()


def _tried(page: Page, look: Look) -> list[str]:
    if not page.tried:
        return []
    lines = []
    for each, mention in page.tried[:_MOST]:
        said = "" if each.helped else " (did not help)"
        said += f" (opened again {look.short(each.reopened)})" if each.reopened else ""
        lines.append(_mention(mention, look, said))
    if len(page.tried) > _MOST:
        lines.append(f"and {_times(len(page.tried) - _MOST, 'more ticket')}")
    return [look.palette.heading("Tried on"), *lines]


def _log(page: Page, look: Look) -> list[str]:
    """What was done to the article, a line each, the oldest first."""
    from hdcli.model.articlemessage import summary
    from hdcli.model.fold import undone

    article, palette = page.article, look.palette
    gone, lines = undone(article.log), []
    for entry in article.log[-_MOST:]:
        deed = entry.action if entry.action in ("new", "starter") else summary(article, entry)
        line = f"{look.short(entry.at)}  {safe(entry.by)}  {safe(deed)}"
        if first := entry.body.strip().partition("\n")[0]:
            line += f": {safe(first)}"
        lines.append(palette.dim(f"{line} (taken back)") if entry.id in gone else line)
    if earlier := len(article.log) - len(lines):
        lines.insert(0, palette.dim(f"{earlier} earlier: git log -- {article.path}"))
    return [palette.heading("Log"), *lines] if lines else []

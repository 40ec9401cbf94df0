"""What a search found: two lines or three a hit, the words asked for marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hdcli.render.json import FORMAT
from hdcli.render.text import fit, safe, wrap

if TYPE_CHECKING:
    from hdcli.render.look import Look
    from hdcli.search.excerpt import Excerpt
    from hdcli.services.searching import Hit, Results

_INDENT = "    "
# No text has them once it is safe: where a mark begins and ends until it is coloured.
_BEGIN, _END = "\ue0f0", "\ue0f1"
_MARK = re.compile(f"[{_BEGIN}{_END}]")


def hits(found: Sequence[Hit], look: Look) -> str:
    """The lines of all hits."""
    return "\n".join("\n".join(_lines(each, look)) for each in found)


def _lines(hit: Hit, look: Look) -> Iterator[str]:
    palette, values = look.palette, hit.values
    state = str(values.get("status") or values.get("state") or "")
    facts = [palette.id(safe(hit.key)), palette.status(safe(state))]
    if hit.kind == "article":
        facts.insert(1, "article")
    if values.get("assignee"):
        facts.append(palette.dim(f"with {safe(str(values['assignee']))}"))
    if values.get("updated"):
        apart = look.ago(str(values["updated"]))
        facts.append(palette.dim("just now" if apart == "now" else f"{apart} ago"))
    yield from look.folded("  ".join(facts))
    yield from _marked(hit.title, look)
    if hit.excerpt:
        yield from _marked(hit.excerpt, look)


def _marked(excerpt: Excerpt, look: Look) -> Iterator[str]:
    """An excerpt in lines, the words asked for in colour where there are colours."""
    text = excerpt.text.replace(_BEGIN, "?").replace(_END, "?")
    for start, end in reversed(excerpt.spans) if look.palette.enabled else ():
        text = f"{text[:start]}{_BEGIN}{text[start:end]}{_END}{text[end:]}"
    shown = safe(text)
    inside = False
    for line in (wrap(shown, look.prose, _INDENT) if look.prose else _INDENT + shown).split("\n"):
        pieces: list[str] = []
        for at, piece in enumerate(_MARK.split(line)):
            inside = inside if at == 0 else not inside
            pieces.append(look.palette.found(piece) if inside and piece.strip() else piece)
        yield "".join(pieces)


def remarks(results: Results, query: str) -> Iterator[str]:
    """What there is to say beside the hits: how many more, what was let go, what was meant."""
    shown = safe(fit(query, 60))
    relaxed = safe(results.relaxed)
    if not results.total:
        yield f"hd: nothing has '{shown}'"
    elif results.instead:
        instead = f"'{safe(fit(results.instead, 60))}'{', ' * bool(relaxed)}{relaxed}"
        yield f"hd: nothing has '{shown}'; showing hits for {instead}"
    elif relaxed:
        yield f"hd: nothing has all of it; found {relaxed}"
    for word, near in results.meant.items():
        others = [each for each in near if each != results.corrected.get(word)]
        if others:
            listed = " or ".join(f"'{safe(each)}'" for each in others)
            yield f"hd: '{safe(word)}': did you mean {listed}?"
    if len(results.hits) < results.total:
        more = results.total - len(results.hits)
        yield f"hd: {more:,} more; --limit 0 shows all {results.total:,}"


def document(results: Results, query: str) -> dict[str, Any]:
    """Everything a search found, for scripts (docs/search.md)."""
    put_right = (f"{word} for {typed}" for typed, word in results.corrected.items())
    return {
        "format": FORMAT,
        "query": query,
        "total": results.total,
        "instead": results.instead,
        "relaxed": ", ".join(filter(None, (*put_right, results.relaxed))),
        "meant": results.meant,
        "hits": [hit_document(each) for each in results.hits],
    }


def hit_document(hit: Hit) -> dict[str, Any]:
    """One hit; ``excerpt`` has the places of the words asked for, counted in characters."""
    excerpt = None
    if hit.excerpt:
        excerpt = {"text": hit.excerpt.text, "marks": [list(each) for each in hit.excerpt.spans]}
    return {
        "kind": hit.kind,
        "score": round(hit.score, 3),
        **hit.values,
        "excerpt": excerpt,
    }

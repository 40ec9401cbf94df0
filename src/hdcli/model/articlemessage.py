"""The commit message of an action on an article: ``kb reset-password: publish``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hdcli.model.article import Article
from hdcli.model.entry import Entry
from hdcli.model.message import commit_message

_TRAILER_FIELDS = (
    ("state", "State"),
    ("language", "Language"),
    ("category", "Category"),
    ("audience", "Audience"),
    ("owner", "Owner"),
    ("review", "Review"),
)
_TRAILER_SETS = (("translations", "Translation"), ("sources", "Source"))


def article_message(
    before: Article | None,
    after: Article,
    entry: Entry,
    more: Sequence[tuple[str, str]] = (),
) -> str:
    """The message of the commit that adds ``entry`` to an article."""
    subject = f"kb {after.slug}: {summary(after, entry)}"
    return commit_message(subject, entry.body, [*_trailers(before, after, entry), *more])


def _trailers(before: Article | None, after: Article, entry: Entry) -> list[tuple[str, str]]:
    found = [("Article", after.slug), ("Action", entry.action)]
    for name, trailer in _TRAILER_FIELDS:
        old, new = (before.text(name) if before else ""), after.text(name)
        if new != old:
            found.append((trailer, new or "none"))
    tags = [f"+{tag}" for tag in entry.add.get("tags", ())]
    tags += [f"-{tag}" for tag in entry.remove.get("tags", ())]
    found.append(("Tags", " ".join(tags)))
    for name, trailer in _TRAILER_SETS:
        found += [(trailer, f"+{item}") for item in entry.add.get(name, ())]
        found += [(trailer, f"-{item}") for item in entry.remove.get(name, ())]
    found.append(("Text", entry.text))
    return found


def summary(after: Article, entry: Entry) -> str:
    """What an entry did, in a few words: ``review until 2027-05-24``."""
    words = _WORDS.get(entry.action)
    return words(after, entry) if words else entry.action


def _review(after: Article, entry: Entry) -> str:
    return f"review until {after.text('review')[:10]}"


def _edit(after: Article, entry: Entry) -> str:
    names = [*entry.set, *entry.add, *entry.remove]
    parts = [f"{name}={_short(after, name)}" for name in names]
    if len(parts) > 3:
        parts = names
    return f"{entry.action} {', '.join([*parts, *(['text'] if entry.text else [])])}".strip()


def _short(after: Article, name: str) -> str:
    value = after.values.get(name)
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "none" if value is None else str(value)


def _link(after: Article, entry: Entry) -> str:
    parts = [f"from {item}" for item in entry.add.get("sources", ())]
    parts += [f"not from {item}" for item in entry.remove.get("sources", ())]
    parts += [f"translation {item}" for item in entry.add.get("translations", ())]
    parts += [f"no translation {item}" for item in entry.remove.get("translations", ())]
    return f"link {', '.join(parts)}"


_WORDS: Mapping[str, Callable[[Article, Entry], str]] = {
    "new": lambda after, entry: f"new: {after.title}",
    "starter": lambda after, entry: f"starter: {after.title}",
    "edit": _edit,
    "review": _review,
    "link": _link,
    "undo": lambda after, entry: f"undo {entry.extra.get('what', '')}",
}

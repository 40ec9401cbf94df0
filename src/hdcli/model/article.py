"""An article of the knowledge base: values as a ticket has them, and a text to be read.

The values are the fold of the log. The text (``body``, Markdown, and ``steps`` where the article is
a procedure) is not in the log: git has its history, and an entry that changed it has its digest, so
that a change without an entry shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

from hdcli.errors import BadField
from hdcli.model import slug
from hdcli.model.kind import Kind, Milestone
from hdcli.model.procedure import Step, step_document, steps_from
from hdcli.model.record import NO_TEXT, Record
from hdcli.model.schema import MAX_BODY, brief, parts_from, whole

State = Literal["draft", "published", "archived"]
STATES: tuple[State, ...] = get_args(State)
Audience = Literal["public", "agents"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_EMPTY_LINES = re.compile(r"\A(?:[ \t]*\n)+")

# The order of the values on top of an article's file.
ORDER = (
    "title",
    "state",
    "language",
    "translations",
    "category",
    "tags",
    "audience",
    "owner",
    "review",
    "sources",
    "created",
    "updated",
    "published",
)
ARTICLE = Kind(
    name="article",
    key="slug",
    key_form=slug.FORM,
    place=slug.article_path,
    order=ORDER,
    sets=frozenset({"translations", "tags", "sources"}),
    dates=frozenset({"review", "created", "updated", "published"}),
    derived=frozenset({"created", "updated", "published"}),
    required=("title", "state"),
    milestone=Milestone("published", "state", ("draft", "archived")),
    choices={"state": STATES, "audience": AUDIENCES},
    texts=("steps", "body"),
)


@dataclass(frozen=True, slots=True)
class Article(Record):
    """An article as its file has it. ``values`` are those on top, without slug, texts and log."""

    body: str = ""
    steps: tuple[Step, ...] = ()
    kind: ClassVar[Kind] = ARTICLE

    @property
    def slug(self) -> str:
        return self.id

    @property
    def state(self) -> str:
        return str(self.values.get("state", "draft"))

    @property
    def language(self) -> str:
        """``en``, ``fr``; empty where nobody said."""
        return self.text("language")

    @property
    def audience(self) -> str:
        """Who may read it: agents alone, unless it says public."""
        return self.text("audience") or "agents"

    @property
    def texts(self) -> Mapping[str, Any]:
        """Steps and body, as far as there are any."""
        found: dict[str, Any] = {}
        if self.steps:
            found["steps"] = [step_document(step) for step in self.steps]
        if self.body:
            found["body"] = self.body
        return found

    @property
    def digest(self) -> str:
        """The first 12 characters of the texts' SHA-256, as canonical JSON."""
        if not self.texts:
            return NO_TEXT
        from hashlib import sha256

        text = json.dumps(self.texts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def article_from(data: object) -> Article:
    """The article that a document describes, with its log in order. Raises BadField."""
    name, values, log = parts_from(data, ARTICLE)
    assert isinstance(data, Mapping)
    steps = data.get("steps")
    return Article(
        name, values, log, body_from(data.get("body")), () if steps is None else steps_from(steps)
    )


def body_from(value: object) -> str:
    """A body in its canonical form: no empty lines around it. Raises BadField."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadField(f"'body' must be text, not {brief(value)}", ("body",))
    if len(value) > MAX_BODY:
        raise BadField(f"'body' has more than {MAX_BODY:,} characters", ("body",))
    text = whole(value).replace("\r\n", "\n").replace("\r", "\n")
    return _EMPTY_LINES.sub("", text).rstrip()


def joined(article: Article) -> str:
    """Everything that somebody may look for in the text: what the steps say, and the body."""
    said: Sequence[str] = [
        part for step in article.steps for part in (step.do, step.expect, *step.commands.values())
    ]
    return "\n".join(each for each in (*said, article.body) if each)

"""Texts prepared for requesters and agents: ``canned/NAME.yaml``, a text a language.

A file whose name is that of an event is the mail that tells of it; any other is a canned reply.
``{title}`` and its like stand for what a ticket has; ``{{`` is a brace. A paragraph with one that
has nothing to say is left out, but a greeting only loses the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hdcli.errors import BadField
from hdcli.model.schema import Path, brief
from hdcli.model.suggest import nearest

NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
SUBJECT = "{title}"
MAX_TEXT = 20_000
_MAX_NAME = 60
_MARK = re.compile(r"\{\{|\}\}|\{([^{}\n]{0,40})\}|[{}]")
_KEYS = ("about", "send")

# What happens on a ticket and is told: to its requester, to agents.
TO_REQUESTERS: Mapping[str, str] = {
    "acknowledged": "the request has come in",
    "reply": "an agent has answered",
    "assigned": "an agent has it",
    "escalated": "it is handed to a higher level",
    "waiting": "an answer by the requester is waited for",
    "solved": "it is solved; asks how it was",
    "reopened": "it is open again",
    "closed": "it is closed",
    "merged": "it goes on in another ticket",
    "progress": "nothing was heard for long: where it stands",
}
TO_AGENTS: Mapping[str, str] = {
    "agent-assigned": "a ticket is yours",
    "agent-escalated": "a ticket has come to your team from another level",
    "agent-refused": "the orders of your mail were not followed",
    "agent-mentioned": "you, or your team, are named in a note",
    "agent-reply": "the requester has written",
    "agent-followed": "something was done on a ticket that you follow",
    "agent-quiet": "your requester has heard nothing for long",
    "agent-unreached": "a mail did not reach the requester",
    "agent-unhappy": "a requester gave a low score",
    "digest": "the open work of your team",
}
EVENTS: Mapping[str, str] = {**TO_REQUESTERS, **TO_AGENTS}
PLACEHOLDERS: Mapping[str, str] = {
    "id": "the ticket's id",
    "title": "its title",
    "status": "its status",
    "priority": "its priority",
    "category": "its category",
    "level": "the name of its support level",
    "team": "the name of its team",
    "assignee": "the name of who has it",
    "requester": "who asks: name, else address",
    "requester_name": "who asks, by name",
    "requester_first_name": "the same, without the family name",
    "agent": "the name of who acts, or writes",
    "desk": "the desk's name",
    "text": "what was written: the answer, the solution; to agents the note, the reason",
    "description": "what the requester first asked",
    "article": "the published articles that helped, title and text",
    "due": "when it is due",
    "until": "until when it is pending",
    "pending": "what it waits for",
    "since": "since when the requester has heard nothing",
    "into": "the ticket that it was merged into",
    "score": "the requester's score",
    "survey": "five links that give a score, and one that says that it is not solved",
    "tickets": "a list of tickets, of a digest",
    "answers": "to agents: who reads what they answer to the mail",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A prepared text in one language; ``subject`` empty stands for the ticket's title."""

    body: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Canned:
    """A prepared text by language, those named first preferred; ``send`` false: an event that is
    not told."""

    name: str
    texts: Mapping[str, Text] = field(default_factory=dict)
    about: str = ""
    send: bool = True

    def language(self, *wanted: str) -> str:
        """The language of its texts that suits best: the first wanted that there is, or nearly,
        else English, else any. Empty where there are no texts."""
        for each in (*wanted, "en"):
            for known in self.texts:
                if each and known.partition("-")[0].lower() == each.partition("-")[0].lower():
                    exact = next((k for k in self.texts if k.lower() == each.lower()), known)
                    return exact
        return next(iter(self.texts), "")

    def upon(self, other: Canned | None) -> Canned:
        """The same with the languages that it lacks from another."""
        if other is None:
            return self
        texts = {**other.texts, **self.texts}
        return Canned(self.name, texts, self.about or other.about, self.send)


def canned_from(data: object, name: str) -> Canned:
    """The prepared texts that a parsed file has. Raises BadField."""
    if not is_name(name):
        raise BadField(f"'{name}' is no name of a canned reply: words in lower case, dashes", ())
    if not isinstance(data, Mapping):
        raise BadField("a canned reply is a mapping of languages to texts", ())
    about = data.get("about", "")
    if about is None or not isinstance(about, str) or len(about.splitlines()) > 1:
        raise BadField(f"'about' must be one line of text, not {brief(about)}", ("about",))
    send = data.get("send", True)
    if not isinstance(send, bool):
        raise BadField(f"'send' must be true or false, not {brief(send)}", ("send",))
    texts = {}
    for key, value in data.items():
        if key in _KEYS:
            continue
        if not isinstance(key, str) or not LANGUAGE.fullmatch(key):
            raise BadField(f"{brief(key)} is no language such as en, fr or pt-BR", (str(key),))
        texts[key] = _text(value, (key,))
    if not texts and send:
        raise BadField("there is no text in it, such as 'en: Hello'", ())
    return Canned(name, texts, about, send)


def _text(value: object, path: Path) -> Text:
    """A text alone, or one with a subject."""
    if isinstance(value, str):
        return Text(_checked(value, path))
    if not isinstance(value, Mapping):
        raise BadField(f"a text is missing, not {brief(value)}", path)
    for name in value:
        if name not in ("subject", "body"):
            raise BadField(f"a text has 'subject' and 'body', not {brief(name)}", (*path, name))
    subject = value.get("subject", "")
    if not isinstance(subject, str) or len(subject.splitlines()) > 1:
        raise BadField("'subject' must be one line of text", (*path, "subject"))
    body = value.get("body")
    if not isinstance(body, str):
        raise BadField("'body' must be text", (*path, "body"))
    return Text(_checked(body, (*path, "body")), _checked(subject, (*path, "subject")))


def _checked(text: str, path: Path) -> str:
    if len(text) > MAX_TEXT:
        raise BadField(f"longer than {MAX_TEXT:,} characters", path)
    for said in troubles(text):
        raise BadField(said, path)
    return text.strip("\n")


def troubles(text: str) -> Iterator[str]:
    """What is wrong with the placeholders of a text, in words."""
    for found in _MARK.finditer(text):
        name = found[1]
        if found[0] in ("{{", "}}"):
            continue
        if name is None:
            yield f"a single '{found[0]}': write it twice, or name a placeholder as in {{title}}"
        elif name not in PLACEHOLDERS:
            near = nearest(name, PLACEHOLDERS)
            hint = (
                f"did you mean {{{near}}}?"
                if near
                else "hd canned list --placeholders has them all"
            )
            yield f"unknown placeholder {{{name}}}, {hint}"


def filled(text: str, values: Mapping[str, str], greeted: Mapping[str, str] | None = None) -> str:
    """The text with its placeholders filled.

    A paragraph (up to an empty line) that has a placeholder of which nothing is known is left out;
    one that greets keeps its other words. What stands for a placeholder is not looked into.
    ``greeted`` has the names of whom it greets, where that is not the requester.
    """
    names = values if greeted is None else greeted
    parts = _PARAGRAPHS.split(text)
    kept = [found for part in parts if (found := _greeting(part, names) or _filled(part, values))]
    return "\n\n".join(kept)


def filled_line(text: str, values: Mapping[str, str]) -> str:
    """The same for one line, such as a subject: what is not known is left empty."""
    return " ".join(_MARK.sub(lambda found: _value(found, values), text).split())


_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


# "Hello {requester_first_name}," and its like in other languages.
_GREETING = re.compile(
    r"([^\W\d_]+(?: [^\W\d_]+)*) \{(requester_(?:first_)?name)\}([ \u00a0]?[,!])"
)


def _greeting(part: str, names: Mapping[str, str]) -> str:
    """A paragraph that greets somebody, by name if there is one; empty for any other."""
    found = _GREETING.fullmatch(part.strip())
    if found is None:
        return ""
    name = names.get(found[2], "").strip()
    return f"{found[1]} {name}{found[3]}" if name else f"{found[1]}{found[3]}"


def _filled(part: str, values: Mapping[str, str]) -> str:
    names = [found[1] for found in _MARK.finditer(part) if found[1]]
    if any(not values.get(name, "").strip() for name in names):
        return ""
    return _MARK.sub(lambda found: _value(found, values), part).strip("\n")


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    if found[1] is None:
        return found[0][0]
    return values.get(found[1], "").strip("\n")


def is_name(text: str) -> bool:
    """Whether this may be the name of a canned reply."""
    return len(text) <= _MAX_NAME and bool(NAME.fullmatch(text))


def name_of_path(path: str) -> str:
    """The name of the canned reply at a path of the desk; empty where there can be none."""
    folder, _, file = path.partition("/")
    name = file.removesuffix(".yaml")
    return name if folder == "canned" and file.endswith(".yaml") and is_name(name) else ""


def path_of(name: str) -> str:
    """Where a canned reply lies in a desk."""
    return f"canned/{name}.yaml"


def document(canned: Canned) -> dict[str, Any]:
    """As a file has it, and JSON."""
    found: dict[str, Any] = {"about": canned.about} if canned.about else {}
    if not canned.send:
        found["send"] = False
    for language, text in canned.texts.items():
        found[language] = (
            {"subject": text.subject, "body": text.body} if text.subject else {"body": text.body}
        )
    return found

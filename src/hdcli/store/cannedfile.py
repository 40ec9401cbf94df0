"""``canned/NAME.yaml``: bytes to a canned reply and back."""

from __future__ import annotations

from hdcli.model.canned import Canned, Text, canned_from
from hdcli.store import yamlread


def read(data: bytes, path: str) -> Canned:
    """The canned reply in a file, by whose name it is called. Raises BadData with file and line."""
    name = path.rpartition("/")[2].removesuffix(".yaml")
    return yamlread.check(data, path, lambda document: canned_from(document, name))


def written(canned: Canned) -> bytes:
    """The file of a canned reply, as a person would write it."""
    from hdcli.store.yamlwrite import flow

    lines = [f"about: {flow(canned.about)}\n"] if canned.about else []
    lines += [] if canned.send else ["send: false\n"]
    lines += [_text(flow(language), text) for language, text in canned.texts.items()]
    return "".join(lines).encode()


def _text(language: str, text: Text) -> str:
    from hdcli.store.yamlwrite import flow, text_lines

    if not text.subject:
        return text_lines(language, text.body.rstrip())
    body = text_lines("body", text.body.rstrip())
    inner = f"subject: {flow(text.subject)}\n{body}"
    indented = "".join(f"  {line}" if line.strip() else line for line in inner.splitlines(True))
    return f"{language}:\n{indented}"

"""YAML in: libyaml's parser, with none of YAML's surprises.

YAML 1.2's core without floats: null, true/false and decimal integers, all else is text (no dates,
no ``yes``). Tags, anchors, merge keys, duplicate keys, deep nesting, crowds of values and oversized
files are refused, so that a hostile file costs neither time, memory nor the C stack. Errors name
file and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from hdcli.errors import BadData, BadField

T = TypeVar("T")
MAX_BYTES = 8_000_000
MAX_DEPTH = 40
# Events of libyaml's parser: two or three a value. A log of 10,000 entries has 200,000.
MAX_EVENTS = 400_000
# A file with fewer openings can't exhaust the C stack (libyaml's composer recurses), a smaller one
# can't have too many events: most files need no survey before they are composed.
_FEW_OPENINGS = 1000
_OPENINGS = (b"[", b"{", b"- ", b"? ", b"-\t", b"?\t")
_DEEP = b" " * 100
_ANCHOR = re.compile(rb"(?:^|[\s\[{,])&[^\s&]", re.MULTILINE)
_MARKERS = re.compile(rb"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_WORDS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}


def check(data: bytes, where: str, build: Callable[[Any], T]) -> T:
    """``build(document)``; errors, a BadField of ``build`` too, are BadData with file and line."""
    root = compose(data, where)
    document = None if root is None else _plain(root, where)
    try:
        return build(document)
    except BadField as error:
        raise BadData(error.reason, where, line_of(root, error.path)) from None


def load(data: bytes, where: str) -> object:
    """The document in ``data`` as plain values. Raises BadData with ``where`` and the line."""
    return check(data, where, lambda document: document)


def scalars(data: bytes, where: str, names: Iterable[str]) -> dict[str, object]:
    """Those of the document's own keys ``names`` that have a plain value; reads no further.

    What comes behind the last of them may be wrong. Raises BadData.
    """
    from ruamel.yaml.error import YAMLError

    _require_whole(data, where)
    try:
        return _scalars(_parser()(data), frozenset(names))
    except YAMLError as error:
        raise _bad_yaml(error, data, where) from None


def _scalars(events: Any, names: frozenset[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    depth, key, is_key = 0, None, True
    while len(found) < len(names) and (event := events.get_event()) is not None:
        name = type(event).__name__.removesuffix("Event")
        if name in ("MappingStart", "SequenceStart"):
            depth += 1
            if depth == 1 and name != "MappingStart":
                break
            continue
        if name in ("MappingEnd", "SequenceEnd"):
            depth -= 1
        if depth != 1 or name not in ("Scalar", "Alias", "MappingEnd", "SequenceEnd"):
            continue
        if is_key:
            key = event.value if name == "Scalar" else None
        elif name == "Scalar" and key in names and event.tag is None:
            found[key] = event.value if event.style else _scalar(event.value)
        is_key = not is_key
    return found


def compose(data: bytes, where: str) -> Any:
    """The root node of the document, with marks; None when it is empty. Raises BadData."""
    from ruamel.yaml.error import YAMLError

    _require_whole(data, where)
    parser = _parser()
    try:
        if _is_suspect(data):
            _survey(parser, data, where)
        return parser(data).get_single_node()
    except YAMLError as error:
        raise _bad_yaml(error, data, where) from None


def _require_whole(data: bytes, where: str) -> None:
    if len(data) > MAX_BYTES:
        raise BadData(f"larger than {MAX_BYTES // 1_000_000} MB", where)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadData("not UTF-8 but UTF-16", where, 1, "save it as UTF-8")
    if found := _MARKERS.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        raise BadData("git's conflict markers are in it", where, line, "settle the conflict")


@cache
def _parser() -> Any:
    from _ruamel_yaml import CParser
    from ruamel.yaml.tag import Tag

    undecided = Tag(suffix="")

    class Parser(CParser):  # type: ignore[misc] # a C type without annotations
        """Leaves tags undecided: _plain decides, and refuses those written out."""

        def resolve(self, kind: object, value: object, implicit: object) -> object:
            return undecided

        def descend_resolver(self, *path: object) -> None: ...
        def ascend_resolver(self) -> None: ...

    return Parser


def _is_suspect(data: bytes) -> bool:
    return (
        len(data) > MAX_EVENTS
        or sum(data.count(mark) for mark in _OPENINGS) > _FEW_OPENINGS
        or (b"&" in data and _ANCHOR.search(data) is not None)
        or _DEEP in data
    )


def _survey(parser: Any, data: bytes, where: str) -> None:
    """Refuses, before anything is built, what would be too deep, too much or endless."""
    events = parser(data)
    depth = count = 0
    while (event := events.get_event()) is not None:
        count += 1
        name = type(event).__name__
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        line = event.start_mark.line + 1
        if depth > MAX_DEPTH:
            raise BadData(f"nested more than {MAX_DEPTH} deep", where, line)
        if count > MAX_EVENTS:
            raise BadData(f"more than {MAX_EVENTS // 2:,} values", where, line)
        if getattr(event, "anchor", None):
            what = "aliases (*)" if name == "AliasEvent" else "anchors (&)"
            raise BadData(f"{what} are not allowed", where, line, "write the value out")


def events_of(document: object) -> int:
    """How many events of the parser plain values take, without the four around a document."""
    if isinstance(document, Mapping):
        return 2 + len(document) + sum(map(events_of, document.values()))
    if isinstance(document, list | tuple):
        return 2 + sum(map(events_of, document))
    return 1


def _bad_yaml(error: Any, data: bytes, where: str) -> BadData:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        said = ", ".join(str(each) for each in (error.context, error.problem) if each)
        return BadData(f"not valid YAML: {' '.join(said.split())}", where, mark.line + 1)
    position = getattr(error, "position", None)
    line = data.count(b"\n", 0, position) + 1 if isinstance(position, int) else 0
    reason = getattr(error, "reason", None) or "unreadable characters"
    return BadData(f"not valid YAML: {reason}", where, line)


def _plain(node: Any, where: str, depth: int = 0) -> object:
    if node.ctag.suffix:
        raise _tagged(node, where)
    value = node.value
    if isinstance(value, str):
        return value if node.style else _scalar(value)
    depth += 1
    if depth > MAX_DEPTH:
        raise BadData(f"nested more than {MAX_DEPTH} deep", where, node.start_mark.line + 1)
    if node.id == "sequence":
        return [_plain(item, where, depth) for item in value]
    result: dict[object, object] = {}
    for key_node, value_node in value:
        key = key_node.value
        if key_node.ctag.suffix or not isinstance(key, str) or not key.isidentifier():
            key = _key(key_node, where)
        elif key in _WORDS and not key_node.style:
            key = _WORDS[key]
        if key in result:
            raise BadData(f"'{key}' is there twice", where, key_node.start_mark.line + 1)
        result[key] = _plain(value_node, where, depth)
    return result


def _key(node: Any, where: str) -> object:
    if node.tag:
        raise _tagged(node, where)
    text, line = node.value, node.start_mark.line + 1
    if not isinstance(text, str):
        raise BadData("a key must be text", where, line)
    if node.style:
        return text
    if text == "<<":
        raise BadData("merge keys (<<) are not allowed", where, line, "write the values out")
    return _scalar(text)


def _tagged(node: Any, where: str) -> BadData:
    line = node.start_mark.line + 1
    return BadData(f"the tag {node.tag} is not allowed", where, line, "write plain values")


def _scalar(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def line_of(node: Any, path: tuple[str | int, ...]) -> int:
    """The line of the key or item at ``path``, or of the nearest thing around it that exists."""
    if node is None:
        return 1
    place = node
    for step in path:
        if node.id == "sequence" and isinstance(step, int):
            if step >= len(node.value):
                break
            place = node = node.value[step]
        elif node.id == "mapping":
            found = [pair for pair in node.value if pair[0].value == str(step)]
            if not found:
                break
            place, node = found[0]
        else:
            break
    return int(place.start_mark.line) + 1

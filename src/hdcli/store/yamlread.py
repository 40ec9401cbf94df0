"""YAML in: libyaml's parser, with none of YAML's surprises.

YAML 1.2's core without floats: null, true/false and decimal integers, all else is text (no dates,
no ``yes``). Tags, anchors, duplicate keys, deep nesting and oversized files are refused, so that a
hostile file costs neither memory nor the C stack. Errors name file and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from hdcli.errors import BadData, BadField

T = TypeVar("T")
MAX_BYTES = 8_000_000
MAX_DEPTH = 40
# With fewer openings of any kind, nesting can't exhaust the C stack that libyaml's composer uses.
_FEW_OPENINGS = 1000
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_WORDS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}


def check(data: bytes, where: str, build: Callable[[Any], T]) -> T:
    """``build(document)``; errors, a BadField of ``build`` too, are BadData with file and line."""
    root = compose(data, where)
    document = None if root is None else _plain(root, where, set())
    try:
        return build(document)
    except BadField as error:
        raise BadData(error.reason, where, line_of(root, error.path)) from None


def load(data: bytes, where: str) -> object:
    """The document in ``data`` as plain values. Raises BadData with ``where`` and the line."""
    return check(data, where, lambda document: document)


def compose(data: bytes, where: str) -> Any:
    """The root node of the document, with marks; None when it is empty. Raises BadData."""
    from ruamel.yaml.error import YAMLError

    if len(data) > MAX_BYTES:
        raise BadData(f"larger than {MAX_BYTES // 1_000_000} MB", where)
    for mark in (b"\n<<<<<<< ", b"\n>>>>>>> "):
        if mark in data:
            line = data.count(b"\n", 0, data.index(mark)) + 2
            raise BadData("git's conflict markers are in it", where, line, "settle the conflict")

    parser = _parser()
    try:
        _refuse_depth(parser, data, where)
        return parser(data).get_single_node()
    except YAMLError as error:
        raise _bad_yaml(error, data, where) from None


@cache
def _parser() -> Any:
    from _ruamel_yaml import CParser

    class Parser(CParser):  # type: ignore[misc] # a C type without annotations
        """Leaves tags undecided: _plain decides, and refuses those written out."""

        def resolve(self, kind: object, value: object, implicit: object) -> str:
            return ""

        def descend_resolver(self, *path: object) -> None: ...
        def ascend_resolver(self) -> None: ...

    return Parser


def _refuse_depth(parser: Any, data: bytes, where: str) -> None:
    if sum(data.count(mark) for mark in (b"[", b"{", b"- ", b"? ", b"-\t")) < _FEW_OPENINGS:
        return
    events = parser(data)
    depth = 0
    while (event := events.get_event()) is not None:
        name = type(event).__name__
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        if depth > MAX_DEPTH:
            raise BadData(f"nested more than {MAX_DEPTH} deep", where, event.start_mark.line + 1)


def _bad_yaml(error: Any, data: bytes, where: str) -> BadData:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        problem = " ".join(str(error.problem or error.context or "not YAML").split())
        return BadData(f"not valid YAML: {problem}", where, mark.line + 1)
    position = getattr(error, "position", None)
    line = data.count(b"\n", 0, position) + 1 if isinstance(position, int) else 0
    reason = getattr(error, "reason", None) or "unreadable characters"
    return BadData(f"not valid YAML: {reason}", where, line)


def _plain(node: Any, where: str, seen: set[int]) -> object:
    line = node.start_mark.line + 1
    if node.tag:
        raise BadData(f"the tag {node.tag} is not allowed", where, line, "write plain values")
    if getattr(node, "anchor", None):
        raise BadData("anchors (&) are not allowed", where, line, "write the value out")
    if id(node) in seen:
        raise BadData("aliases (*) are not allowed", where, line, "write the value out")
    value = node.value
    if isinstance(value, str):
        return value if node.style else _scalar(value)
    seen.add(id(node))
    if type(node).__name__ == "SequenceNode":
        return [_plain(item, where, seen) for item in value]
    result: dict[object, object] = {}
    for key_node, value_node in value:
        key = key_node.value
        if not isinstance(key, str):
            raise BadData("a key must be text", where, key_node.start_mark.line + 1)
        if key in result:
            raise BadData(f"'{key}' is there twice", where, key_node.start_mark.line + 1)
        result[_key(key, key_node.style)] = _plain(value_node, where, seen)
    return result


def _key(text: str, style: str | None) -> object:
    return int(text) if not style and text.isdecimal() and text.isascii() else text


def _scalar(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def line_of(node: Any, path: tuple[str | int, ...]) -> int:
    """The line of the value at ``path``, or of the nearest thing around it that exists."""
    if node is None:
        return 1
    for step in path:
        if type(node).__name__ == "SequenceNode" and isinstance(step, int):
            if step >= len(node.value):
                break
            node = node.value[step]
        elif type(node).__name__ == "MappingNode":
            found = [pair for pair in node.value if pair[0].value == str(step)]
            if not found:
                break
            node = found[0][1]
        else:
            break
    return int(node.start_mark.line) + 1

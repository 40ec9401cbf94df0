"""Changes to a YAML file that leave every other byte as it was: comments, order, alignment, quotes.

libyaml says where each value stands; the new text goes there and nowhere else, so that ``git diff``
shows the change alone. What comes out is read again: it is the document that was meant, or BadData.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from hdcli.errors import BadData
from hdcli.store import yamlread, yamlwrite

Path = tuple[str, ...]
_BOM = b"\xef\xbb\xbf"
_STEP = "  "


class _Found(NamedTuple):
    """How far a path leads: the last node that exists, its key, and the keys that it lacks."""

    node: Any
    key: Any
    missing: Path


def put(data: bytes, where: str, path: Path, value: object) -> bytes:
    """The file with ``value`` at ``path``, mappings on the way made where they are missing.

    Raises BadData where the file is not valid, or of a shape that can't be changed in place.
    """
    text, root, document = _read(data, where)
    wanted = copy.deepcopy(document) if isinstance(document, dict) else {}
    _set(wanted, path, value)
    found = _Found(None, None, path) if root is None else _find(root, path)
    inside = path[: len(path) - len(found.missing)]
    holder = _at(document, inside)
    if not found.missing and isinstance(holder, list):
        text = _replace_list(text, found, holder, value)
    elif inside and not (found.missing and holder and isinstance(holder, dict)):
        text = _replace(text, found, _at(wanted, inside))
    elif found.node is not None and found.node.flow_style:
        text = _spliced(text, *_span(found.node), yamlwrite.flow(_at(wanted, inside)))
    else:
        name = found.missing[0]
        text = _insert(text, found.node, {name: _at(wanted, (*inside, name))})
    return _checked(text, where, wanted)


def put_lines(data: bytes, where: str, name: str, lines: str) -> bytes:
    """The file with whole lines, which are a key and its value, instead of those of the key.

    Where the file does not have it they go to its end. Raises BadData.
    """
    text, root, document = _read(data, where)
    wanted = {**(document if isinstance(document, dict) else {})}
    wanted.update(cast("dict[str, Any]", yamlread.load(lines.encode(), where)))
    found = _Found(None, None, (name,)) if root is None else _find(root, (name,))
    start = end = len(text)
    if not found.missing:
        start = text.rfind("\n", 0, found.key.start_mark.index) + 1
        end = _line_end(text, max(found.key.end_mark.index, _end(text, found.node)))
    return _checked(_spliced(text, start, end, lines), where, wanted)


def drop(data: bytes, where: str, path: Path) -> bytes:
    """The file without the key at ``path``; a file that does not have it stays as it is."""
    text, root, document = _read(data, where)
    found = _find(root, path) if root is not None else None
    if found is None or found.missing:
        return data
    wanted = copy.deepcopy(document)
    parent = _at(wanted, path[:-1])
    del parent[path[-1]]
    if not parent and len(path) == 1:
        return b"{}\n"
    if parent and not _find(root, path[:-1]).node.flow_style:
        start = text.rfind("\n", 0, found.key.start_mark.index) + 1
        text = _spliced(text, start, _line_end(text, _end(text, found.node)), "")
        return _checked(text, where, wanted)
    return put(data, where, path[:-1], parent)


def lines(data: bytes, where: str) -> dict[Path, int]:
    """The line on which each key of the file stands, by path."""
    root = yamlread.compose(data, where)
    return {} if root is None else dict(_lines(root, ()))


def _lines(node: Any, path: Path) -> Iterator[tuple[Path, int]]:
    if _is(node, "Mapping"):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield inner, key.start_mark.line + 1
            yield from _lines(value, inner)


def _read(data: bytes, where: str) -> tuple[str, Any, Any]:
    data = data.removeprefix(_BOM)
    root, document = yamlread.compose(data, where), yamlread.load(data, where)
    return data.decode(), root, document


def _checked(text: str, where: str, wanted: object) -> bytes:
    data = text.encode()
    try:
        fits = yamlread.load(data, where) == wanted
    except BadData:
        fits = False
    if not fits:
        raise BadData("can't be changed in place as it is written", where, remedy="edit it by hand")
    return data


def _find(root: Any, path: Path) -> _Found:
    node, key = root, None
    for depth, name in enumerate(path):
        pairs = node.value if _is(node, "Mapping") else ()
        pair = next((pair for pair in pairs if pair[0].value == name), None)
        if pair is None:
            return _Found(node, key, path[depth:])
        key, node = pair
    return _Found(node, key, ())


def _is(node: Any, kind: str) -> bool:
    return type(node).__name__ == f"{kind}Node"


def _set(document: dict[str, Any], path: Path, value: object) -> None:
    for name in path[:-1]:
        if not isinstance(document.get(name), dict):
            document[name] = {}
        document = document[name]
    document[path[-1]] = value


def _at(document: Any, path: Path) -> Any:
    for name in path:
        document = document[name]
    return document


def _replace(text: str, found: _Found, value: object) -> str:
    """The text with another value for a key."""
    start, end = _span(found.node)
    on_one_line = getattr(found.node, "flow_style", True) and start < end
    in_flow = _is(found.node, "Mapping") and found.node.value
    if on_one_line and (in_flow or not (isinstance(value, Mapping) and value)):
        return _spliced(text, start, len(text[:end].rstrip()), yamlwrite.flow(value))
    start = text.index(":", found.key.end_mark.index) + 1
    margin = " " * found.key.start_mark.column + _STEP
    return _spliced(text, start, max(start, _end(text, found.node)), _after_colon(value, margin))


def _replace_list(text: str, found: _Found, old: list[object], value: object) -> str:
    """A list with one item a line: those that stay at its head keep their lines and comments."""
    node = found.node
    if node.flow_style or not isinstance(value, list) or not value:
        return _replace(text, found, value)
    pairs = zip(old, value, strict=False)
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    first = text.rfind("\n", 0, node.start_mark.index) + 1
    start = _line_end(text, _end(text, node.value[same - 1])) if same else first
    margin = " " * node.start_mark.column
    lines = "".join(f"{margin}- {yamlwrite.flow(item)}\n" for item in value[same:])
    return _spliced(text, start, _line_end(text, _end(text, node)), lines)


def _insert(text: str, mapping: Any, added: Mapping[str, object]) -> str:
    """One more key behind the last of a mapping in block style."""
    margin = " " * mapping.value[0][0].start_mark.column if mapping else ""
    place = _line_end(text, _end(text, mapping)) if mapping else len(text)
    return _spliced(text, place, place, _block(added, margin))


def _block(mapping: Mapping[str, object], margin: str) -> str:
    return "".join(
        f"{margin}{yamlwrite.flow(name)}:{_after_colon(value, margin + _STEP)}\n"
        for name, value in mapping.items()
    )


def _after_colon(value: object, margin: str) -> str:
    if isinstance(value, Mapping) and value:
        return "\n" + _block(value, margin).rstrip("\n")
    return f" {yamlwrite.flow(value)}"


def _span(node: Any) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _end(text: str, node: Any) -> int:
    """Where the last character of a node stands, white space and comments behind it left out."""
    while not _is(node, "Scalar") and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return len(text[: node.end_mark.index].rstrip())


def _line_end(text: str, place: int) -> int:
    """Where the next line begins."""
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1


def _spliced(text: str, start: int, end: int, new: str) -> str:
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    head = text[:start]
    if new.endswith("\n") and head and not head.endswith("\n"):
        head += "\n"
    return head + new + text[end:]

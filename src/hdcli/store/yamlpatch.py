"""Changes to a YAML file that somebody has edited by hand: comments and order stay (ruamel)."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from hdcli.errors import BadData


def _round_trip() -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.resolver import VersionedResolver

    class PlainResolver(VersionedResolver):
        """Dates and floats stay the text that they are."""

        @property
        def versioned_resolver(self) -> Any:
            return {
                first: [(t, r) for t, r in rules if not str(t).endswith(("timestamp", "float"))]
                for first, rules in super().versioned_resolver.items()
            }

    yaml = YAML()
    yaml.Resolver = PlainResolver
    yaml.width = 1_000_000
    yaml.preserve_quotes = True
    return yaml


def edit(data: bytes, where: str, change: Callable[[Any], None]) -> bytes:
    """The file after ``change`` worked on its round-trip document. Raises BadData."""
    from ruamel.yaml.error import YAMLError

    yaml = _round_trip()
    try:
        document = yaml.load(data)
        change(document)
        out = io.BytesIO()
        yaml.dump(document, out)
    except (YAMLError, RecursionError) as error:
        raise BadData(f"can't be edited in place: {' '.join(str(error).split())}", where) from None
    return out.getvalue()


def ticket_patch(data: bytes, where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bytes:
    """The ticket file with the values of ``new`` where they differ, its log extended."""

    def change(document: Any) -> None:
        _patch_values(document, old, new)
        _patch_log(document, new["log"])

    return edit(data, where, change)


def _patch_values(document: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for name in [name for name in old if name not in new and name != "log"]:
        del document[name]
    for name, value in new.items():
        if name == "log" or (name in document and old.get(name) == value):
            continue
        if name in document or "log" not in document:
            document[name] = styled(value)
        else:
            document.insert(list(document).index("log"), name, styled(value))


def _patch_log(document: Any, log: list[dict[str, Any]]) -> None:
    if not document.get("log"):
        document["log"] = [_styled_entry(entry) for entry in log]
        return
    present = document["log"]
    known = {str(entry["id"]) for entry in present}
    for place, entry in enumerate(log):
        if entry["id"] not in known:
            if place >= len(present):
                present.append(_styled_entry(entry))
            else:
                present.insert(place, _styled_entry(entry))


def _styled_entry(entry: dict[str, Any]) -> Any:
    from ruamel.yaml.comments import CommentedMap

    return CommentedMap((name, styled(value)) for name, value in entry.items())


def styled(value: object) -> Any:
    """A value in hd's own style: mappings and lists on one line, texts as blocks."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import LiteralScalarString

    if isinstance(value, str):
        text = value
        return LiteralScalarString(text + "\n") if "\n" in text else text
    if isinstance(value, Mapping):
        result = CommentedMap((name, styled(item)) for name, item in value.items())
        result.fa.set_flow_style()
        return result
    if isinstance(value, list | tuple):
        items = CommentedSeq(styled(item) for item in value)
        items.fa.set_flow_style()
        return items
    return value

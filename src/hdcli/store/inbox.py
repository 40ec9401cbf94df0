"""How far each agent has come with their inbox in this clone: ``.git/hd/inbox.json``.

Commits, not dates: what a sync brings late is new all the same. Losing the file shows again what
was read already.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hdcli.errors import NotADesk

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """What an agent is done with: all that leads to ``seen``, and the commits ``done``.

    ``shown`` is the commit up to which they were last shown what is new. Empty: nowhere yet.
    """

    seen: str = ""
    shown: str = ""
    done: frozenset[str] = frozenset()


def mark(local: Path, agent: str) -> Mark:
    """An agent's mark (by handle); an empty one where there is none, or none to be read."""
    found = _agents(local).get(agent)
    if not isinstance(found, Mapping):
        return Mark()
    done = found.get("done")
    names = done if isinstance(done, list) else []
    return Mark(
        _commit(found.get("seen")),
        _commit(found.get("shown")),
        frozenset(name for each in names if (name := _commit(each))),
    )


def keep(local: Path, agent: str, mark: Mark) -> None:
    """Remembers an agent's mark. Raises NotADesk where nothing can be written."""
    kept = {"seen": mark.seen, "shown": mark.shown, "done": sorted(mark.done)}
    agents = {**_agents(local), agent: kept}
    text = json.dumps({"format": _FORMAT, "agents": agents}, indent=1)
    place = _place(local)
    temporary = place.with_name(f"inbox.{os.getpid()}")
    try:
        local.mkdir(exist_ok=True)
        temporary.write_text(f"{text}\n", encoding="utf-8")
        temporary.replace(place)
    except OSError as error:
        raise NotADesk(f"can't write to this desk: {error.strerror}: {place}") from None


def _place(local: Path) -> Path:
    return local / "inbox.json"


def _agents(local: Path) -> dict[str, Any]:
    try:
        data = json.loads(_place(local).read_bytes())
    except (OSError, ValueError):
        return {}
    agents = data.get("agents") if isinstance(data, dict) else None
    return agents if isinstance(agents, dict) else {}


def _commit(value: object) -> str:
    return value if isinstance(value, str) and _COMMIT.fullmatch(value) else ""

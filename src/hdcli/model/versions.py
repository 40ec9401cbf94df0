"""Two versions of a passage in one text, marked so that readers see both until somebody settles it.

The marks are comments of Markdown (HTML), each on a line of its own, so that a page shows both
passages and no sign of the marks; ``hd fsck`` finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hdcli.model.message import one_line
from hdcli.model.procedure import Step

_FIRST = "<!-- hd: two versions: keep one, take these lines out. This is"
_SECOND = "<!-- hd: and this is"
_END = "<!-- hd: end of two versions -->"
_OPEN = re.compile(r"^<!-- hd: (?:two versions|and this is|end of two versions)", re.MULTILINE)


def both_versions(by: str, text: str, other_by: str, other: str) -> str:
    """Both passages between marks that say whose they are; the same whichever comes first."""
    first, second = sorted(((_name(by), text), (_name(other_by), other)))
    head, middle = f"{_FIRST} {first[0]} -->", f"{_SECOND} {second[0]} -->"
    return "\n".join((head, "", first[1], "", middle, "", second[1], "", _END))


def _name(by: str) -> str:
    return one_line(by).replace("--", "-").replace(">", "") or "somebody's"


def unsettled(text: str) -> int:
    """The line, from 1, of the first mark in a text; 0 where there is none."""
    found = _OPEN.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def numbered(steps: Iterable[Step]) -> str:
    """The steps of a procedure as a list to read."""
    return "\n".join(f"{n}. {_on_one_line(step)}" for n, step in enumerate(steps, 1))


def _on_one_line(step: Step) -> str:
    expected = f" ({one_line(step.expect)})" if step.expect else ""
    return f"{one_line(step.do)}{expected}"

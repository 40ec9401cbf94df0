"""What readers say about files that can't be read: by name, on standard error, never skipped."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hdcli.render.streams import remark
from hdcli.render.text import safe

MOST = 20


def warn(problems: Sequence[object]) -> None:
    """A line for each of the first problems, and how many more there are."""
    lines = [remark(f"can't read {safe(str(each))}") for each in problems[:MOST]]
    if len(problems) > MOST:
        lines.append(remark(f"and {len(problems) - MOST:,} more; hd fsck names them all"))
    if lines:
        sys.stderr.write("\n".join([*lines, ""]))

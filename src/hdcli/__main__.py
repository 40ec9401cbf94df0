"""``python -m hdcli``, ``hd`` and ``git hd``."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Runs hd, or answers a shell that completes a line of it (completions/)."""
    if "_HD_COMPLETE" in os.environ:
        from hdcli.completion import complete

        sys.exit(complete(sys.argv[1:]))
    try:
        from hdcli.cli import main as run

        run()
    except KeyboardInterrupt:  # while starting or ending; in between cli tells of it
        sys.exit(130)


if __name__ == "__main__":
    main()

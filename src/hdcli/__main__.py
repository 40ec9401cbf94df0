"""``python -m hdcli``, ``hd`` and ``git hd``."""

from __future__ import annotations

from hdcli.cli import main

if __name__ == "__main__":
    main()

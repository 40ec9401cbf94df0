"""Answers a shell's TAB, from what lies there, without loading click, any command or YAML.

The scripts in completions/ call ``_HD_COMPLETE=1 hd WORD...``: the words behind the command up to
the cursor, the last one being the one to complete. The first line of the answer is ``words``,
``files`` or ``folders``; behind ``words`` follows a line each: the word, a tab, what it is.
A word that ends in ``:`` or ``=`` goes on; all others end.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def complete(words: Sequence[str]) -> int:
    """Prints the answer and gives the exit code: always 0, for nobody reads an error here."""
    try:
        from hdcli.completion.answer import answer

        text = answer(words)
    except Exception:  # a shell that waits for words can do nothing with an error
        text = ""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.flush()
    except OSError:
        pass
    return 0

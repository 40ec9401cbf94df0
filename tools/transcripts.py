"""Runs the ``console`` blocks of a document and compares, or renews, the outputs it shows.

A block has lines that begin with ``$ `` (typed; ``> `` goes on) and what they printed. All blocks
of a document are one session on one desk. Ids, hashes and times differ from run to run: ids are
followed from where they first appear, the others are compared by their form.

``python tools/transcripts.py [FILE...]`` renews; with ``--check`` it names what differs.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from contextlib import closing
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    "README.md",
    "docs/scripting.md",
    "docs/procedures.md",
    "docs/kb.md",
    "docs/suggestions.md",
    "docs/reviewing.md",
)
# A document may speak of a desk that is there already: the demo, as of a Tuesday at four.
NOW = 1_795_532_400
DEMO = "from pathlib import Path; from datetime import UTC; from hdcli.services import demo; "
DEMO += f"demo.make(Path('desk'), {NOW}, UTC, 1)"
PREPARED = {
    "docs/reviewing.md": f'{sys.executable} -c "{DEMO}"; cd desk; export GIT_TEST_DATE_NOW={NOW}'
}
BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
ID = re.compile(r"\bHD-[0-9A-Z]{5}\b")
# What differs from run to run, and what stands for it; a run of spaces or rules is one.
FORMS = (
    (re.compile(r"\b[0-9a-f]{40}\b|\b[0-9a-f]{7,12}\b"), "HASH"),
    (re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b( \d+)? ?(?=\w)"), ""),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DAY"),
    (re.compile(r"\b(\d+ )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b( \d+)*"), "DAY"),
    (re.compile(r"\b\d\d:\d\d(:\d\d)?( \d{4})?( [+-]\d{4})?"), "TIME"),
    (re.compile(r"\b(today|yesterday|tomorrow)\b"), "DAY"),
    (re.compile(r"\b\d+ (min|h|d|wk|y)\b( ago)?|\bjust now\b|\bnow\b"), "AGE"),
    (re.compile(r"\bprocess \d+"), "PROCESS"),
    (re.compile(r"\d+(\.\d)? s\b|[\d,]+(\.\d)?/s\b"), "SPEED"),
    (re.compile(r"(?: |─|-){2,}|\t"), " "),
)


class Session:
    """A shell on a machine where hd was just installed, and the ids seen in it."""

    def __init__(self, home: Path) -> None:
        self.ids: dict[str, str] = {}
        work, binaries = home / "work", home / "bin"
        work.mkdir()
        (work / "examples").symlink_to(ROOT / "examples")
        binaries.mkdir()
        for name in ("hd", "git-hd"):
            script = binaries / name
            script.write_text(f'#!/bin/sh\nexec {sys.executable} -m hdcli "$@"\n')
            script.chmod(0o755)
        self._shell = subprocess.Popen(
            ["bash"],
            cwd=work,
            env=_environment(home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, command: str) -> str:
        """What the command prints. The ids in it, of the document, become those of this run."""
        for shown, real in self.ids.items():
            command = command.replace(shown, real)
            command = re.sub(rf"(?<=[ /]){shown[3:6].lower()}\w*\b", real, command)
        typed, printed = self._shell.stdin, self._shell.stdout
        assert typed is not None
        assert printed is not None
        typed.write(f"{{ {command}\n}} </dev/null\nprintf '\\0'\n".encode())
        typed.flush()
        output = b""
        while not output.endswith(b"\0"):
            piece = os.read(printed.fileno(), 65536)
            assert piece, f"the shell ended at: {command}"
            output += piece
        return output[:-1].decode()

    def close(self) -> None:
        """Ends the shell."""
        self._shell.communicate()

    def follow(self, shown: str, real: str) -> None:
        """Learns which id of this run stands for which of the document."""
        for old, new in zip(ID.findall(shown), ID.findall(real), strict=False):
            self.ids.setdefault(old, new)
        for new in ID.findall(real):
            if new not in self.ids.values():
                self.ids[new] = new

    def as_shown(self, real: str) -> str:
        """An output with the document's ids."""
        for old, new in self.ids.items():
            real = real.replace(new, old)
        return real


def _environment(home: Path) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("GIT_", "HD_", "XDG_"))}
    return kept | {
        "HOME": str(home),
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "96",
        "TZ": "Europe/Paris",
        "LC_ALL": "C.UTF-8",
        "PAGER": "cat",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Alice Martin",
        "GIT_AUTHOR_EMAIL": "alice@example.org",
        "GIT_COMMITTER_NAME": "Alice Martin",
        "GIT_COMMITTER_EMAIL": "alice@example.org",
    }


def renewed(text: str, session: Session) -> str:
    """The document with the outputs of this session."""
    return BLOCK.sub(lambda block: _renewed_block(block[0], session), text)


def _renewed_block(block: str, session: Session) -> str:
    parts = re.split(r"^((?:\$ .*\n)(?:> .*\n)*)", block, flags=re.MULTILINE)
    made = [parts[0]]
    for typed, shown in zip(parts[1::2], parts[2::2], strict=True):
        real = session.run(re.sub(r"^[$>] ", "", typed, flags=re.MULTILINE))
        session.follow(shown, real)
        real = session.as_shown(real)
        made += [typed, real if comparable(real) != comparable(shown) else shown]
    return "".join(made)


def comparable(output: str) -> list[str]:
    """The lines of an output without what differs from run to run."""
    lines = []
    for line in output.rstrip("\n").split("\n"):
        for form, name in FORMS:
            line = form.sub(name, line)
        lines.append(line.rstrip())
    return lines


def main() -> int:
    """The exit code: 1 when something differs and was to be checked only."""
    check = "--check" in sys.argv
    names = [each for each in sys.argv[1:] if each != "--check"] or list(DOCUMENTS)
    differs = False
    for name in names:
        path = ROOT / name
        old = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as home, closing(Session(Path(home))) as session:
            session.run(PREPARED.get(name, "true"))
            new = renewed(old, session)
        if new == old:
            continue
        differs = True
        print("".join(unified_diff(old.splitlines(True), new.splitlines(True), path.name, "now")))
        if not check:
            path.write_text(new, encoding="utf-8")
    return 1 if check and differs else 0


if __name__ == "__main__":
    sys.exit(main())

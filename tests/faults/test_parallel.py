"""Many processes at once on one desk: nothing lost, nothing doubled, nobody refused."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from faulty import require_promises, start
from support import DeskFolder

# Tickets one after the other, each by a process of its own.
EACH = 10 if os.environ.get("HD_FULL") else 5
_WRITER = f"""\
import subprocess, sys
for number in range({EACH}):
    line = [sys.executable, "-m", "hdcli", "new", f"Writer {{sys.argv[1]}}, ticket {{number}}"]
    subprocess.run(line, check=True)
"""


def finished(process: subprocess.Popen[bytes]) -> list[str]:
    """What a process printed; asserts that it succeeded, without a word on standard error."""
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, b"")
    return out.decode().split()


def test_eight_writers_and_a_reader_lose_and_double_nothing(a_desk: DeskFolder) -> None:
    writers = [script(a_desk, _WRITER, str(number)) for number in range(8)]
    readers = 0
    while any(each.poll() is None for each in writers):
        assert a_desk.process("list").returncode == 0
        readers += 1
        time.sleep(0.2)
    printed = [ticket_id for each in writers for ticket_id in finished(each)]
    assert readers
    assert len(set(printed)) == len(printed) == 8 * EACH
    require_promises(a_desk, printed)
    assert a_desk.git("rev-list", "--count", "main") == str(2 + 8 * EACH)
    listed = a_desk.hd("list", "--all", "--jsonl").out.splitlines()
    assert len(listed) == 8 * EACH
    titles = a_desk.git("log", "--format=%s", "--grep=Writer")
    assert len(set(titles.splitlines())) == 8 * EACH


def test_readers_that_build_the_cache_together_all_read(a_desk: DeskFolder) -> None:
    ids = {a_desk.new(f"Number {number}") for number in range(5)}
    for each in (a_desk.path / ".git" / "hd").glob("cache*"):
        each.unlink()
    readers = [start(a_desk, "list", "-q") for _ in range(6)]
    assert [set(finished(each)) for each in readers] == [ids] * 6


def test_writers_of_one_ticket_each_add_their_note(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    writers = [start(a_desk, "note", ticket, "-m", f"Note {number}") for number in range(6)]
    for each in writers:
        finished(each)
    require_promises(a_desk, [ticket])
    text = a_desk.file(ticket).read_text()
    assert all(f"Note {number}" in text for number in range(6))


def script(desk: DeskFolder, code: str, *args: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *args],
        cwd=desk.path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )

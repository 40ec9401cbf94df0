"""Standard streams that are closed, full, left or not UTF-8."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

from support import DeskFolder

ENCODINGS = [
    {"LC_ALL": "C"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
]


def shell(desk: DeskFolder, line: str) -> subprocess.CompletedProcess[bytes]:
    """A line of sh in the desk's folder; ``hd`` in it is hd."""
    return subprocess.run(
        ["sh", "-c", line.replace("hd ", f"{shlex.quote(sys.executable)} -m hdcli ", 1)],
        cwd=desk.path,
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", ">&- <&- 2>&-"])
def test_closed_streams_are_no_obstacle(a_desk: DeskFolder, closed: str) -> None:
    ran = shell(a_desk, f"hd new Printer {closed}")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert a_desk.git("log", "-1", "--format=%s").endswith("new: Printer")
    assert a_desk.clean()
    assert shell(a_desk, f"hd list {closed}").returncode == 0


def test_nothing_to_read_is_no_defect(a_desk: DeskFolder) -> None:
    ran = shell(a_desk, "hd note - -m x <&-")
    assert b"defect" not in ran.stderr
    assert ran.stderr.count(b"\n") == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("line", ["new x", "list", "list --json", "--help", "--version"])
def test_a_full_output_is_one_line_and_exit_1(a_desk: DeskFolder, line: str) -> None:
    a_desk.new()
    ran = shell(a_desk, f"hd {line} > /dev/full")
    assert ran.returncode == 1
    assert ran.stderr == b"hd: can't write to standard output: no space left on device\n"


@pytest.mark.parametrize("line", [["list"], ["list", "--jsonl"], ["--help"], ["log"]])
def test_a_reader_that_left_is_no_failure(a_desk: DeskFolder, line: list[str]) -> None:
    for number in range(3):
        a_desk.new(f"Number {number}")
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(
        [sys.executable, "-m", "hdcli", *line],
        cwd=a_desk.path,
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("env", ENCODINGS)
def test_any_text_is_printed_in_any_encoding(a_desk: DeskFolder, env: dict[str, str]) -> None:
    ticket = a_desk.new("Imprimante bloquée 名前 …")
    for line in (["list"], ["show", ticket], ["list", "--json"], ["note", ticket, "-m", "é"]):
        ran = a_desk.process(*line, env=env)
        assert (ran.returncode, ran.stderr) == (0, b""), line
        assert b"Imprimante bloqu" in ran.stdout


def test_what_was_typed_in_another_encoding_is_no_defect(a_desk: DeskFolder) -> None:
    title = b"Imprimante bloqu\xe9e"
    line = [os.fsencode(sys.executable), b"-m", b"hdcli", b"new", title]
    ran = subprocess.run(line, cwd=a_desk.path, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert a_desk.clean()
    assert "Imprimante bloqu" in a_desk.hd("list").out

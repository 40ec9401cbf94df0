"""hd as a process: exit codes, one line for every failure, what its two names have in common."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from editing import at_terminal
from hdcli import errors
from hdcli.errors import HdError
from hdcli.store.lock import lock
from support import DeskFolder, run_hd


def failed(
    desk: DeskFolder, *line: str, code: int, stdin: bytes = b"", env: dict[str, str] | None = None
) -> str:
    """What hd says, on one line, when it ends with this code."""
    ran = desk.process(*line, stdin=stdin, env=env)
    assert (ran.returncode, ran.stdout) == (code, b""), (ran.stdout, ran.stderr)
    text = ran.stderr.decode()
    assert text.startswith("hd: ")
    assert text.count("\n") == 1
    assert "defect" not in text
    return text


def test_done_is_0(a_desk: DeskFolder) -> None:
    for line in (["new", "x"], ["list"], ["--version"], ["--help"], ["new", "-h"]):
        ran = a_desk.process(*line)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert ran.stdout


def test_what_the_desk_forbids_is_1(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    a_desk.hd("escalate", ticket, "-m", "x", "--to", "3")
    failed(a_desk, "escalate", ticket, "-m", "x", code=errors.Refused.exit_code)
    failed(a_desk, "new", "x", "-c", "pritner", code=1)
    failed(a_desk, "--as", "nobody", "new", "x", code=1)


def test_outside_a_desk_is_1_with_the_way_in(tmp_path: Path) -> None:
    outside = DeskFolder(tmp_path)
    for line in ([], ["list"], ["new", "x"], ["whoami"]):
        assert "hd init" in failed(outside, *line, code=errors.NotADesk.exit_code)


def test_a_narrow_screen_breaks_errors_between_words(a_desk: DeskFolder) -> None:
    ran = at_terminal(a_desk, "show", "zzzzz", columns=30)
    assert ran.out == ("hd: no ticket 'zzzzz' on this\n    desk; hd list --all shows\n    them\n")
    query = "priority:>=hgih"
    assert f"\n  {query}\n           ^^^^^^\n" in at_terminal(a_desk, "list", query, columns=30).out
    assert at_terminal(a_desk, "kb", columns=30).out.startswith("hd: no articles on this desk\n")


def test_nobody_at_the_keyboard_is_1_with_the_remedy(a_desk: DeskFolder) -> None:
    env = {name: "" for name in os.environ if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))}
    said = failed(a_desk, "new", "x", code=1, env=env)
    assert "git config" in said
    assert "HD_AGENT" in said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["lsit"], "did you mean 'list'? (hd --help)"),
        (["resolve", "x", "--article"], "'--article' requires an argument (hd resolve --help)"),
        (["frobnicate"], "no command 'frobnicate'"),
        (["list", "--jsno"], "'--json'"),
        (["--desks", "x"], "'--desk'"),
        (["--qqq"], "no such option"),
        (["note"], "missing argument"),
        (["new"], 'hd new "what is wrong"'),
        (["new", "x", "--channel", "pigeon"], "'pigeon'"),
        (["escalate", "7k3", "--to", "up", "-m", "x"], "'up'"),
        (["list", "--limit", "-1"], "--limit"),
        (["new", "x", "--attach", "/nowhere"], "/nowhere"),
        (["note", "!!!", "-m", "x"], "not a ticket id"),
    ],
)
def test_wrong_usage_is_2_with_a_hint(a_desk: DeskFolder, line: list[str], words: str) -> None:
    assert words in failed(a_desk, *line, code=errors.BadUsage.exit_code)


def test_a_query_that_can_not_be_read_is_2_and_shows_where(a_desk: DeskFolder) -> None:
    ran = a_desk.process("list", "priority:>=hgih")
    assert ran.returncode == errors.BadQuery.exit_code
    assert ran.stderr.decode().splitlines()[-1].strip().strip("^") == ""


def test_no_such_ticket_is_3(a_desk: DeskFolder) -> None:
    failed(a_desk, "show", "zzzzz", code=errors.NotFound.exit_code)
    failed(a_desk, "note", "@", "-m", "x", code=errors.NotFound.exit_code)


def test_an_id_that_could_be_several_is_3_and_lists_them(a_desk: DeskFolder) -> None:
    tickets = [a_desk.new()]
    while len({each[3] for each in tickets}) == len(tickets):
        tickets.append(a_desk.new())
    twice = tickets[-1][3]
    text = failed(a_desk, "show", twice, code=errors.Ambiguous.exit_code)
    assert sum(each in text for each in tickets) > 1


def test_invalid_data_is_4_with_file_and_line(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    file = a_desk.file(ticket)
    file.write_text(file.read_text() + "\ttab\n")
    a_desk.git("commit", "-qam", "x")
    text = failed(a_desk, "note", ticket, "-m", "x", code=errors.BadData.exit_code)
    assert f"{file.relative_to(a_desk.path)}:" in text


def test_a_hand_edit_in_the_way_is_5(a_desk: DeskFolder) -> None:
    ticket = a_desk.new()
    file = a_desk.file(ticket)
    file.write_text(file.read_text() + "# mine\n")
    text = failed(a_desk, "note", ticket, "-m", "x", code=errors.Conflict.exit_code)
    assert "hd commit" in text


def test_a_held_lock_is_6_and_names_its_holder(a_desk: DeskFolder) -> None:
    a_desk.new()
    env = {"HD_LOCK_TIMEOUT": "0.1"}
    with lock(a_desk.path / ".git" / "hd"):
        text = failed(a_desk, "new", "x", code=errors.Busy.exit_code, env=env)
    assert f"(process {os.getpid()})" in text
    assert "HD_LOCK_TIMEOUT" in text


def test_every_kind_of_error_has_a_documented_code() -> None:
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    assert {each.exit_code for each in kinds if issubclass(each, HdError)} == set(range(1, 8))


def test_what_nobody_foresaw_is_1_one_line_and_a_file(a_desk: DeskFolder, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    code = "from hdcli import app, cli; del app.App.desk; cli.main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "list"],
        cwd=a_desk.path,
        capture_output=True,
        env={**os.environ, "TMPDIR": str(logs)},
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (1, b"", 1)
    assert ran.stderr.startswith(b"hd: a defect of hd: AttributeError: ")
    (log,) = logs.iterdir()
    assert str(log) in ran.stderr.decode()
    assert "Traceback" in log.read_text()


def test_messages_can_not_move_the_cursor(tmp_path: Path) -> None:
    ran = run_hd("--desk", str(tmp_path / "a\x1b[2J\nb"), "list")
    assert ran.code == errors.NotADesk.exit_code
    assert "\x1b" not in ran.err
    assert ran.err.count("\n") == 1


def test_hd_and_git_hd_are_one(a_desk: DeskFolder) -> None:
    folder = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    for line in (["hd"], ["git", "hd"], ["git-hd"]):
        usage = subprocess.run(
            [*line, "note"], cwd=a_desk.path, capture_output=True, text=True, env=env, check=False
        )
        assert usage.returncode == errors.BadUsage.exit_code
        name = "hd" if line == ["hd"] else "git hd"
        assert usage.stderr == f"hd: missing argument 'ID...' ({name} note --help)\n"

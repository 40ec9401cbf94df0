"""The scripts in completions/, at work in real shells at a terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import DeskFolder
from terminal import Terminal

SCRIPTS = Path(__file__).parents[2] / "completions"
GIT_FOR_BASH = Path("/usr/share/bash-completion/completions/git")
TITLE = "Look \x1b[31mred `touch pwned` $(touch pwned) %F{red} 'quote\" \\"
TAG = "$(touch>pwned)"

# What each shell is told first: to load the script, and to write its line to a file on Ctrl-T.
SETUP = {
    "bash": """\
PS1=; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'
bind 'set show-all-if-ambiguous on'; bind 'set completion-query-items 0'
[[ -e {git} ]] && . {git}; . {scripts}/hd.bash
capture() {{ printf '%s\\n' "$READLINE_LINE" >{line}; }}; bind -x '"\\C-t": capture'
""",
    "zsh": """\
PS1=; fpath=({scripts} $fpath); autoload -Uz compinit; compinit -u -D
unsetopt BEEP LIST_BEEP LIST_AMBIGUOUS
capture() {{ print -r -- "$BUFFER" >{line} }}; zle -N capture; bindkey '^T' capture
""",
    "fish": """\
function fish_prompt; end; source {scripts}/hd.fish; source {scripts}/git-hd.fish
bind \\ct 'commandline >{line}'
""",
}
ARGV = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "-i"],
}


class Shell:
    """A shell with the completion of hd loaded."""

    def __init__(self, name: str, desk: DeskFolder, folder: Path) -> None:
        self._line = folder / "line"
        self.name = name
        self._binaries = binaries = folder / "bin"
        binaries.mkdir()
        for program in ("hd", "git-hd"):
            script = binaries / program
            script.write_text(f'#!/bin/sh\nexec {sys.executable} -m hdcli "$@"\n')
            script.chmod(0o755)
        path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
        # A narrow terminal would cut the titles that are looked for.
        self._terminal = Terminal(ARGV[name], desk.path, {"PATH": path, "LC_ALL": "C.UTF-8"})
        setup = SETUP[name].format(scripts=SCRIPTS, line=self._line, git=GIT_FOR_BASH)
        self._terminal.type(f"{setup}echo read''y\n")
        self._terminal.await_output("ready")

    def complete(self, keys: str) -> str:
        """The line after these keys and a tab."""
        self._line.unlink(missing_ok=True)
        self._terminal.output = ""
        self._terminal.type(f"\x15{keys}\t\x14")
        return self._terminal.await_file(self._line)

    @property
    def shown(self) -> str:
        """What the terminal showed for the last line."""
        return self._terminal.output

    def await_shown(self, text: str) -> None:
        """Waits until the terminal shows it: a list may come after the line."""
        self._terminal.await_output(text)

    def run(self, line: str) -> None:
        """Runs a command line."""
        self._terminal.output = ""
        self._terminal.type(f"\x15{line}; echo do''ne\n")
        self._terminal.await_output("done\r\n")

    def replace_hd(self, script: str) -> None:
        """Lets ``hd`` be another program."""
        (self._binaries / "hd").write_text(script)

    def close(self) -> None:
        """Ends it."""
        self._terminal.close()


@pytest.fixture
def warm_desk(a_desk: DeskFolder) -> DeskFolder:
    """A desk with two tickets, one of them hostile, and a cache."""
    a_desk.new("Printer jams", "-t", "printer", "-t", "vpn")
    a_desk.new(TITLE, "-t", TAG)
    a_desk.hd("list")
    return a_desk


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(request: pytest.FixtureRequest, warm_desk: DeskFolder, tmp_path: Path) -> Iterator[Shell]:
    """Each of the shells, where it is installed."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    opened = Shell(request.param, warm_desk, tmp_path)
    yield opened
    opened.close()


def test_words_are_completed(shell: Shell) -> None:
    assert shell.complete("hd esc") == "hd escalate "
    assert shell.complete("hd new --chan") == "hd new --channel "
    assert shell.complete("hd new --channel ph") == "hd new --channel phone "
    assert shell.complete("hd new --team=net") == "hd new --team=network "
    assert shell.complete("hd nonsense ") == "hd nonsense "


def test_fields_go_on_and_values_end(shell: Shell) -> None:
    assert shell.complete("hd set 7k3 categ") == "hd set 7k3 category="
    assert shell.complete("hd set 7k3 category=net") == "hd set 7k3 category=network "
    assert shell.complete("hd list stat") == "hd list status:"
    assert shell.complete("hd list status:new,pen") == "hd list status:new,pending "
    assert shell.complete("hd list 'priority:>=hi").rstrip() == "hd list 'priority:>=high'"


def test_an_id_is_inserted(shell: Shell, warm_desk: DeskFolder) -> None:
    ticket = (warm_desk.path / ".git/hd/last").read_text().strip()
    assert shell.complete(f"hd show {ticket[:7]}") == f"hd show {ticket} "
    key = ticket[3:].lower()
    assert shell.complete(f"hd note {key[:4]}") == f"hd note {key} "


def test_titles_are_shown_and_do_nothing(shell: Shell, warm_desk: DeskFolder) -> None:
    assert shell.complete("hd show HD-").startswith("hd show HD-")
    if shell.name != "bash":
        shell.await_shown("Printer jams")
        shell.await_shown("`touch pwned` $(touch pwned) %F{red}")
    assert "\x1b[31m" not in shell.shown
    assert not (warm_desk.path / "pwned").exists()


def test_what_is_inserted_is_one_quoted_word(shell: Shell, warm_desk: DeskFolder) -> None:
    assert shell.complete("hd tag @ '+vp").rstrip() == "hd tag @ '+vpn'"
    ticket = (warm_desk.path / ".git/hd/last").read_text().strip()
    line = shell.complete(f"hd tag {ticket} -\\$")
    done = subprocess.run(
        [shell.name, "-c", line.replace("hd tag", "printf %s,")],
        cwd=warm_desk.path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{ticket},-{TAG},"
    assert not (warm_desk.path / "pwned").exists()


def test_another_program_of_that_name_completes_nothing(shell: Shell) -> None:
    shell.replace_hd("#!/bin/sh\necho 0000000 7f45 4c46; echo escalate; exit 1\n")
    assert shell.complete("hd esc") == "hd esc"
    shell.replace_hd("#!/bin/sh\necho hd: what went wrong >&2; exit 1\n")
    assert shell.complete("hd esc") == "hd esc"
    assert "wrong" not in shell.shown


@pytest.mark.parametrize("shell", ["bash"], indirect=True)
def test_a_bash_that_keeps_colons_in_words_is_understood(shell: Shell) -> None:
    shell.run("COMP_WORDBREAKS=${COMP_WORDBREAKS//:}")
    assert shell.complete("hd list status:pen") == "hd list status:pending "


def test_files_are_the_shells_own_work(shell: Shell) -> None:
    assert shell.complete("hd note 7k3 --file desk.ya") == "hd note 7k3 --file desk.yaml "
    assert shell.complete("hd note 7k3 --file=desk.ya") == "hd note 7k3 --file=desk.yaml "
    assert shell.complete("hd --desk tick").rstrip("/") == "hd --desk tickets"


def test_git_hd_is_completed_too(shell: Shell) -> None:
    if shell.name == "bash" and not GIT_FOR_BASH.exists():
        pytest.skip("git's completion for bash is not installed")
    assert shell.complete("git hd esc") == "git hd escalate "
    assert shell.complete("git -C . hd set 7k3 category=net") == (
        "git -C . hd set 7k3 category=network "
    )
    assert shell.complete("git checko").rstrip() == "git checkout"

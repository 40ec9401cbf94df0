"""The recipe of docs/privacy.md: git alone takes out of the history what was anonymised."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from support import DeskFolder, run_hd

TEXT = (Path(__file__).parents[2] / "docs/privacy.md").read_text(encoding="utf-8")
SECRETS = ("ana@example.org", "Ana Silva", "my password", "Dear Ana")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def _everything(repository: DeskFolder) -> str:
    """Every object of a repository, reachable or not, with the messages and names of commits."""
    command = "git cat-file --batch-all-objects --batch --unordered"
    done = subprocess.run(
        command.split(), cwd=repository.path, capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode("utf-8", "replace")


def test_the_recipe_leaves_nothing_in_any_object(a_desk: DeskFolder, tmp_path: Path) -> None:
    file = tmp_path / "é ana.txt"
    file.write_text("my password")
    ana = a_desk.new("Ana Silva's PC", "-r", "Ana Silva <ana@example.org>", "--body", "Off")
    a_desk.hd("attach", ana, str(file))
    a_desk.hd("escalate", ana, "-m", "Ana Silva waits")
    a_desk.hd("reply", ana, "-m", "Dear Ana")
    ben = a_desk.new("Printer", "-r", "ben@example.org", "--body", "Ana Silva, ana@example.org")
    other = a_desk.new("Mouse", "-r", "ben@example.org", "--body", "A squeak")
    a_desk.hd("merge", ana, ben)
    a_desk.hd("anonymise", "ana@example.org", "--names", "--yes", "-q")
    a_desk.hd("note", other, "-m", "Made after that")
    for secret in SECRETS:
        assert secret in _everything(a_desk)

    work = tmp_path / "work"
    work.mkdir()
    first, second, _ = _blocks("sh")
    (work / "message.awk").write_text(_blocks("awk")[0])
    script = f"set -e\nURL={a_desk.path}\n{first}\n{second}"
    done = subprocess.run(
        ["sh", "-c", script], cwd=work, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    rewritten = DeskFolder(work / "rewritten.git")
    for secret in SECRETS:
        assert secret not in _everything(rewritten)

    clone = DeskFolder(tmp_path / "clone")
    assert run_hd("clone", str(rewritten.path), str(clone.path)).code == 0
    assert clone.git("rev-parse", "main^{tree}") == a_desk.git("rev-parse", "main^{tree}")
    assert clone.commits() == a_desk.commits()
    clone.hd("fsck")
    assert clone.message("main").startswith(f"{other}: note: Made after that")
    said = clone.git("log", "--format=%s", "--reverse", "--", f"tickets/*/{ana}.yaml")
    assert said.splitlines()[0] == f"{ana}: new"
    actions = clone.git("log", "--format=%(trailers:key=Action,valueonly)%s").splitlines()
    assert f"{ana}: escalate" in actions

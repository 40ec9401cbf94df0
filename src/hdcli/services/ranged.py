"""``hd fsck --range``: the commits between two states, judged as a hub judges a push."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hdcli.errors import BadUsage
from hdcli.model.finding import Finding
from hdcli.services.fsck import Report
from hdcli.services.sealing import judged
from hdcli.services.vetting import Vetting
from hdcli.store.ancestry import is_ancestor
from hdcli.store.discover import repository_at
from hdcli.store.git import Repository
from hdcli.store.passage import Passage, passages


def check_range(start: Path, text: str) -> Report:
    """Judges the commits of a range ``A..B`` in the repository around a folder.

    Without A (or with zeros, as git hosts name no commit) from the first commit on, by what each
    commit's parent allows; without B up to HEAD. Raises NotADesk, BadUsage.
    """
    repository = repository_at(start)
    old, new = ends(repository, text, "HEAD")
    report = Report(commits=0)

    def counted() -> Iterator[Passage]:
        for number, passage in enumerate(passages(repository, old, new), 1):
            report.commits = number
            yield passage

    if old and not is_ancestor(repository, old, new):
        said = f"it does not have all of {old[:10]}: as a push it would be a forced one"
        report.findings.append(Finding("note", "", 0, said, "git merge", commit=new))
    with Vetting(repository, old) as vetting:
        report.findings += judged(vetting, counted())
    return report


def ends(repository: Repository, text: str, newest: str) -> tuple[str, str]:
    """The commits that ``A..B`` names: A empty where the range has none (or zeros), B ``newest``.

    Raises BadUsage.
    """
    first, dots, last = text.partition("..")
    if not dots or last.startswith("."):
        raise BadUsage(f"'{text}' is no range", "write A..B, as in origin/main..main")
    old = _commit(repository, first) if first.strip("0") else ""
    return old, _commit(repository, last or newest)


def _commit(repository: Repository, name: str) -> str:
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    found = repository.attempt(*asked).stdout.decode().strip()
    if not found:
        remedy = "a shallow clone lacks old ones: git fetch --unshallow"
        raise BadUsage(f"there is no commit '{name}' here", remedy)
    return found

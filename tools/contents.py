"""Checks what a distribution holds: ``contents.py FILE...`` says what is missing or too much."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

COMPLETIONS = {
    "share/bash-completion/completions/git-hd",
    "share/bash-completion/completions/hd",
    "share/fish/vendor_completions.d/git-hd.fish",
    "share/fish/vendor_completions.d/hd.fish",
    "share/zsh/site-functions/_git-hd",
    "share/zsh/site-functions/_hd",
}


def package_files() -> set[str]:
    """Every file of the package, as the wheel names it."""
    source = ROOT / "src"
    found = (path for path in (source / "hdcli").rglob("*") if path.is_file())
    return {str(p.relative_to(source)) for p in found if "__pycache__" not in p.parts}


def wheel(path: Path) -> list[str]:
    """What is wrong with a wheel."""
    names = set(zipfile.ZipFile(path).namelist())
    share = {name.partition(".data/data/")[2] for name in names if ".data/data/" in name}
    shared = {f"share/man/man1/{page.name}" for page in (ROOT / "man").iterdir()} | COMPLETIONS
    wrong = [f"lacks {name}" for name in sorted((package_files() - names) | (shared - share))]
    rest = {n for n in names - package_files() if ".data/" not in n and ".dist-info/" not in n}
    return wrong + [f"should not have {name}" for name in sorted(rest)]


def sdist(path: Path) -> list[str]:
    """What is wrong with an sdist: it must be enough to build, read, test and check."""
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {f"src/{name}" for name in package_files()}
    wanted |= {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml"}
    wanted |= {".ci/run", "tests/conftest.py", "tools/generate.py", "examples/october.jsonl"}
    wanted |= {f"man/{page.name}" for page in (ROOT / "man").iterdir()}
    return [f"lacks {name}" for name in sorted(wanted - names)]


def main() -> int:
    """The exit code: 1 when something is wrong."""
    wrong = []
    for path in map(Path, sys.argv[1:]):
        wrong += [
            f"{path.name} {each}" for each in (wheel if path.suffix == ".whl" else sdist)(path)
        ]
    for line in wrong:
        print(line)
    return 1 if wrong or len(sys.argv) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())

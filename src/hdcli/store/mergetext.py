"""Two people's versions of one text made one, as git merges files."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from hdcli.store.git import GitFailed, Repository, said

# git-merge-file(1): the number of conflicts, 127 at most, or 255 where it could not merge at all.
_FAILED = 128
_SIDES = ("ours", "base", "theirs")


def merged(repository: Repository, base: str, ours: str, theirs: str) -> str | None:
    """The text with both changes; None where these are on the same lines. Raises GitFailed."""
    done = _merge_file(repository, [_ended(each) for each in (ours, base, theirs)])
    return None if done is None else done.decode("utf-8", "surrogatepass").rstrip("\n")


def merged_bytes(repository: Repository, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """The same of files, every line end as it is."""
    return _merge_file(repository, [ours, base, theirs])


def with_both(
    repository: Repository, base: str, ours: str, theirs: str, both: Callable[[str, str], str]
) -> str:
    """The text with both changes; where these are on the same lines, what ``both`` makes of the
    two versions of them. Raises GitFailed."""
    texts = [_ended(each) for each in (ours, base, theirs)]
    size = max((len(found) for text in texts for found in _MARKS.findall(text)), default=0) + 40
    done = _merge_file(repository, texts, f"--marker-size={size}", clashes=True)
    assert done is not None
    start, middle, end = (mark * size for mark in (b"<", b"=", b">"))
    end_of_line = rb"\r?\n"  # git ends its marks as the lines about them end
    hunk = re.compile(
        rb"(?ms)^%s ours%s(.*?)^%s%s(.*?)^%s theirs%s"
        % (start, end_of_line, middle, end_of_line, end, end_of_line)
    )
    text = hunk.sub(lambda found: _ended(both(_text(found[1]), _text(found[2]))), done)
    return _text(text)


_MARKS = re.compile(rb"(?m)^[<=>]+")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass").rstrip("\n")


def _ended(text: str) -> bytes:
    return f"{text}\n".encode("utf-8", "surrogatepass") if text else b""


def _merge_file(
    repository: Repository, texts: list[bytes], *options: str, clashes: bool = False
) -> bytes | None:
    repository.local.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="merge-", dir=repository.local) as folder:
        names = []
        for name, text in zip(_SIDES, texts, strict=True):
            place = Path(folder) / name
            place.write_bytes(text)
            names.append(str(place))
        labels = [word for side in _SIDES for word in ("-L", side)]
        done = repository.attempt("merge-file", "-p", "-q", *labels, *options, *names)
    if done.returncode >= _FAILED or done.returncode < 0:
        raise GitFailed(f"git merge-file failed: {said(done.stderr)}")
    return done.stdout if clashes or not done.returncode else None

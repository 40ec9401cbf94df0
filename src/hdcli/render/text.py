"""Text from outside made safe for a terminal, and measured, cut and wrapped by display columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Align = Literal["left", "right"]

ELLIPSIS = "…"
TAB_SIZE = 8
MOST_MARKS = 4
"""So many combining marks may stand on one base; no living script needs more."""

NO_BASE = "\u25cc"
"""The dotted circle, Unicode's stand-in for a missing base."""

_COLOUR = "\x1b\\[[0-9;]*m"
_JOINERS = "\u200c\u200d"
_CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_DECEIVERS = (
    # Bidirectional marks, embeddings, overrides and isolates.
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
    # Characters that show nothing: soft hyphen, fillers, zero-width spaces, byte order marks.
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u3164\ufeff\uffa0"
    # Interlinear annotation, shorthand and music controls, tags.
    "\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
)
# Latin, Greek, Cyrillic and the usual punctuation: one column a character, no need for wcwidth.
# Kept as text, for it takes a millisecond to compile; re caches it once it is used.
_NARROW = (
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf]*"
)


def safe(text: str) -> str:
    """``text`` as one line that a terminal can only display: line breaks and tabs become spaces,
    controls show as ``^[``, invisible and direction-changing characters as ``\\u202e``, combining
    marks without a base stand on ``◌``."""
    if text.isascii() and text.isprintable():
        return text
    return _neutral(re.sub(r"\r\n|[\r\n\t]", " ", text))


def safe_block(text: str) -> str:
    """Like ``safe``, for several lines: line breaks stay (as ``\\n``), tabs become spaces."""
    if text.isascii() and text.isprintable():
        return text
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    return "\n".join(_untabbed(_neutral(line, keep="\t")) for line in lines)


def without_controls(text: str) -> str:
    """``text`` with its controls and lone surrogates shown as ``safe`` shows them, and nothing
    else changed: for data that a spreadsheet reads. Line breaks (as ``\\n``) and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    text = re.sub(r"\r\n?", "\n", text)
    return re.sub(f"(?![\n\t])[{_CONTROLS}]", _shown, text)


def width(text: str) -> int:
    """The columns ``text`` takes on a terminal; never negative."""
    if _is_narrow(text):
        return len(text)
    measure = _measure()
    return sum(measure(cluster) for cluster in graphemes(text))


def fit(text: str, columns: int) -> str:
    """``text`` cut to at most ``columns`` columns, with ``…`` where something is missing. No
    character a reader sees as one is split."""
    if columns <= 0:
        return ""
    if width(text) <= columns:
        return text
    return _head(text, columns - 1).rstrip() + ELLIPSIS


def pad(text: str, columns: int, align: Align = "left") -> str:
    """``text`` filled with spaces to ``columns`` columns; a longer text is left as it is."""
    filling = " " * max(0, columns - width(text))
    return filling + text if align == "right" else text + filling


def wrap(text: str, columns: int, indent: str = "") -> str:
    """``text`` with its lines broken between words to ``columns`` columns, ``indent`` included.
    Line breaks stay, a line's own indentation is kept on what follows it, and a word is broken
    only when it is longer than a line."""
    room = max(1, columns - width(indent))
    lines = [piece for line in text.split("\n") for piece in _wrapped(line.rstrip(), room)]
    return "\n".join((indent + line).rstrip() for line in lines)


def fold(text: str, columns: int, indent: str = "") -> str:
    """One line of ``text`` broken between words to ``columns`` columns, ``indent`` before all but
    the first. A word stays whole even where it is longer than a line: a path can be copied.
    Colours take no room."""
    words = text.lstrip(" ")
    lines = [text[: len(text) - len(words)]]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if lines[-1].strip() and width(re.sub(_COLOUR, "", longer)) > columns:
            lines.append(indent + word)
        else:
            lines[-1] = longer
    return "\n".join(line.rstrip() for line in lines)


def graphemes(text: str) -> Iterator[str]:
    """What a reader sees as single characters, in order: a letter with its accents, an emoji."""
    if _is_narrow(text):
        return iter(text)
    from wcwidth import iter_graphemes

    return iter_graphemes(text)


def _is_narrow(text: str) -> bool:
    return text.isascii() or re.fullmatch(_NARROW, text) is not None


def _neutral(text: str, keep: str = "") -> str:
    unsafe = f"(?![{keep}])" if keep else ""
    text = re.sub(f"{unsafe}[{_CONTROLS}{_DECEIVERS}]", _shown, text)
    if _is_narrow(text):
        return text
    # A joiner means something between letters of some scripts and emoji, and hides in ASCII.
    text = re.sub(f"(?<![^\x00-\x7f])[{_JOINERS}]+", _shown, text)
    return _sound_marks(text)


def _shown(match: re.Match[str]) -> str:
    return "".join(_escape(char) for char in match[0])


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x20 or code == 0x7F:
        return "^" + chr(code ^ 0x40)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _sound_marks(text: str) -> str:
    """No more than ``MOST_MARKS`` on one base, and a base where there is none: a mark that
    begins a word would join whatever is printed before it."""
    from unicodedata import category

    kept: list[str] = []
    run, before = 0, " "
    for char in text:
        kind = category(char)
        run = run + 1 if kind in ("Mn", "Me") or char in _JOINERS else 0
        if run <= MOST_MARKS:
            kept.append(NO_BASE + char if kind[0] == "M" and before.isspace() else char)
        before = char
    return "".join(kept)


def _untabbed(line: str) -> str:
    if "\t" not in line:
        return line
    result, column = [], 0
    for piece in re.split("(\t)", line):
        filled = " " * (TAB_SIZE - column % TAB_SIZE) if piece == "\t" else piece
        result.append(filled)
        column += width(filled)
    return "".join(result)


def _measure() -> Callable[[str], int]:
    from wcwidth import wcswidth

    # wcswidth gives -1 for controls.
    return lambda cluster: max(0, wcswidth(cluster))


def _head(text: str, columns: int) -> str:
    """The longest start of ``text`` that takes at most ``columns`` columns."""
    if _is_narrow(text):
        return text[:columns]
    measure = _measure()
    used = end = 0
    for cluster in graphemes(text):
        used += measure(cluster)
        if used > columns:
            break
        end += len(cluster)
    return text[:end]


def _wrapped(line: str, columns: int) -> Iterator[str]:
    if width(line) <= columns:
        yield line
        return
    margin = line[: len(line) - len(line.lstrip(" "))]
    if len(margin) > columns // 2:
        margin = ""
    room = columns - len(margin)
    current, used = "", 0
    for gap, word in re.findall(r"(\s*)(\S+)", line.lstrip(" ")):
        taken = width(gap) + width(word)
        if current and used + taken <= room:
            current, used = current + gap + word, used + taken
            continue
        if current:
            yield margin + current
        *full, current = _broken(word, room)
        yield from (margin + piece for piece in full)
        used = width(current)
    yield margin + current


def _broken(word: str, columns: int) -> list[str]:
    """``word`` in pieces of at most ``columns`` columns; a wider character is a piece itself."""
    if _is_narrow(word):
        return [word[i : i + columns] for i in range(0, len(word), columns)]
    measure = _measure()
    pieces: list[list[str]] = [[]]
    used = 0
    for cluster in graphemes(word):
        taken = measure(cluster)
        if pieces[-1] and used + taken > columns:
            pieces.append([])
            used = 0
        pieces[-1].append(cluster)
        used += taken
    return ["".join(piece) for piece in pieces]

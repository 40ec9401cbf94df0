"""Records of a file, one after the other, in memory that does not grow with the file.

A record that can't be read becomes a Refusal with the number of its line; what follows it is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

MAX_LINE = 8_000_000
_CHUNK = 1 << 16
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """A record: the number of its (first) line, the bytes it was read from, its fields by name.

    ``end`` is how far the file was read then, in bytes.
    """

    line: int
    raw: bytes
    data: Mapping[str, Any]
    end: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that is not taken in, and why; ``raw`` is empty where it was too long to keep."""

    line: int
    raw: bytes
    reason: str
    end: int = 0


Item = Record | Refusal
TooLong = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its end; ``raw`` is None where it was longer than MAX_LINE."""

    number: int
    raw: bytes | None
    end: int


def lines(stream: BinaryIO, too_long: TooLong) -> Iterator[Line]:
    """The lines of a file, its byte order mark left out.

    A line longer than MAX_LINE goes to ``too_long`` in pieces.
    """
    number = end = 0
    while raw := stream.readline(MAX_LINE):
        number += 1
        end += len(raw)
        if len(raw) < MAX_LINE or raw.endswith(b"\n"):
            yield Line(number, raw.removeprefix(_MARK) if number == 1 else raw, end)
            continue
        while raw:
            too_long(raw)
            raw = b"" if raw.endswith(b"\n") else stream.readline(_CHUNK)
            end += len(raw)
        yield Line(number, None, end)


def json_records(found: Iterable[Line]) -> Iterator[Item]:
    """A JSON object a line; empty lines are passed over."""
    for line in found:
        if line.raw is None:
            yield Refusal(line.number, b"", too_long_a_line(), line.end)
            continue
        if not line.raw.strip():
            continue
        data = _object(line.raw)
        if isinstance(data, str):
            yield Refusal(line.number, line.raw, data, line.end)
        else:
            yield Record(line.number, line.raw, data, line.end)


def too_long_a_line() -> str:
    """The reason why a line without end is refused."""
    return f"longer than {MAX_LINE // 1_000_000} MB"


class _Unfit(ValueError):
    """JSON that is read, and can't be kept."""


def _object(raw: bytes) -> dict[str, Any] | str:
    """The object on a line; as text the reason why there is none."""
    try:
        data = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
        if b"\\u" in raw:
            _require_text(json.dumps(data, ensure_ascii=False).replace("\\\\", ""))
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start + 1}"
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return "nested too deep"
    except _Unfit as error:
        return str(error)
    except ValueError:  # Python refuses to read it
        return "a number in it is too long"
    if not isinstance(data, dict):
        return 'not a JSON object, as in {"title": …}'
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unfit(f"'{twice}' is there twice")
    return found


def _no_number(text: str) -> Any:
    raise _Unfit(f"{text} is no number")


def _require_text(text: str) -> None:
    """Raises _Unfit for what no text file can hold: a NUL, half of a surrogate pair."""
    if "\0" in text or "\\u0000" in text:  # JSON writes it so
        raise _Unfit("a NUL character is in it")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise _Unfit("half of a surrogate pair is in it") from None

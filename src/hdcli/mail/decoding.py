"""Bytes to text: charsets named rightly, wrongly or not at all; RFC 2047 as people break it.

Text that comes out has ``\\n`` as line ends, no NUL, no byte order mark and no lone surrogate.
"""

from __future__ import annotations

import binascii
import codecs
import re
from itertools import groupby

# What mail calls by one name and means another (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso-2022-jp-2004",
    "big5": "big5hkscs",
    "koi8-ru": "koi8-u",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ce": "mac-latin2",
    "utf8mb4": "utf-8",
}
# Codecs that are no charsets, or are slow or unsafe on what a stranger sends.
_NEVER = frozenset(("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"))
# What says nothing of bytes beyond ASCII.
_NO_NAME = frozenset(
    ("", "unknown", "unknown-8bit", "x-unknown", "default", "binary", "none", "7bit", "8bit")
) | frozenset(("ascii", "us-ascii", "ansi_x3.4-1968", "iso-ir-6", "646"))
# What programs call all bytes. None writes by chance in them what is UTF-8 from end to end.
_WESTERN = frozenset(("cp1252", "iso8859-15"))
_SAMPLE = 16_000
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_FOLD = re.compile(r"\r?\n[ \t]*|\r")
_UNICODE_MARK = "\ufeff"
_LONE = re.compile("[\ud800-\udfff]")


def text(data: bytes, charset: str = "") -> str:
    """What bytes say; ``charset`` is the one that the mail names, believed if it can be true."""
    name = codec_of(charset)
    if b"\x1b$" in data[:_SAMPLE] and not name.startswith("iso2022"):
        name = "iso2022_jp_2004"
    names = [name, "cp1252"] if data.isascii() else [name, "utf-8"]
    found = _first(data, names[::-1] if name in _WESTERN and not data.isascii() else names)
    return _tidy(_guessed(data, name) if found is None else found)


def codec_of(charset: str) -> str:
    """Python's name of a charset as mail calls it; empty for none, or one that nobody knows."""
    name = charset.strip().strip("\"'").lower().partition("*")[0]
    if name in _NO_NAME or not name.isascii() or not name.isprintable():
        return ""
    try:
        found = codecs.lookup(_MEANT.get(name, name))
    except (LookupError, ValueError):
        return ""
    known = found.name.replace("_", "-")
    is_text = getattr(found, "_is_text_encoding", True)
    return "" if known in _NEVER or not is_text else found.name


def _first(data: bytes, names: list[str]) -> str | None:
    """The text by the first codec that can read all of it."""
    for name in filter(None, names):
        if name.startswith("utf-16"):
            if b"\0" not in data[:200]:
                continue  # it is wrongly called so
            big = data[:200:2].count(0) > data[1:200:2].count(0)
            name, data = ("utf-16-be" if big else name), data[: len(data) & -2]
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            if name == "iso2022_jp_2004" and b"\x1b$" in data:
                return _microsoft_jis(data)
    return None


def _microsoft_jis(data: bytes) -> str:
    """ISO-2022-JP with the letters that Windows has beyond the standard, as in cp932."""
    found = []
    for escape, piece in _ESCAPES.findall(data):
        if escape in (b"\x1b$B", b"\x1b$@"):
            piece = b"".join(map(_shifted, piece[::2], piece[1::2]))
        elif escape == b"\x1b(I":
            piece = bytes(each | 0x80 for each in piece)
        found.append(piece.decode("cp932", "replace"))
    return "".join(found)


def _shifted(row: int, cell: int) -> bytes:
    """A pair of JIS's bytes as Shift JIS has them."""
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return bytes((row, cell))
    high = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    low = cell + (0x7E if row % 2 == 0 else 0x1F + (cell >= 0x60))
    return bytes((high, low))


def _guessed(data: bytes, name: str) -> str:
    """Bytes that are not what they are said to be: a few broken ones, or all in another charset."""
    for each in filter(None, (name, "utf-8")):
        almost = data.decode(each, "replace")
        broken = almost.count("\ufffd")
        if broken * 5 <= len(almost) - len(almost.encode("ascii", "ignore")):
            return almost
    beyond = data.translate(None, _ASCII)
    if len(beyond) * _RARE < len(data):
        return data.decode("utf-8", _ONE_BY_ONE)  # letters with accents, here and there
    if len(beyond) < _FEW and _WITHIN_WORD.search(data) and not _RUN.search(data):
        return data.decode("utf-8", _ONE_BY_ONE)
    if 4 <= len(beyond) < _FEW and min(beyond) >= 0xC0 and not _WITHIN_WORD.search(data):
        small = sum(1 for each in beyond if each >= 0xE0)
        return data.decode("cp1251" if small * 2 > len(beyond) else "koi8-r")
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


_ASCII = bytes(range(128))
_RARE = 6
# Too few letters for statistics; words of such letters alone are Russian, mostly.
_FEW = 40
_WITHIN_WORD = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
_RUN = re.compile(rb"[\x80-\xff]{4}")
_ESCAPES = re.compile(rb"(\x1b[$(][@BIJ]|\x1b|\A)([^\x1b]*)")
_ONE_BY_ONE = "hdcli.cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8, amid others that are."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_ONE_BY_ONE, _as_cp1252)


def _tidy(found: str) -> str:
    plain = found.removeprefix(_UNICODE_MARK).replace("\0", "")
    return _LONE.sub("\ufffd", plain.replace("\r\n", "\n").replace("\r", "\n"))


def header(raw: str, charset: str = "") -> str:
    """A header's value as people read it, on one line.

    ``raw`` has bytes beyond ASCII as surrogates (PEP 383); they are in ``charset`` if it may be.
    """
    line = _BETWEEN_WORDS.sub(r"\1", _FOLD.sub(" ", raw))
    pieces: list[tuple[str, bytes]] = []
    end = 0
    for word in _WORD.finditer(line):
        pieces.append((charset, _bytes(line[end : word.start()])))
        pieces.append((word[1].lower(), _encoded(word[2], word[3])))
        end = word.end()
    pieces.append((charset, _bytes(line[end:])))
    joined = groupby((each for each in pieces if each[1]), key=lambda each: each[0])
    whole = "".join(text(b"".join(data for _, data in group), name) for name, group in joined)
    return " ".join(whole.split())


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


def _encoded(how: str, value: str) -> bytes:
    """The bytes of an encoded word."""
    if how in "qQ":
        return binascii.a2b_qp(_bytes(value), header=True)
    return base64(_bytes(value))


def is_base64(data: bytes) -> bool:
    """Whether bytes can be base64, as their mail says; it may be lines of words."""
    first = data[:_SAMPLE].strip().partition(b"\n")[0].strip()
    return first.count(b" ") * _WORD_LENGTH <= len(first)


def base64(data: bytes) -> bytes:
    """Bytes of base64, its padding as it may; up to where it can be read."""
    if _PADDED.search(data) and not data.translate(None, _BASE64 + b"=\r\n"):
        return b"".join(map(_groups, data.split(b"=")))  # several, one after the other
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        return _groups(data)


def _groups(data: bytes) -> bytes:
    """As many groups of four letters as there are, and what the last ones say."""
    known = data.translate(None, _NOT_BASE64)
    whole = known[: len(known) // 4 * 4]
    rest = known[len(whole) :]
    return binascii.a2b_base64(whole + (rest + b"==")[:4] if len(rest) > 1 else whole)


_WORD_LENGTH = 20  # of no language
_PADDED = re.compile(rb"=[\r\n]*[A-Za-z0-9+/]")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))


def uuencoded(data: bytes) -> bytes:
    """Bytes of a uuencoded file; lines that can't be read are passed over."""
    found = []
    inside = False
    for line in data.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line.strip() == b"end":
            break
        else:
            try:
                found.append(binascii.a2b_uu(line))
            except binascii.Error:  # more at its end than its first letter says
                found.append(_uu_line(line))
    return b"".join(found)


def _uu_line(line: bytes) -> bytes:
    length = (line[0] - 32) % 64
    try:
        return binascii.a2b_uu(line[: (length * 4 + 5) // 3])
    except binascii.Error:
        return b""

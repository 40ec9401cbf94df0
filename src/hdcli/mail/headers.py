"""The headers of a message or of one of its parts, as they stand and as they are meant.

The standard library reads the lines; what it makes of broken ones, or of bytes beyond ASCII, does
not suit: values stay as they came (bytes beyond ASCII as surrogates) until somebody asks.
"""

from __future__ import annotations

import re
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import collapse_rfc2231_value, getaddresses
from typing import Any, NamedTuple

from hdcli.mail import decoding

MAX_VALUE = 50_000
MAX_PARAMETERS = 10_000
_MAX_BLOCK = 1_000_000
_MAX_PEOPLE = 500
_MAX_IDS = 200
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_ENVELOPE = re.compile(rb"\A(?:>?From [^\n]*\n)+")
_ID = re.compile(r"<[^<>\s]{1,990}>")
_BARE_ID = re.compile(r"[^<>\s@,;\"']{1,100}@[^<>\s@,;\"']{1,300}")
# Bounded, so that no long word is tried from each of its letters to its end.
_ADDRESS = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f<>@,;:()\"\\]{1,64}@[^\s\x00-\x1f\x7f-\x9f<>@,;:()\"\\]{1,255}"
)
_AFTER_WORD = re.compile(r"[;,\s\"(]")
_PARAMETER = r"[,\s]%s\s{0,9}=\s{0,9}(\"[^\"]*|[^\s;,\"]+)"
_TOKEN = re.compile(r"[a-z0-9_-]+")
# "bob@example.org <eve@example.net>": the former is but a name.
_NAMED_AS_ADDRESS = re.compile(
    r"(^|[,:;])\s{0,20}([^\"<>,;:()\s][^\"<>,;:()]{0,200}@[^\"<>,;:()]{0,200}?)\s{0,20}(?=<[^<>]*@)"
)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")


class Address(NamedTuple):
    """Somebody in a header; ``mail`` is empty where only a name can be read."""

    name: str
    mail: str


class _AsItCame(Compat32):
    def header_fetch_parse(self, name: str, value: str) -> Any:
        return value


_AS_IT_CAME = _AsItCame()


class Headers:
    """``end`` is where the body begins, in bytes from where the headers did."""

    def __init__(self, block: bytes, end: int) -> None:
        self.end = end
        self._message: Message = BytesHeaderParser(policy=_AS_IT_CAME).parsebytes(block)

    def __contains__(self, name: str) -> bool:
        return name in self._message

    def raw(self, name: str) -> str:
        """The first value of a name as it came; empty without one."""
        return str(self._message.get(name, ""))[:MAX_VALUE]

    def raws(self, name: str) -> list[str]:
        """All values of a name as they came."""
        return [str(each)[:MAX_VALUE] for each in self._message.get_all(name, [])]

    def text(self, name: str, charset: str = "") -> str:
        """A value as people read it."""
        return decoding.header(self.raw(name), charset)

    @property
    def type(self) -> str:
        """The content type, in lower case; ``text/plain`` where there is none to be read."""
        value = self._first_word("content-type")
        if not value:
            return ""
        return value if _TYPE.fullmatch(value) else "text/plain"

    def _first_word(self, name: str) -> str:
        """What a header begins with, whatever stands between it and its parameters."""
        return _AFTER_WORD.split(self.raw(name)[:200].strip(' "'), maxsplit=1)[0].lower()

    @property
    def disposition(self) -> str:
        """``inline``, ``attachment`` or nothing."""
        return self._first_word("content-disposition")

    @property
    def encoding(self) -> str:
        """The transfer encoding."""
        found = _TOKEN.search(self.raw("content-transfer-encoding").lower())
        return found[0] if found else ""

    def parameter(self, header: str, name: str) -> str:
        """A parameter of a header, RFC 2231 or 2047 or neither. Empty without it."""
        if len(self.raw(header)) > MAX_PARAMETERS:
            return ""
        try:
            params = self._message.get_params([], header)
            values = [value for key, value in params if key.lower() == name]
            values.sort(key=lambda each: isinstance(each, str))  # those of RFC 2231 first
            plain = collapse_rfc2231_value(values[0], "replace") if values else ""
        except (ValueError, LookupError, TypeError, IndexError):
            return ""
        if not values and (found := re.search(_PARAMETER % name, self.raw(header), re.IGNORECASE)):
            plain = found[1]  # the semicolon before it is missing
        return decoding.header(plain.strip('"'))

    def people(self, name: str) -> list[Address]:
        """Everybody in a header, each once, groups as who is in them."""
        found: dict[str, Address] = {}
        for value in self.raws(name):
            for person in people(value):
                found.setdefault(person.mail.lower() or person.name, person)
        return list(found.values())[:_MAX_PEOPLE]

    def ids(self, name: str) -> list[str]:
        """Message-IDs in a header, in their angle brackets, each once."""
        found: list[str] = []
        for value in self.raws(name):
            line = "".join(decoding.header(value)) if "=?" in value else value
            ids = _ID.findall(line)
            ids += [] if ids else [f"<{each}>" for each in _BARE_ID.findall(line)]
            found += [each.encode("utf-8", "replace").decode() for each in ids]
        return list(dict.fromkeys(found))[:_MAX_IDS]


def people(value: str) -> list[Address]:
    """The people in an address header's value; commas in encoded words are no commas."""
    line = re.sub(r"\r?\n[ \t]*", " ", value)[:MAX_VALUE]
    line = _NAMED_AS_ADDRESS.sub(r'\1 "\2" ', line) if "<" in line else line
    found: list[Address] = []
    for name, mail in _pairs(line):
        clean = _ADDRESS.search(decoding.header(mail))
        called = decoding.header(name).strip(" '\"")
        if clean and called and found and not found[-1].mail:
            called = f"{found.pop().name}, {called}"  # Silva, Ana <ana@example.org>
        if clean is None and (other := _ADDRESS.search(called)):
            clean = other  # "name" <> and the like
        said = "" if clean and called.lower() == clean[0].lower() else called
        said = said or ("" if clean else mail)
        if clean or said:
            found.append(Address(said, clean[0] if clean else ""))
    if not any(each.mail for each in found):
        found += [Address("", each) for each in addresses(decoding.header(line))]
    return found


def _pairs(line: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([line])
    except (RecursionError, ValueError, IndexError):
        return []


def addresses(text: str) -> list[str]:
    """Whatever looks like an address in a text."""
    return _ADDRESS.findall(text) if "@" in text else []


def read(data: bytes, start: int, end: int) -> Headers:
    """The headers at a place in a message.

    They end at an empty line, or before a first line that can be none. Lines among them that are
    none are passed over.
    """
    last = min(end, start + _MAX_BLOCK)
    at = start
    if found := _ENVELOPE.match(data[start : min(end, start + 2000)]):
        at += found.end()
    lines: list[bytes] = []
    while at < last:
        line_end = data.find(b"\n", at, last) + 1 or last
        line = data[at:line_end]
        if not lines and line[:1] in (b" ", b"\t") and _FIELD.match(data[line_end:][:100]):
            line = line.lstrip(b" \t")  # nothing is above that it could go on with
        if not line.strip(b"\r\n"):
            at = line_end
            break
        if field := _FIELD.match(line):
            lines.append(field[1] + b":" + line[field.end() :])
        elif lines and line[:1] in (b" ", b"\t"):
            lines.append(line)
        elif not lines or not _FIELD.match(data[line_end : line_end + 100]):
            break  # a body without an empty line before it
        at = line_end
    return Headers(b"".join(lines), at - start)

"""Charsets and encoded words, rightly and wrongly named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.mail import decoding

RUSSIAN = "Здравствуйте, принтер не печатает, помогите пожалуйста"


@pytest.mark.parametrize(
    ("said", "text", "charset"),
    [
        ("koi8-r", RUSSIAN, "koi8-r"),
        ("", RUSSIAN, "cp1251"),
        ("utf-8", RUSSIAN, "koi8-r"),
        ("x-unknown", "プリンターが動きません。助けてください。", "cp932"),
        ("us-ascii", "プリンター", "iso-2022-jp"),
        ("utf-8", "L’écran à côté", "cp1252"),
        ("utf-16", "L'écran", "utf-16-be"),
        ("gb2312", "镕基 打印机", "gb18030"),
        ("iso-8859-1", "l’imprimante à côté", "cp1252"),
        ("", "Bonjour, l’imprimante à côté ne marche pas", "cp1252"),
        ("", "тест принтера", "koi8-r"),
        ("us-ascii", "тест принтера", "utf-8"),
        ("us-ascii", RUSSIAN, "cp1251"),
        ("", "тест принтера", "cp1251"),
        ("latin1", "é", "utf-8"),
        ("idna", "é", "utf-8"),
    ],
)
def test_text_is_read_whatever_the_charset_is_called(said: str, text: str, charset: str) -> None:
    assert decoding.text(text.encode(charset), said) == text


def test_charsets_that_are_mixed_or_cut_off_are_read() -> None:
    mixed = "Le café est ".encode() + "fermé et l'écran est noir, à bientôt".encode("cp1252")
    assert decoding.text(mixed, "utf-8") == "Le café est fermé et l'écran est noir, à bientôt"
    assert decoding.text(b"\x1b$B-!%W\x1b(B\x1b(I1\x1b(B!", "iso-2022-jp") == "①プｱ!"  # Windows'
    assert decoding.text("Hello".encode("utf-16") + b"\n", "utf-16") == "Hello"


def test_encodings_are_read_as_far_as_they_go() -> None:
    assert decoding.base64(b"aGVs\r\nbG8gd29y!!bGQ\n") == b"hello world"
    assert decoding.base64(b"aGVsbG8=\nd29ybGQ=\n") == b"helloworld"
    assert decoding.base64(b"aGVsbG8gd29ybGQ=\n-- \na list\n") == b"hello world"
    assert decoding.is_base64(b"\naGVsbG8gd29ybGQgaGVs bG8gd29ybGQ=\n")
    assert not decoding.is_base64(b"This is no base64.\n")
    longer = b"begin 644 a\n%:&5L;&\\    extra\n#=V]R\n`\nend\n"
    assert decoding.uuencoded(longer) == b"hellowor"


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("=?utf-8?B?w6k=?= =?utf-8?Q?_caf=C3?= =?utf-8?Q?=A9?= x", "é café x"),
        ("=?iso-8859-1*fr?q?=E9t=E9?=", "été"),
        ("=?utf-8?b?w6k?=", "é"),
        ("=?utf-8?b?SGVs bG8=?=", "Hello"),
        ("=?utf-8?q?=E9t=E9?=", "été"),
        ("=?utf-8?x?abc?= =?bad", "=?utf-8?x?abc?= =?bad"),
        ("a\r\n b\n\tc", "a b c"),
        (b"R\xc3\xa9union".decode("ascii", "surrogateescape"), "Réunion"),
        (b"R\xe9union".decode("ascii", "surrogateescape"), "Réunion"),
    ],
)
def test_headers_are_read_as_they_were_meant(raw: str, read: str) -> None:
    assert decoding.header(raw) == read


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_make_some_text(data: bytes, charset: str) -> None:
    decoding.text(data, charset).encode()
    decoding.header(data.decode("ascii", "surrogateescape"), charset).encode()
    decoding.base64(data)
    decoding.uuencoded(data)

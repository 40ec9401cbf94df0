"""Whom a trusted mail server vouches for, whatever strangers write into its header."""

from __future__ import annotations

import pytest

from hdcli.mail import authentication, message

GOOD = "dmarc=pass header.from=example.org"
TRUE = (
    GOOD,
    f"spf=fail smtp.mailfrom=x@evil.example; {GOOD.replace('=pass', ' = pass (p=none)')}",
    "dkim=fail header.d=example.org; dkim=pass header.i=@example.org header.s=a",
    "spf=pass (mx: 192.0.2.1 (known) is ok) smtp.mailfrom=bob@example.org",
)
FALSE = (
    "none",
    "dmarc=pass header.from=evil.example; spf=pass smtp.mailfrom=bob@example.org",
    f"{GOOD}; dmarc=fail header.from=example.org",
    "dkim=pass header.d=example.org.evil.example",
    "spf=pass smtp.mailfrom=example.org@evil.example",
    'spf=pass smtp.mailfrom="example.org"@evil.example',
    f'spf=pass smtp.mailfrom="x;{GOOD}"@evil.example',
    f'spf=pass smtp.mailfrom="a\\";{GOOD};\\"b"@evil.example',
    f"spf=fail (a (b); {GOOD} ) smtp.mailfrom=x",
    f'spf=fail smtp.mailfrom="x; {GOOD}',
)


def passed(*heads: str, sender: str = "Bob <bob@example.org>") -> bool:
    lines = "".join(f"{each}\n" for each in heads)
    mail = message.read(f"{lines}From: {sender}\n\nx\n".encode())
    return authentication.passed(mail, ["mx.example.org"])


def result(value: str, server: str = "mx.example.org") -> str:
    return f"Authentication-Results: {server}; {value}"


@pytest.mark.parametrize("value", TRUE)
def test_a_trusted_server_vouches(value: str) -> None:
    assert passed(result(value))
    assert not passed(result(value, "mx.evil.example"))


@pytest.mark.parametrize("value", FALSE)
def test_nothing_else_does(value: str) -> None:
    assert not passed(result(value))


def test_the_topmost_of_a_trusted_name_counts() -> None:
    good, bad = result(GOOD, "MX.example.org. 1"), result(GOOD.replace("pass", "fail"))
    other = result(GOOD, "(mx.example.org) mx.evil.example")
    assert passed(other, good, bad)
    assert not passed(other, bad, good)
    assert not passed(result('spf=fail smtp.mailfrom="x'), good)
    assert not passed(good, sender="bob@example.org, eve@evil.example")
    assert not passed(good, "From: eve@evil.example")

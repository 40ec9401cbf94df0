"""requesters.yaml: what is known of people, and of everybody in a domain."""

from __future__ import annotations

from typing import Any

import pytest

from hdcli.errors import BadField
from hdcli.model.addressbook import address_book

BOOK = address_book(
    {
        "Ana@example.org": {"name": "Ana", "vip": True, "machines": ["PC-1"], "shoes": 43},
        "*@example.org": {"site": "Lyon", "language": "fr"},
    }
)


def test_a_persons_own_entry_comes_before_the_domains() -> None:
    ana = BOOK.of("Ana Silva <ANA@example.org>")
    assert ana
    assert str(ana) == "Ana <ana@example.org>"
    assert ana.facts() == {
        "name": ("Ana",),
        "vip": ("true",),
        "site": ("Lyon",),
        "language": ("fr",),
        "machines": ("PC-1",),
    }
    other = BOOK.of("x@example.org")
    assert other
    assert (other.site, other.vip) == ("Lyon", False)
    assert BOOK.of("x@example.net") is None
    assert BOOK.of("Ana") is None
    assert [each.address for each in BOOK] == ["ana@example.org"]


@pytest.mark.parametrize(
    "data",
    [
        ["ana@example.org"],
        {"ana": {}},
        {"a@b": {"vip": "yes"}},
        {"a@b": {"site": 7}},
        {"a@b": {"machines": "PC"}},
        {"a@b": {}, "A@b": {}},
    ],
)
def test_what_is_wrong_is_said(data: Any) -> None:
    with pytest.raises(BadField):
        address_book(data)

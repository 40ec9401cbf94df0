from __future__ import annotations

import subprocess
import sys

import pytest

from hdcli.errors import BadData, BadField
from hdcli.store import yamlread

HOSTILE = {
    "bad UTF-8": (b"a: 1\nb: \xff\xfe\n", 2, "octet"),
    "UTF-16": ("a: 1\n".encode("utf-16"), 1, "UTF-16"),
    "a tag": (b"a: 1\nb: !!python/object/apply:os.system [id]\n", 2, "tag"),
    "a tag on a key": (b"!!str a: 1\n", 1, "tag"),
    "an anchor": (b"a: 1\nb: &b [1]\n", 2, "anchors"),
    "an anchor on a key": (b"&a a: 1\n", 1, "anchors"),
    "a billion laughs": (b"a: &a [x]\n" + b"b: &b [*a,*a]\n" * 50, 1, "anchors"),
    "an anchor that ends in itself": (b"a: &a [*a]\n", 1, "anchors"),
    "an alias to nothing": (b"a: 1\nb: *c\n", 2, "alias"),
    "a merge key": (b"a: 1\n<<: {b: 2}\n", 2, "merge keys"),
    "deep lists on a line": (b"a: " + b"[" * 100_000, 1, "deep"),
    "deep dashes on a line": (b"- " * 100_000, 1, "deep"),
    "deep question marks": (b"? " * 100_000, 1, "deep"),
    "deep mappings by indentation": (
        b"".join(b" " * depth + b"a:\n" for depth in range(2000)),
        39,
        "deep",
    ),
    "a key twice": (b"a: 1\nb: 2\na: 3\n", 3, "'a' is there twice"),
    "a number as key twice": (b"7: 1\n7: 2\n", 2, "'7' is there twice"),
    "a list as key": (b"a: 1\n? [b]\n: 2\n", 2, "key must be text"),
    "NUL": (b"a: 1\nb: \0\n", 2, "control characters"),
    "an escape character": (b"a: 1\n\n\nb: \x1b[2J\n", 4, "control characters"),
    "a tab as indentation": (b"a:\n\tb: 1\n", 2, "cannot start any token"),
    "two documents": (b"a: 1\n---\nb: 2\n", 2, "another document"),
    "no end of a quote": (b'a: 1\nb: "x\n', 3, "quoted"),
    "conflict markers": (b"a: 1\n<<<<<<< HEAD\na: 2\n=======\n", 2, "conflict markers"),
    "a conflict from the first line on": (b"<<<<<<< HEAD\na: 2\n", 1, "conflict markers"),
    "the end of a conflict": (b"a: 1\n>>>>>>> theirs\n", 2, "conflict markers"),
    "the base of a conflict": (b"a: 1\n||||||| 1234567\n", 2, "conflict markers"),
    "old Macintosh line ends, a key twice": (b"a: 1\rb: 2\ra: 3\r", 3, "twice"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_plain_yaml_is_refused_by_name_and_line(name: str) -> None:
    data, line, words = HOSTILE[name]
    with pytest.raises(BadData, match=words) as caught:
        yamlread.load(data, "tickets/7k/HD-7K3QF.yaml")
    assert (caught.value.where, caught.value.line) == ("tickets/7k/HD-7K3QF.yaml", line)


CROWDS = r"""
import resource
from hdcli.errors import BadData
from hdcli.store import yamlread

yamlread.load(b"a: 1", "x")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for data in (
    b"- a\n" * 1_900_000,
    b"[" + b"1," * 3_900_000 + b"]",
    b"a: &a [" + b"x," * 1_000_000 + b"]\nb: *a\n",
    b"a: " + b"x" * 10_000_000,
):
    try:
        yamlread.load(data, "x")
    except BadData:
        print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_crowds_of_values_cost_little_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CROWDS], capture_output=True, text=True, check=True, timeout=60
    )
    megabytes = [int(each) for each in done.stdout.split()]
    assert len(megabytes) == 4
    assert max(megabytes) < 60


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"", None),
        (b"# nothing\n", None),
        (b"\xef\xbb\xbfa: 1\n", {"a": 1}),
        (b"a: 1\r\nb: |\r\n  x\r\n  y\r\n", {"a": 1, "b": "x\ny\n"}),
        (b"a:\tb\n", {"a": "b"}),
        (b"[yes, 2026-11-24, 1.5, 0x10, 010]", ["yes", "2026-11-24", "1.5", "0x10", "010"]),
        (b"a: null\nb: ~\nc:\nd: 'null'\n", {"a": None, "b": None, "c": None, "d": "null"}),
        (b"a: true\nb: false\nc: 'true'\n", {"a": True, "b": False, "c": "true"}),
        (b"a: -7\nb: +7\nc: 123456789012345678\n", {"a": -7, "b": 7, "c": 123456789012345678}),
        (b"a: " + b"9" * 5000 + b"\n", {"a": "9" * 5000}),
        (b"9: a\n'9': b\n", {9: "a", "9": "b"}),
        (b"a: Tom & Jerry\nb: 2 * 3\n", {"a": "Tom & Jerry", "b": "2 * 3"}),
    ],
)  # fmt: skip
def test_plain_values_are_read_without_surprises(data: bytes, value: object) -> None:
    assert yamlread.load(data, "x") == value


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"a: [b, {c: 9}]\nx:\n  b: 7\nb: 'yes'\nc: 2\nlog: [", {"b": "yes", "c": 2}),
        (b"? [a, b]\n: c\nc: 2\nb: yes\n", {"b": "yes", "c": 2}),
        (b"b: !!str 2\nc: [1]\n", {}),
        (b"- b\n- c", {}),
        (b"", {}),
    ],
)
def test_some_values_are_read_without_the_rest(data: bytes, found: object) -> None:
    assert yamlread.scalars(data, "f", ("b", "c")) == found


def test_the_line_of_an_error_found_later_is_that_of_the_value() -> None:
    def refuse(_: object) -> None:
        raise BadField("not so", ("log", 1, "at"))

    with pytest.raises(BadData, match=r"^x:5: not so") as caught:
        yamlread.check(b"id: 1\nlog:\n- {at: 1}\n- id: 2\n  at: 3\n", "x", refuse)
    assert caught.value.reason == "not so"

"""JSON text, and that everything written arrives."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.render.json import dumps, emit, lines

MANY = (
    "import sys; from hdcli.render.json import emit, lines\n"
    "emit(sys.stdout, lines({'n': n, 'text': 'é' * 100} for n in range(10_006)))\n"
    "print('after', file=sys.stderr)"
)


def test_keys_keep_their_order_and_text_its_letters() -> None:
    assert dumps({"b": "été 日本", "a": [None, True]}) == '{"b": "été 日本", "a": [null, true]}\n'
    assert list(lines([1, "x"])) == ["1\n", '"x"\n']
    assert dumps({"a": 1}, indent=2) == '{\n  "a": 1\n}\n'


def test_no_nan() -> None:
    with pytest.raises(ValueError, match="JSON"):
        dumps(float("nan"))


def test_what_acts_on_a_terminal_is_escaped() -> None:
    text = "\x1b\x7f\x9b\u2028\u202e\u200b\U000e0041"
    shown = dumps(text)
    assert shown.isascii()
    assert shown.rstrip("\n").isprintable()
    assert json.loads(shown) == text


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert dumps("a\udc80") == '"a\ufffd"\n'


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_comes_back(text: str) -> None:
    shown = dumps(text)
    shown.encode()
    assert shown.count("\n") == 1
    expected = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    assert json.loads(shown) == expected


def test_emit_writes_to_what_is_not_a_file() -> None:
    stream = io.StringIO()
    emit(stream, ["a", "é"])
    assert stream.getvalue() == "aé"


def test_emit_escapes_what_the_encoding_lacks() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    emit(stream, ['"é日😀"'])
    stream.seek(0)
    assert json.loads(stream.read()) == "é日😀"


def test_everything_arrives_at_a_slow_reader() -> None:
    read, write = os.pipe()
    # What a shell tool or a Node program may have left its end of the pipe as.
    os.set_blocking(write, False)
    with subprocess.Popen([sys.executable, "-X", "utf8", "-c", MANY], stdout=write, stderr=-3):
        os.close(write)
        time.sleep(0.3)
        with open(read, encoding="utf-8") as reader:
            numbers = [json.loads(line)["n"] for line in reader]
    assert numbers == list(range(10_006))


def test_a_reader_that_leaves_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", MANY],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"n": 0')
        process.stdout.close()
        assert process.stderr.read() == b"after\n"
    assert process.returncode == 0

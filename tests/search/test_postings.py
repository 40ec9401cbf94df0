"""Postings read by hd are those that Whoosh's own codec reads."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.search import segment, whooshed
from hdcli.search.postings import Damaged, blocks
from hdcli.search.segment import TEXT, TITLE, WORD, Segment

# Some terms that few documents have, some that fill several blocks, weights alike and not.
POSTINGS = st.builds(
    lambda count, step, weights: (
        tuple(range(0, count * step, step)),
        tuple(weights[number % len(weights)] for number in range(count)),
    ),
    st.sampled_from([1, 2, 7, 255, 256, 257, 700]),
    st.integers(1, 9),
    st.lists(st.sampled_from([0.25, 1.0, 2.5]), min_size=1, max_size=3),
)
TERMS = st.dictionaries(st.text("abé", min_size=1, max_size=3), POSTINGS, min_size=1, max_size=6)


def whooshs_own(folder: Path, name: str, field: str, term: str) -> list[tuple[int, float]]:
    """What Whoosh's reader and matcher have of a term."""
    whoosh = whooshed.codec()
    named = whoosh.segment(whoosh.codec(), "hd", segid=name.removeprefix("hd_"))
    reader = whoosh.codec().terms_reader(whoosh.storage(str(folder)), named)
    matcher = reader.matcher(field, term.encode(), whoosh.field.format)
    found: list[tuple[int, float]] = []
    while matcher.is_active():
        found.append((matcher.id(), matcher.weight()))
        matcher.next()
    reader.close()
    return found


@settings(max_examples=25, deadline=None)
@given(TERMS, st.data())
def test_postings_are_those_that_whoosh_reads(
    terms: dict[str, tuple[tuple[int, ...], tuple[float, ...]]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entry = segment.write(
            folder, "hd_1", "ticket", ["HD-A"], {TEXT: terms, TITLE: {}, WORD: {}}
        )
        opened = Segment(folder, entry)
        for term, (documents, weights) in terms.items():
            found = opened.find(TEXT, term)
            assert found is not None
            assert (found.documents, found.weight) == (len(documents), sum(weights))
            read = [pair for block in opened.postings(found) for pair in zip(*block, strict=True)]
            assert read == whooshs_own(folder, entry.name, TEXT, term)
            assert read == list(zip(documents, weights, strict=True))
            among = sorted(data.draw(st.sets(st.sampled_from(documents), min_size=1)))
            passed = [number for block, _ in opened.postings(found, among) for number in block]
            assert set(among) <= set(passed) <= set(documents)
        assert opened.find(TITLE, "a") is None
        assert list(opened.words_from("")) == []
        opened.close()


def test_bytes_that_are_no_postings_are_told() -> None:
    with pytest.raises(Damaged):
        list(blocks(b"what is this", 0, None))

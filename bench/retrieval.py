"""How well hd finds: its own analysis and ranking on judged queries, beside what else there is.

    python bench/retrieval.py [FOLDER]... [--queries N]
    python bench/retrieval.py --history [FOLDER]...

A folder has docs.jsonl {id, title, text}, queries.jsonl {id, text} and qrels.tsv (query, document,
relevance). Without one, those of the data beside the checkout (or HD_DATA) are taken. Every engine
answers every query with one configuration; hd's is the product's, nothing is set here.

With --history the queries are a desk's tickets, in the order of their ids, and each may learn from
those before it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sqlite3
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from hdcli.model.plain import plain
from hdcli.model.query import Word
from hdcli.search.document import Document
from hdcli.search.index import Index, rebuild

CUT = 10
_TITLE_WEIGHT = 2.0  # what the baselines weigh a title with


class Query(NamedTuple):
    """A query; ``created`` is its time where the folder gives one, else empty."""

    id: str
    text: str
    created: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A folder of documents and judged queries; relevance by query and document."""

    name: str
    documents: Sequence[Mapping[str, str]]
    queries: Sequence[Query]
    relevance: Mapping[str, Mapping[str, float]]

    def without_accents(self) -> Judged:
        """The same, but nobody typed an accent in a query."""
        queries = [query._replace(text=plain(query.text)) for query in self.queries]
        return Judged(self.name, self.documents, queries, self.relevance)


class Engine(Protocol):
    """Ranks documents for a query; may learn from what was found to be relevant, query by query."""

    def rank(self, query: Query) -> Sequence[str]:
        """The ids of the best documents, the best first."""

    def learn(self, query: Query, relevance: Mapping[str, float]) -> None:
        """What was relevant for a query that has been answered."""


class Figures(NamedTuple):
    """Means over the queries, and the milliseconds that one took."""

    ndcg: float
    mrr: float
    recall: float
    milliseconds: float


def read(folder: Path, queries: int = 0) -> Judged:
    """A folder's documents and its judged queries: all, or so many drawn (always the same)."""
    relevance: dict[str, dict[str, float]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        relevance.setdefault(query, {})[document] = float(grade)
    asked = [
        Query(each["id"], each["text"], each.get("created", ""))
        for each in _lines(folder / "queries.jsonl")
        if any(relevance.get(each["id"], {}).values())
    ]
    if queries and len(asked) > queries:
        asked = random.Random(1).sample(asked, queries)
    return Judged(folder.name, list(_lines(folder / "docs.jsonl")), asked, relevance)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as source:
        yield from map(json.loads, source)


def measure(engine: Engine, judged: Judged) -> Figures:
    """How well an engine ranks, each query answered before it learns what was relevant."""
    sums = [0.0, 0.0, 0.0]
    spent = 0.0
    for query in judged.queries:
        began = time.perf_counter()
        found = list(engine.rank(query))[:CUT]
        spent += time.perf_counter() - began
        relevant = judged.relevance[query.id]
        for at, figure in enumerate(_figures(found, relevant)):
            sums[at] += figure
        engine.learn(query, relevant)
    count = max(1, len(judged.queries))
    ndcg, mrr, recall = (each / count for each in sums)
    return Figures(ndcg, mrr, recall, spent / count * 1000)


def _figures(found: Sequence[str], relevant: Mapping[str, float]) -> tuple[float, float, float]:
    grades = sorted((grade for grade in relevant.values() if grade > 0), reverse=True)
    gains = [relevant.get(each, 0.0) for each in found]
    first = next((rank for rank, gain in enumerate(gains, 1) if gain > 0), 0)
    recall = sum(gain > 0 for gain in gains) / min(CUT, len(grades))
    return _gain(gains) / _gain(grades[:CUT]), 1 / first if first else 0.0, recall


def _gain(grades: Iterable[float]) -> float:
    return float(sum((2**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, 1)))


class Hd:
    """hd: its index of the folder's documents as articles, its question, its ranking."""

    def __init__(self, judged: Judged) -> None:
        self._texts = {
            each["id"]: plain(f"{each['title']}\n{each['text']}") for each in judged.documents
        }
        articles = [
            Document("article", each["id"], each["title"], each["text"])
            for each in judged.documents
        ]
        self._folder = tempfile.TemporaryDirectory()
        self.index: Index = rebuild(Path(self._folder.name) / "index", articles, "0")

    def rank(self, query: Query) -> Sequence[str]:
        """As ``hd search`` does when no document has all words."""
        question = self.index.question(map(Word, query.text.split()))
        found = self.index.answer(question, limit=CUT, every=False, texts=self._texts_of)
        return [each.key for each in found.hits]

    def learn(self, query: Query, relevance: Mapping[str, float]) -> None:
        """Nothing: searching does not learn."""

    def _texts_of(self, _kind: str, keys: Sequence[str]) -> Mapping[str, str]:
        return {key: self._texts[key] for key in keys}


class Whoosh:
    """Whoosh's own BM25F, any word being enough, with one of its analyzers."""

    def __init__(self, judged: Judged, analyzer: str) -> None:
        from whoosh import analysis, fields, query, scoring
        from whoosh.filedb.filestore import RamStorage

        self._query = query
        self._analyzer = {
            "StemmingAnalyzer": analysis.StemmingAnalyzer,
            "LanguageAnalyzer('fr')": lambda: analysis.LanguageAnalyzer("fr"),
            "StandardAnalyzer": analysis.StandardAnalyzer,
        }[analyzer]()
        text = fields.TEXT(analyzer=self._analyzer)
        schema = fields.Schema(id=fields.STORED, title=text, text=text)
        index = RamStorage().create_index(schema)
        writer = index.writer()
        for each in judged.documents:
            writer.add_document(id=each["id"], title=each["title"], text=each["text"])
        writer.commit()
        self._searcher = index.searcher(weighting=scoring.BM25F())

    def rank(self, query: Query) -> Sequence[str]:
        """With each word in the title and in the text."""
        words = [token.text for token in self._analyzer(query.text, mode="query")]
        terms = [self._query.Term("title", each, boost=_TITLE_WEIGHT) for each in words]
        terms += [self._query.Term("text", each) for each in words]
        if not terms:
            return []
        return [hit["id"] for hit in self._searcher.search(self._query.Or(terms), limit=CUT)]

    def learn(self, query: Query, relevance: Mapping[str, float]) -> None:
        """Nothing."""


class Fts5:
    """SQLite's full-text search with its bm25."""

    def __init__(self, judged: Judged, tokenizer: str) -> None:
        self._db = sqlite3.connect(":memory:")
        columns = f"id UNINDEXED, title, text, tokenize='{tokenizer}'"
        self._db.execute(f"CREATE VIRTUAL TABLE docs USING fts5({columns})")
        rows = ((each["id"], each["title"], each["text"]) for each in judged.documents)
        self._db.executemany("INSERT INTO docs VALUES (?, ?, ?)", rows)

    def rank(self, query: Query) -> Sequence[str]:
        """With any of the words."""
        words = " OR ".join(f'"{each}"' for each in re.findall(r"\w+", query.text))
        sql = (
            "SELECT id FROM docs WHERE docs MATCH ?"
            f" ORDER BY bm25(docs, 0, {_TITLE_WEIGHT}, 1) LIMIT {CUT}"
        )
        return [row[0] for row in self._db.execute(sql, (words,))] if words else []

    def learn(self, query: Query, relevance: Mapping[str, float]) -> None:
        """Nothing."""


ENGINES: Mapping[str, Callable[[Judged], Engine]] = {
    "hd": Hd,
    "Whoosh BM25F, StemmingAnalyzer": lambda judged: Whoosh(judged, "StemmingAnalyzer"),
    "Whoosh BM25F, LanguageAnalyzer('fr')": lambda judged: Whoosh(judged, "LanguageAnalyzer('fr')"),
    "Whoosh BM25F, StandardAnalyzer": lambda judged: Whoosh(judged, "StandardAnalyzer"),
    "FTS5 bm25, porter": lambda judged: Fts5(judged, "porter unicode61"),
    "FTS5 bm25, unicode61": lambda judged: Fts5(judged, "unicode61 remove_diacritics 2"),
}


def folders(named: Sequence[str]) -> list[Path]:
    """The folders named, else all of the data beside the checkout."""
    if named:
        return [Path(each) for each in named]
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    data = Path(os.environ.get("HD_DATA") or beside) / "retrieval"
    return sorted(each for each in data.glob("*") if (each / "qrels.tsv").is_file())


def head(judged: Judged) -> str:
    """What a folder has."""
    return f"\n{judged.name}: {len(judged.documents):,} documents, {len(judged.queries):,} queries"


def report(judged: Judged, engines: Mapping[str, Callable[[Judged], Engine]]) -> Iterator[str]:
    """The lines of a folder's table, each as soon as it is known."""
    yield head(judged)
    yield f"{'':38}nDCG@10  MRR@10  Recall@10  ms a query  nDCG@10 without accents"
    for name, make in engines.items():
        engine = make(judged)
        found = measure(engine, judged)
        bare = measure(make(judged), judged.without_accents())
        yield (
            f"{name:38}{found.ndcg:7.3f}{found.mrr:8.3f}{found.recall:11.3f}"
            f"{found.milliseconds:12.1f}{bare.ndcg:25.3f}"
        )


def replay(judged: Judged, only: str = "") -> Iterator[str]:
    """The lines of a folder's table when its queries are tickets, one after the other."""
    sys.path.append(str(Path(__file__).resolve().parents[1]))  # this file may be run as a script
    from bench import history

    ordered = replace(judged, queries=history.in_order(judged.queries))
    yield f"{head(judged)}, replayed"
    yield f"{'':38}nDCG@10  MRR@10  Recall@10  ms a query"
    for name, make in history.ENGINES.items():
        if only in name:
            found = measure(make(ordered), ordered)
            yield (
                f"{name:38}{found.ndcg:7.3f}{found.mrr:8.3f}{found.recall:11.3f}"
                f"{found.milliseconds:12.1f}"
            )


def main() -> None:
    """Prints a table for each folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", metavar="FOLDER")
    parser.add_argument("--queries", type=int, default=0, help="at most so many a folder")
    parser.add_argument("--history", action="store_true", help="replay them, learning on the way")
    parser.add_argument("--only", default="", help="engines whose name has this in it")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")  # Whoosh's own
    engines = {name: make for name, make in ENGINES.items() if asked.only in name}
    found = folders(asked.folders)
    if not found:
        print("no judged queries: name a folder, or set HD_DATA; skipped")
    for folder in found:
        judged = read(folder, asked.queries)
        lines = replay(judged, asked.only) if asked.history else report(judged, engines)
        for line in lines:
            print(line, flush=True)


if __name__ == "__main__":
    main()

"""The bench that replays judged queries as the history of a desk."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bench.history import Suggest, in_order
from bench.retrieval import Judged, Query
from bench.texts import ROOT

ARTICLES = [
    {"id": "routes", "title": "Split tunnelling", "text": "Which networks go through it"},
    {"id": "paper", "title": "Clear a paper jam", "text": "Open the tray"},
]
TICKETS = [
    Query(f"t-{n}", f"{title}\nIt began on Monday")
    for n, title in enumerate(
        ["VPN drops at home", "VPN drops every hour", "Printer jams", "VPN drops", "Printer jams 2"]
    )
]
SOLVED = {each.id: {"routes" if "VPN" in each.text else "paper": 1.0} for each in TICKETS}


def test_each_query_knows_only_those_before_it() -> None:
    with closing(Suggest(Judged("tiny", ARTICLES, TICKETS, SOLVED))) as engine:
        assert engine.rank(TICKETS[1]) == []
        engine.learn(TICKETS[0], SOLVED["t-0"])
        assert list(engine.rank(TICKETS[1])) == ["routes"]
        assert list(engine.rank(TICKETS[2]))[:1] != ["routes"]


def test_ids_are_in_the_order_of_their_numbers() -> None:
    queries = [Query(each, "") for each in ("b-2", "a-10", "a-9", "a-9-b", "100", "20")]
    ordered = [each.id for each in in_order(queries)]
    assert ordered == ["20", "100", "a-9", "a-9-b", "a-10", "b-2"]


def test_it_prints_what_learning_is_worth(tmp_path: Path) -> None:
    for name, records in (
        ("docs.jsonl", ARTICLES),
        ("queries.jsonl", [{"id": each.id, "text": each.text} for each in TICKETS]),
    ):
        (tmp_path / name).write_text("".join(json.dumps(each) + "\n" for each in records))
    lines = [f"{query}\t{slug}\t1\n" for query, slugs in SOLVED.items() for slug in slugs]
    (tmp_path / "qrels.tsv").write_text("".join(lines))
    done = subprocess.run(
        [sys.executable, "bench/retrieval.py", "--history", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if line.startswith(("hd ", "the most "))]
    rows = [line.rsplit(maxsplit=4) for line in told]
    figures = {name.strip(): float(ndcg) for name, ndcg, *_ in rows}
    assert len(figures) == 3
    assert figures["hd suggest"] > figures["hd suggest, articles' own words only"]

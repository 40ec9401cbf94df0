"""docs/kb.md says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from hdcli.model.article import ARTICLE
from support import DeskFolder

TEXT = (Path(__file__).parents[2] / "docs/kb.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def names(text: str) -> list[str]:
    """What the first column of a section's tables names."""
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_every_field_is_there_in_the_order_of_the_file() -> None:
    keys, _, trailers = section("The file").partition("| Trailer")
    assert names(keys) == ["slug", *ARTICLE.order, *ARTICLE.texts, "log"]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", keys, re.MULTILINE))
    for name, choices in ARTICLE.choices.items():
        assert re.findall(r"`([a-z]+)`", rows[name]) == list(choices)
    lists = {name for name, words in rows.items() if words.startswith("a list")}
    assert lists == ARTICLE.sets | {"steps"}
    derived = {name for name, words in rows.items() if words.startswith("derived")}
    assert derived == ARTICLE.derived
    assert trailers


def test_every_trailer_and_key_is_there(a_desk: DeskFolder) -> None:
    told = {*names(section("The file").partition("| Trailer")[2])}
    ticket = a_desk.new("x")
    a_desk.hd("kb", "new", "A", "-m", "x", "-c", "access", "-t", "a", "--audience", "public")
    a_desk.hd("kb", "new", "B", "-m", "x", "--language", "fr", "--translates", "a")
    a_desk.hd("kb", "link", "a", ticket)
    a_desk.hd("kb", "publish", "a")
    since = a_desk.commits()
    a_desk.hd("kb", "helpful", "a", ticket, "--no")
    a_desk.hd("resolve", ticket, "-m", "x", "--article", "b")
    log = a_desk.git("log", f"-{since}", "--grep=^Article: ", "--format=%(trailers:only,unfold)")
    seen = {line.partition(":")[0] for line in log.splitlines() if line}
    assert seen <= told
    assert {"Helped: b", "Action: resolve"} <= set(a_desk.message().splitlines())
    keys = set(names(section("For programs"))) | ARTICLE.known
    listed = json.loads(a_desk.hd("kb", "list", "--jsonl").out.splitlines()[0])
    shown = json.loads(a_desk.hd("kb", "show", "a", "--jsonl").out)
    assert listed.keys() | shown.keys() <= keys | {"slug", "created", "updated", "published"}

"""docs/format.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from hdcli.model import article, entry, fields, ids, message, schema, settings_file
from hdcli.model.fold import fold
from hdcli.model.settings import Settings
from hdcli.services.setup import GITATTRIBUTES
from hdcli.store import codec, yamlread, yamlwrite
from support import DeskFolder

TEXT = (Path(__file__).parents[2] / "docs/format.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return TEXT.partition(f"\n{title}\n")[2].partition("\n## ")[0]


def names(title: str) -> list[str]:
    """What the first column of the tables of a section names."""
    rows = re.findall(r"^\| (`.*?) \|", section(title), re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_every_field_is_there_in_the_order_of_the_file() -> None:
    assert names("## A ticket") == ["id", *fields.ORDER, "log"]


def test_every_field_of_an_article_is_there_in_the_order_of_the_file() -> None:
    assert names("## An article") == ["slug", *article.ORDER, *article.ARTICLE.texts, "log"]


def test_what_a_field_may_hold_is_said() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section("## A ticket"), re.MULTILINE))
    for name, choices in {**fields.CHOICES, "links": fields.RELATIONS}.items():
        assert re.findall(r"`([a-z-]+)`", rows[name]) == list(choices)
    lists = {name for name, words in rows.items() if words.startswith("a list")}
    assert lists == fields.SETS
    assert {name for name, words in rows.items() if words.startswith("derived")} == fields.DERIVED
    assert f"{schema.MAX_TITLE} characters" in rows["title"]


def test_every_key_of_an_entry_is_there_in_its_order() -> None:
    assert names("## The log") == list(entry.KEYS)
    for name in fields.SETS:
        assert f"`{name}`" in section("## The log")


def test_every_trailer_is_there(a_desk: DeskFolder) -> None:
    told = names("## Commits")
    ticket = a_desk.new("Jam", "-c", "printing", "-t", "paper", "--channel", "phone", "-r", "Ana")
    other = a_desk.new("Smoke")
    a_desk.hd("escalate", ticket, "-m", "Too hot")
    a_desk.hd("pend", ticket, "--on", "vendor", "--until", "+2d")
    a_desk.hd("link", ticket, "relates-to", other)
    a_desk.hd("undo")
    a_desk.hd("rate", ticket, "2")
    a_desk.hd("merge", other, ticket)
    a_desk.hd("agent", "add", "dan", "Dan Moss <dan@example.org>")
    bodies = a_desk.git("log", "--format=%(trailers:only,unfold)")
    seen = {line.partition(":")[0] for line in bodies.splitlines() if line}
    assert seen <= set(told)
    assert {trailer for _, trailer in message._TRAILER_FIELDS} <= set(told)


def test_the_example_is_a_ticket_that_is_the_fold_of_its_log() -> None:
    found = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert found
    ticket = codec.read_ticket(found[1].encode(), "format.md")
    assert ticket.values == fold(ticket.log)
    assert yamlwrite.record_bytes(ticket).decode() == found[1]
    shown = re.search(r"```text\n(.*?)```", TEXT, re.DOTALL)
    assert shown
    before = type(ticket)(ticket.id, fold(ticket.log[:-1]), ticket.log[:-1])
    assert message.ticket_message(before, ticket, ticket.log[-1]) == shown[1]


def test_limits_and_numbers_are_the_codes() -> None:
    for number in (
        f"Version {settings_file.FORMAT}.",
        f"{yamlread.MAX_DEPTH} levels",
        f"{yamlread.MAX_EVENTS // 2:,} values",
        f"{yamlread.MAX_BYTES // 1_000_000} MB",
        f"{schema.MAX_NAME} characters",
        f"`{ids.ALPHABET}`",
        f"{ids.LENGTH} characters of Crockford",
        f"{ids._MANY:,} tickets on",
        f"first {message.MAX_BODY_LINES} lines",
        f"below {message.SUBJECT_WIDTH + 1} characters",
    ):
        assert number in " ".join(TEXT.split()), number
    assert "merge=hd" in GITATTRIBUTES


def test_every_file_that_hd_keeps_for_itself_is_named(a_desk: DeskFolder) -> None:
    a_desk.hd("escalate", a_desk.new("Jam"), "-m", "Too hot")
    a_desk.hd("list")
    told = [name.rstrip("/") for name in names("## `.git/hd/`")]
    there = {place.name for place in (a_desk.path / ".git/hd").iterdir()}
    assert there <= set(told)


def test_a_desk_that_is_too_new_is_not_touched(a_desk: DeskFolder) -> None:
    settings = a_desk.path / "desk.yaml"
    settings.write_text(settings.read_text().replace("format: 1", "format: 2"))
    a_desk.git("commit", "-qam", "from the future")
    before = a_desk.git("rev-parse", "main")
    ran = a_desk.hd("new", "Jam", code=4)
    assert "upgrade hd" in ran.err
    assert a_desk.git("rev-parse", "main") == before


def test_unknown_keys_are_kept_by_whatever_hd_does(a_desk: DeskFolder) -> None:
    ticket = a_desk.new("Jam")
    file = a_desk.file(ticket)
    text = file.read_text()
    text = text.replace("created:", "later: {a: [1, false, null, '']}\ncreated:", 1)
    text = text.replace("  action: new\n", "  action: new\n  mood: 0\n", 1)
    file.write_text(text)
    a_desk.git("commit", "-qam", "a newer hd")
    a_desk.hd("note", ticket, "-m", "Seen.")
    found = codec.read_ticket(file.read_bytes(), "x")
    assert found.values["later"] == {"a": [1, False, None, ""]}
    assert found.log[0].extra == {"mood": 0}
    assert Settings().prefix == "HD"

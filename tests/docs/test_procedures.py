"""What the manual says of steps is what hd reads."""

from __future__ import annotations

import re
from pathlib import Path

from hdcli.services.starter import every
from hdcli.store import codec, yamlread

MANUAL = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text(encoding="utf-8")


def test_the_example_can_be_followed() -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", MANUAL, re.MULTILINE | re.DOTALL)
    example, ticket = blocks
    article = codec.read_article(example.encode(), "manual")
    assert [(step.then, step.goto, step.escalate) for step in article.steps] == [
        (3, 2, ""),
        (0, 0, "systems"),
        (0, 0, "systems"),
    ]
    values = yamlread.load(ticket.encode(), "manual")
    assert values == {"procedure": "reset-password", "checklist": ["1 done", "2 fail", "3 fail"]}


def test_every_key_of_a_step_is_described() -> None:
    part = MANUAL.partition("\n## Writing one\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ", part, re.MULTILINE)
    assert rows == ["do", "expect", "command", "then", "else"]


def test_the_whole_starter_set_is_listed() -> None:
    pairs = re.findall(r"^\| `([\w-]+)` \| `([\w-]+)` \|$", MANUAL, re.MULTILINE)
    known = every()
    assert {each for pair in pairs for each in pair} == set(known)
    assert all(known[english].items("translations") == (french,) for english, french in pairs)

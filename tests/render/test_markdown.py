from __future__ import annotations

import re

import pytest
from click import unstyle
from hypothesis import given, settings
from hypothesis import strategies as st

from hdcli.render.markdown import rendered
from hdcli.render.style import Palette

UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HARD = st.sampled_from(
    ["\x1b]8;;http://x\x07", "\x1b[2J", "\u202e", "\x9b31m", "\r", "&#27;[31m", "\\\x1b"]
)


def plain(text: str, columns: int = 40) -> list[str]:
    return rendered(text, Palette(enabled=False), columns)


def test_a_text_is_wrapped_and_its_parts_stand_apart() -> None:
    assert plain(
        "# Reset it\n\nOpen the portal, then **wait**\nfor the mail.\n\n***\nDone.", 24
    ) == [
        "# Reset it",
        "",
        "Open the portal, then",
        "wait for the mail.",
        "",
        "─" * 20,
        "",
        "Done.",
    ]


def test_lists_are_tight_or_loose_as_they_were_written() -> None:
    assert plain("- one\n- two\n  - in it\n\n9. nine\n\n   more\n10. ten\n") == [
        "• one",
        "• two",
        "  ◦ in it",
        "",
        " 9. nine",
        "",
        "    more",
        "",
        "10. ten",
    ]


def test_code_is_not_wrapped_so_that_it_can_be_copied() -> None:
    line = "Set-ADAccountPassword -Identity ana -Reset -NewPassword (Read-Host)"
    assert plain(f"Type `dir`:\n\n```powershell\n{line}\n  x\n```", 24) == [
        "Type `dir`:",
        "",
        f"    {line}",
        "      x",
    ]


def test_tables_and_quotations() -> None:
    assert plain("| System | N |\n|---|--:|\n| `AD` | 12 |\n\n> said\n>\n> so") == [
        "System   N",
        "`AD`    12",
        "",
        "│ said",
        "│",
        "│ so",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[portal](https://x.example/a)", "portal (https://x.example/a)"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("<ana@example.org>", "ana@example.org"),
        (
            "[https://good.example](https://evil.example)",
            "https://good.example (https://evil.example)",
        ),
        ("[click](javascript:alert(1))", "[click](javascript:alert(1))"),
        ("![plan](http://x.example/p.png)", "[plan] (http://x.example/p.png)"),
        ("<script>x</script> &amp; &lt;", "<script>x</script> & <"),
        ("<!-- hd: say why -->", "<!-- hd: say why -->"),
    ],
)
def test_a_link_shows_where_it_leads_and_nothing_is_run(text: str, shown: str) -> None:
    assert plain(text, 100) == [shown]


def test_colours_stand_where_the_words_came_to_stand() -> None:
    lines = rendered("a **strong and long** word, *so* `to  say`", Palette(enabled=True), 20)
    assert list(map(unstyle, lines)) == ["a strong and long", "word, so to  say"]
    assert lines[0] == "a \x1b[1mstrong and long\x1b[0m"
    assert lines[1] == "word, \x1b[4mso\x1b[0m \x1b[36mto  say\x1b[0m"


def test_depth_has_an_end() -> None:
    assert plain("> " * 40 + "x")[0].endswith("x")
    assert plain("> " * 5000 + "x\n\ny")[-1] == "y"
    assert plain("* " * 500 + "x\n\ny")
    assert plain("[" * 5000)
    assert plain("*" * 5000 + "a")


@given(st.text(), st.booleans(), st.integers(1, 120))
@settings(max_examples=80, deadline=None)
def test_no_text_gets_a_control_to_the_terminal(text: str, colours: bool, columns: int) -> None:
    everywhere = f"{text}\n\n`{text}`\n\n    {text}\n\n[{text}](<{text}>)"
    shown = "\n".join(rendered(everywhere, Palette(colours), columns))
    assert not UNSAFE.search(re.sub(r"\x1b\[[0-9;]*m", "", shown) if colours else shown)


@given(st.lists(st.one_of(HARD, st.sampled_from(["*", "**", "`", "a", " ", "\n", "> ", "- "]))))
@settings(max_examples=80, deadline=None)
def test_no_escape_survives_in_any_place(parts: list[str]) -> None:
    assert not UNSAFE.search("\n".join(plain("".join(parts), 30)))

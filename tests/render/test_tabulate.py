"""tabulate is loaded without what makes it slow, and nothing is left behind."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> list[str]:
    command = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8")
    return done.stdout.splitlines()


def test_the_slow_imports_are_left_out_and_work_afterwards() -> None:
    seen = run(
        "import sys; from hdcli.render._tabulate import load; draw = load()\n"
        "print('importlib.metadata' in sys.modules, 'wcwidth' in sys.modules)\n"
        "print(draw([['a', '1']], tablefmt='plain'), draw is load())\n"
        "import importlib.metadata, wcwidth\n"
        "print(importlib.metadata.version('tabulate')[:1], wcwidth.wcswidth('日'))"
    )
    assert seen == ["False False", "a  1 True", "0 2"]


def test_what_was_loaded_stays() -> None:
    seen = run(
        "import importlib.metadata as before, sys, wcwidth\n"
        "from hdcli.render._tabulate import load; load()\n"
        "print(sys.modules['importlib.metadata'] is before, sys.modules['wcwidth'] is wcwidth)"
    )
    assert seen == ["True True"]


def test_a_tabulate_loaded_before_is_used_as_it_is() -> None:
    seen = run(
        "import tabulate; from hdcli.render._tabulate import load\n"
        "print(load() is tabulate.tabulate, tabulate.__version__ != 'unknown')"
    )
    assert seen == ["True True"]


def test_widths_are_right_after_an_ascii_table() -> None:
    seen = run(
        "from hdcli.render.table import Column, table\n"
        "heads = [Column('a'), Column('b')]\n"
        "table([['x', 'y']], heads, 80)\n"
        "print(table([['日本', 'y'], ['x', 'z']], heads, 80))"
    )
    assert seen == ["a     b", "日本  y", "x     z"]

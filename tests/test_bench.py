"""The bench runs: it builds its desks, prints a table, and its tickets are good ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench import tickets
from bench.texts import ROOT

from hdcli.model.fold import fold
from hdcli.model.schema import ticket_from


def test_its_tickets_are_whole_and_the_same_every_time() -> None:
    made = [ticket_from(record) for record in tickets.tickets(60)]
    assert made == [ticket_from(record) for record in tickets.tickets(60)]
    assert all(ticket.values == fold(ticket.log) for ticket in made)
    assert len({ticket.id for ticket in made}) == 60
    assert {ticket.status for ticket in made} >= {"open", "closed"}
    assert json.loads(json.dumps(next(tickets.requests(1))))["title"]


def test_one_command_prints_the_table(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--sizes", "60", "--rounds", "1", "--rows", "assign"],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HD_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "texts of the examples" in done.stdout
    assert "| assign | 3.5 | " in done.stdout

from __future__ import annotations

from contextlib import closing

import pytest

from hdcli.errors import Refused
from hdcli.services.drafting import drafted
from hdcli.store.desk import Desk
from support import DeskFolder


def ticket(desk: DeskFolder) -> str:
    found = desk.new("Locked out", "-b", "I can't log in.\n\nSince Monday.", "-c", "access")
    desk.hd("note", found, "-m", "Three wrong passwords by an old phone")
    desk.hd("reply", found, "-m", "Please turn\nyour phone off")
    return found


def test_a_solved_ticket_gives_its_problem_cause_solution_and_answers(a_desk: DeskFolder) -> None:
    solved = ticket(a_desk)
    a_desk.hd("tag", solved, "+account")
    a_desk.hd("note", solved, "-m", "nonsense")
    a_desk.hd("undo")
    a_desk.hd("resolve", solved, "-m", "Unlocked; forgot the old phone")
    with closing(Desk.open(a_desk.path)) as desk:
        found = drafted(desk.ticket(solved), "en")
    assert (found.title, found.category, found.tags) == ("Locked out", "access", ("account",))
    assert found.sources == (solved,)
    assert found.body == (
        f"<!-- hd: drafted from {solved}: shorten it, generalise it, take out names and secrets -->"
        "\n\n## Problem\n\nI can't log in.\n\nSince Monday.\n\n## Cause\n\n"
        "<!-- hd: from the agents' notes; keep what explains the cause -->\n\n"
        "Three wrong passwords by an old phone\n\n## Solution\n\nUnlocked; forgot the old phone\n\n"
        "## What the requester saw\n\n> Please turn\n> your phone off"
    )


def test_a_checklist_that_was_the_reason_of_an_escalation_is_a_list(a_desk: DeskFolder) -> None:
    solved = a_desk.new("Locked out")
    checklist = "Step 2 failed\n\n[x] 1 Ask the name\n[!] 2 Call back\n      Nobody answers"
    a_desk.hd("escalate", solved, "-m", checklist)
    a_desk.hd("resolve", solved, "-m", "Done")
    with closing(Desk.open(a_desk.path)) as desk:
        body = drafted(desk.ticket(solved), "en").body
    assert "\n\n- [x] 1 Ask the name\n- [!] 2 Call back\n      Nobody answers\n\n" in body


def test_the_headings_are_in_the_articles_language(a_desk: DeskFolder) -> None:
    closed = a_desk.new("Imprimante", "-c", "printing")
    a_desk.hd("close", closed)
    with closing(Desk.open(a_desk.path)) as desk:
        french = drafted(desk.ticket(closed), "fr-CA").body
        other = drafted(desk.ticket(closed), "de").body
    assert "## Problème\n\nImprimante\n\n## Cause\n\n<!-- hd: dire la cause" in french
    assert french.endswith(
        "## Solution\n\n<!-- hd: dire ce qui a résolu le problème, pas à pas -->"
    )
    assert "## Problem\n" in other


def test_an_open_ticket_gives_none(a_desk: DeskFolder) -> None:
    open_one = ticket(a_desk)
    with closing(Desk.open(a_desk.path)) as desk, pytest.raises(Refused, match="is open"):
        drafted(desk.ticket(open_one), "en")

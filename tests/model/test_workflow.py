from __future__ import annotations

import pytest

from hdcli.errors import Refused
from hdcli.model import fields, workflow


def test_every_status_can_be_left() -> None:
    assert workflow.MOVES == {
        "new": ("open", "pending", "resolved", "closed"),
        "open": ("pending", "resolved", "closed"),
        "pending": ("open", "resolved", "closed"),
        "resolved": ("open", "closed"),
        "closed": ("open",),
    }


@pytest.mark.parametrize("action", workflow.ACTIONS)
@pytest.mark.parametrize("status", fields.STATUSES)
def test_a_refusal_names_what_is_allowed(action: str, status: str) -> None:
    if status in workflow.ACTIONS[action].allowed:
        workflow.require(action, "HD-7K3QF", status)
        return
    with pytest.raises(Refused) as refusal:
        workflow.require(action, "HD-7K3QF", status)
    assert refusal.value.message == f"HD-7K3QF is {status}: can't {action} it"
    named = refusal.value.remedy.removeprefix("allowed now: ").split(", ")
    allowed = [n for n, rule in workflow.ACTIONS.items() if status in rule.allowed]
    assert named == [name for name in allowed if name != "alert"]  # no command does that


def test_a_status_moves_only_where_an_action_leads() -> None:
    workflow.require_move("HD-7K3QF", "resolved", "closed")
    workflow.require_move("HD-7K3QF", "open", "open")
    with pytest.raises(Refused, match=r"allowed from here: open$"):
        workflow.require_move("HD-7K3QF", "closed", "pending")

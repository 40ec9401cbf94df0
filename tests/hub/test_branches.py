"""Which refs a hub lets be moved, and that level branches go with the tickets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bench.hubstage import Field

from hdcli.model.fold import fold
from hdcli.model.ticket import Ticket

from .conftest import IDS, Judged

_UP = f"l2/{IDS['up']}"


def _noted(field: Field, name: str = "up", **values: object) -> None:
    ticket = field.ticket(name)
    last = ticket.log[-1]
    entry = replace(last, id="0099-abcdef", by="bob", action="note", set=values, add={}, body="x")
    log = (*ticket.log, entry)
    field.put(Ticket(ticket.id, fold(log), log))
    field.commit("note")


def test_main_and_the_level_branch_go_together(field: Field, judged: Judged) -> None:
    _noted(field)
    assert "with another state of" in judged(field, "main").said
    field.git("branch", "-f", _UP, "main")
    assert judged(field, "main", _UP).accepted
    field.git("branch", "-f", _UP, "main~1")
    assert "with another state of" in judged(field, "main", _UP).said
    field.git("branch", "-D", _UP)
    assert "was not pushed" in judged(field, "main", _UP).said


def test_a_level_branch_alone_has_to_match_what_the_hub_has(field: Field, judged: Judged) -> None:
    assert judged(field, _UP).accepted
    _noted(field)
    field.git("branch", "-f", _UP, "main")
    assert "does not have" in judged(field, _UP).said
    field.git("branch", f"l2/{IDS['old']}", "main~1")
    assert "belongs on no level branch" in judged(field, f"l2/{IDS['old']}").said
    field.git("branch", "l2/HD-00000", "main~1")
    assert "there is no ticket HD-00000" in judged(field, "l2/HD-00000").said


def test_who_escalates_pushes_the_branch_and_who_resolves_removes_it(
    field: Field, judged: Judged
) -> None:
    _noted(field, "old", level=3, status="open")
    assert "missing: HD-0PQRS is escalated" in judged(field).said
    field.git("branch", f"l3/{IDS['old']}")
    assert judged(field, "main", f"l3/{IDS['old']}").accepted
    field.git("reset", "-q", "--hard", "HEAD~1")
    _noted(field, status="resolved")
    assert "belongs on no level branch" in judged(field).said
    field.git("branch", "-D", _UP)
    assert judged(field, "main", _UP).accepted


@pytest.mark.parametrize(
    ("name", "said"),
    [("l2", "for level branches"), ("l2/x", "for level branches"), ("draft", ""), ("master", "")],
)
def test_other_branches_are_free_but_for_their_names(
    field: Field, judged: Judged, name: str, said: str
) -> None:
    field.git("branch", name) if name != "l2" else field.git("branch", "-D", _UP)
    if name == "l2":
        field.git("branch", name)
    answer = judged(field, name)
    assert answer.accepted == (not said)
    assert said in answer.said


def test_main_is_never_forced_or_removed(field: Field, judged: Judged) -> None:
    field.git("reset", "-q", "--hard", "HEAD~1")
    assert "a forced push" in judged(field).said
    field.git("commit", "-q", "--allow-empty", "-m", "Another")
    assert "a forced push" in judged(field).said
    field.git("checkout", "-q", "--detach")
    field.git("branch", "-D", "main")
    assert "never removed" in judged(field).said


def test_an_empty_hub_takes_a_whole_desk_and_judges_each_commit(
    field: Field, judged: Judged
) -> None:
    for name in ("main", _UP):
        field.git(f"--git-dir={field.hub}", "update-ref", "-d", f"refs/heads/{name}")
    assert judged(field, "main", _UP).accepted
    field.write(field.place("old"), field.read(field.place("old")).replace("Looked", "Peeked"))
    field.commit("Tidy up")
    assert "of the log was altered" in judged(field, "main", _UP).said

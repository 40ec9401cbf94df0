"""Random days at the desk: whatever agents do, what must hold holds after every command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hdcli.model.fields import OPEN_STATUSES
from hdcli.model.fold import fold
from hdcli.model.ids import id_of_path
from hdcli.model.ticket import Ticket
from support import DeskFolder, run_hd

COMMANDS = (
    "new x",
    "new y --team network -t a",
    "assign {} bob",
    "assign {} systems",
    "assign {} none",
    "take {}",
    "note {} -m words",
    "note {},{} -m words",
    "reply {} -m words",
    "pend {} --on vendor --until +2d",
    "escalate {} -m why",
    "escalate {} --team vendor -a me -m why",
    "deescalate {}",
    "resolve {} -m solution",
    "reopen {}",
    "close {} {}",
    "tag {} +a -b",
    "tag {} +b",
    "set {} urgency=high title=z",
    "set {} due= category=network assignee=carol",
    "link {} parent-of {}",
    "link {} relates-to {}",
    "merge {} {}",
    "merge {} {} {}",
    "undo",
    "undo {}",
)
STEP = st.tuples(
    st.sampled_from(("alice", "bob", "carol")),
    st.sampled_from(COMMANDS),
    st.lists(st.integers(0, 5), min_size=3, max_size=3),
)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes minutes
)
@given(steps=st.lists(STEP, min_size=8, max_size=24))
def test_after_every_command_the_desk_is_whole(
    make_desk: Callable[..., DeskFolder], tmp_path: Path, steps: list[tuple[str, str, list[int]]]
) -> None:
    desk = make_desk(f"desk{len(list(tmp_path.iterdir()))}")
    ids = [desk.new("first", "-c", "network", "-r", "ana@example.org"), desk.new("second")]
    for agent, command, numbers in steps:
        holes = command.count("{}")
        named = [ids[each % len(ids)] for each in numbers]
        _step(desk, agent, command.format(*named[:holes]).split(), ids)


def _step(desk: DeskFolder, agent: str, words: list[str], ids: list[str]) -> None:
    before = desk.commits()
    ran = run_hd("--desk", str(desk.path), "--as", agent, *words)
    done = desk.commits() - before
    if ran.code:
        assert (ran.code in (1, 5), "a defect" in ran.err, done) == (True, False, 0), ran.err
        return
    if words[0] == "new":
        ids.append(ran.id)
    assert done == sum(" already" not in line for line in ran.out.splitlines())
    if done:
        trailers = "--format=%(trailers:key=Action,valueonly,separator=)"
        assert set(desk.git("log", f"-{done}", trailers).split()) == {words[0]}
    _whole(desk)


def _whole(desk: DeskFolder) -> None:
    paths = desk.git("ls-tree", "-r", "--name-only", "main", "tickets").splitlines()
    tickets = [desk.ticket(found) for path in paths if (found := id_of_path(path))]
    for ticket in tickets:
        assert ticket.values == fold(ticket.log)
        assert (ticket.status == "pending") == bool(ticket.text("pending"))
    there = [line.partition(":")[0] for line in desk.branches()]
    assert there == sorted(name for each in tickets if (name := branch(each)))
    assert desk.clean()


def branch(ticket: Ticket) -> str:
    escalated = ticket.level > 1 and ticket.status in OPEN_STATUSES
    return f"l{ticket.level}/{ticket.id}" if escalated else ""

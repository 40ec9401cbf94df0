"""``kill -9`` while requests come in: who tries again gets each ticket once."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from faulty import KillingGit, require_promises
from support import DeskFolder

RULES = "rules: [{name: all, then: {category: network, team: network, tags: [seen]}}]\n"


def test_a_kill_at_any_git_call_and_another_try_make_one_ticket_of_a_request(
    a_desk: DeskFolder, tmp_path: Path
) -> None:
    settings = a_desk.path / "desk.yaml"
    settings.write_text(settings.read_text() + RULES)
    a_desk.hd("commit")
    killing = KillingGit.make(tmp_path / "bin")
    known: dict[str, str] = {}
    for at in range(1, 99, 5):
        names = (f"{at}-a", f"{at}-b")
        given = "".join(f'{{"title": "x", "external_id": "{each}"}}\n' for each in names).encode()
        ran = a_desk.process("intake", "jsonl", stdin=given, env=killing.environment(at, "after"))
        again = a_desk.hd("intake", "jsonl", stdin=given)
        for line in (*ran.stdout.decode().splitlines(), *again.out.splitlines()):
            answer = json.loads(line)
            assert known.setdefault(answer["external_id"], answer["id"]) == answer["id"]
        if len(killing.calls()) < at:
            break
        assert ran.returncode == -signal.SIGKILL
    require_promises(a_desk, list(known.values()))
    listed = a_desk.hd("list", "--all", "-q").out.split()
    assert sorted(listed) == sorted(known.values())
    assert len(set(listed)) == len(known)
    actions = [entry.action for each in listed for entry in a_desk.ticket(each).log]
    assert actions == ["new", "triage"] * len(listed)

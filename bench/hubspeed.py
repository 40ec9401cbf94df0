"""How long a hub takes to judge a push of 1,000 commits: ``python -m bench.hubspeed``.

Two pushes, each with the hook and without it: work on 400 tickets, and 1,000 notes on one. Counted
in processor time, for machines that others use too; the hook's Python and git work side by side.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from bench import desks
from hdcli.model.ticket import Ticket
from hdcli.services import actions
from hdcli.services.actions import Draft
from hdcli.services.session import Session
from hdcli.services.who import identify
from hdcli.store.desk import Desk
from hdcli.store.transaction import Transaction

_TICKETS = 400
_COMMITS = 1_000


def _many(session: Session, transaction: Transaction, ids: list[str]) -> None:
    for number in range(_COMMITS):
        ticket = ids[number % len(ids)]
        session.act_in(transaction, [ticket], partial(_noted, number))


def _noted(number: int, ticket: Ticket) -> Draft:
    return actions.note(f"Looked at it, time {number}: it is the cable")


def _worked(hub: Path, clone: Path, tickets: int) -> None:
    """1,000 commits upon the hub, by turns on so many tickets."""
    desks.run(hub.parent, "git", "clone", "-q", str(hub), str(clone))
    listed = desks.hd(clone, "list", "--all", "-q", "--limit", str(tickets)).split()
    with closing(Desk.open(clone)) as desk:
        who = identify(desk.settings, clone, "alice")
        session = Session(desk, who, int(time.time()))
        session.write(lambda transaction: _many(session, transaction, listed))


def _pushed(hub: Path, clone: Path, *, judged: bool) -> float:
    """The processor time in seconds that a push to a copy of the hub takes, in all."""
    copy = hub.with_name("copy.git")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(hub, copy)
    if not judged:
        (copy / "hooks" / "pre-receive").unlink()
    start = _spent()
    desks.run(clone, "git", "push", "-q", f"file://{copy}", "main")
    return _spent() - start


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hub = folder / "hub.git"
        desks.hd(folder, "init", "--bare", str(hub))
        rows = [{"title": f"Ticket {n}", "body": f"Error {n} again"} for n in range(_TICKETS)]
        (folder / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        desks.hd(folder, "--desk", str(hub), "import", str(folder / "rows.jsonl"))
        for tickets in (_TICKETS, 1):
            clone = folder / f"clone-{tickets}"
            _worked(hub, clone, tickets)
            found = [
                statistics.median(_pushed(hub, clone, judged=judged) for _ in range(rounds))
                for judged in (False, True)
            ]
            took = f"{found[0]:.2f} s without the hook, {found[1]:.2f} s with it"
            print(f"{_COMMITS:,} commits on {tickets} tickets: {took}")


if __name__ == "__main__":
    main()

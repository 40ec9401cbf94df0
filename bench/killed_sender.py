"""The sender killed at any point, and again: ``python -m bench.killed_sender``.

Tickets come in some at a time, each time told by a process that is killed after a random number of
mails or a random while.
Then every requester must have got one mail at most, and who got none must be known: as one whose
mail may have arrived or not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from bench import desks

_SHARE = 20


class _Box:
    """What a mail server took, by recipient."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.arrived.update(envelope.rcpt_tos)
        return "250 taken"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.killed_sender", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw, box = random.Random(asked.seed), _Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            desk = _sender(Path(folder) / "desk", port)
            kills = sum(_kill(desk, box, number, draw) for number in range(asked.kills))
            desks.hd(desk, "notify", "run")
            sys.exit(_account(desk, box, asked.kills * _SHARE, kills))
    finally:
        controller.stop()


def _sender(folder: Path, port: int) -> Path:
    """An empty desk that sends by a server on this machine, from now on."""
    desk = desks.empty_desk(folder)
    desks.hd(desk, "config", "mail.addresses=help@example.org", "mail.sender=bench")
    for name, value in (("hd.sender", "bench"), ("hd.smtp", f"smtp://127.0.0.1:{port}")):
        subprocess.run(["git", "-C", str(desk), "config", name, value], check=True)
    desks.hd(desk, "notify", "run")
    return desk


def _kill(desk: Path, box: _Box, number: int, draw: random.Random) -> bool:
    """Opens some tickets and kills who tells of them, while it plans or sends; whether it was still
    at work."""
    opened = (
        json.dumps(
            {"external_id": f"{number}-{each}", "title": "x", "requester": f"r{each}@{number}.org"}
        )
        for each in range(_SHARE)
    )
    environment = desks.environment()
    subprocess.run(
        [*desks.HD, "intake", "jsonl"],
        cwd=desk,
        env=environment,
        input="\n".join(opened).encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    process = subprocess.Popen(
        [*desks.HD, "notify", "run", "-q"],
        cwd=desk,
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = box.arrived.total() + draw.randrange(_SHARE)
    late = time.monotonic() + draw.uniform(0.1, 5)
    while process.poll() is None and box.arrived.total() < until and time.monotonic() < late:
        time.sleep(0.001)
    time.sleep(draw.uniform(0, 0.02))
    at_work = process.poll() is None
    if at_work:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return at_work


def _account(desk: Path, box: _Box, wanted: int, kills: int) -> bool:
    """Says what became of the mails; whether something is wrong."""
    listed = json.loads(desks.hd(desk, "notify", "queue", "--all", "--json"))["outbox"]
    states = Counter(each["state"] for each in listed)
    unknown = {each["recipient"] for each in listed if each["state"] == "unknown"}
    sent = {each["recipient"] for each in listed if each["state"] == "sent"}
    print(f"{wanted:,} mails, {kills} kills: {dict(states)}, {len(box.arrived):,} arrived")
    wrong = [
        len(listed) != wanted,
        set(states) > {"sent", "unknown"},
        max(box.arrived.values()) > 1,
        not sent <= box.arrived.keys(),
        not box.arrived.keys() <= sent | unknown,
    ]
    if any(wrong):
        print(f"wrong: {wrong}")
    return any(wrong)


if __name__ == "__main__":
    main()

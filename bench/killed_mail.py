"""Intake killed at any point, and again: ``python -m bench.killed_mail``.

A Maildir is taken in by a process that is killed after a random while, again and again, until it is
empty. Then every message must be accounted for once: a ticket or an entry in one, or a line of the
log; and the desk must be sound.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench import desks, mailcorpus


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.killed_mail", description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        desk, box = desks.empty_desk(Path(folder) / "desk"), Path(folder) / "box"
        desks.hd(desk, "config", "mail.rate=100000")
        nobody = (b"Subject: %d\n\nx" % number for number in range(asked.messages // 20))
        messages = [*mailcorpus.requests(asked.messages), *nobody]
        draw.shuffle(messages)
        mailcorpus.maildir(box, iter([]))
        kills = _kill(desk, box, messages, draw, asked.kills)
        desks.hd(desk, "intake", "maildir", "-q", str(box))
        sys.exit(_account(desk, box, messages, kills))


def _kill(desk: Path, box: Path, messages: list[bytes], draw: random.Random, most: int) -> int:
    """Delivers messages a few at a time, each time to a process that is killed; gives how often
    it was still at work."""
    line = (*desks.HD, "intake", "maildir", "-q", str(box))
    share = max(1, len(messages) // most)
    kills = 0
    for start in range(0, len(messages), share):
        for number, data in enumerate(messages[start : start + share], start):
            (box / "new" / f"{number:06d}.bench").write_bytes(data)
        process = subprocess.Popen(
            line,
            cwd=desk,
            env=desks.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(draw.uniform(0.05, 0.5))
        if process.poll() is None:
            kills += 1
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return kills


def _account(desk: Path, box: Path, messages: list[bytes], kills: int) -> bool:
    """Says what became of them; whether something is wrong."""
    log = desks.hd(desk, "intake", "log", "--jsonl", "-n", str(10 * len(messages)))
    lines = [json.loads(line) for line in log.splitlines()]
    outcomes = Counter(line["outcome"] for line in lines)
    tickets = desks.hd(desk, "export", "--format", "jsonl").splitlines()
    entries = Counter(
        entry["digest"]
        for ticket in tickets
        for entry in json.loads(ticket)["log"]
        if "digest" in entry
    )
    left = len(list((box / "new").iterdir()))
    waiting = len(desks.hd(desk, "intake", "quarantine").splitlines())
    sound = desks.hd(desk, "fsck").strip().splitlines()[-1]
    print(f"{len(messages):,} messages, {kills} kills: {dict(outcomes)}, {left} left; {sound}")
    taken = outcomes["new"] + outcomes["follow-up"]
    wrong = [
        left > 0,
        len(lines) != len(messages),
        taken != len(entries),
        any(count > 1 for count in entries.values()),
        outcomes["quarantined"] != waiting,
        "nothing is wrong" not in sound,
    ]
    if any(wrong):
        print(f"wrong: {wrong}; {len(lines)} lines, {len(entries)} entries, {waiting} wait")
    return any(wrong)


if __name__ == "__main__":
    main()

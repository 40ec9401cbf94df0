"""How many messages a second ``hd intake maildir`` takes in: ``python -m bench.mailrate``."""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import desks, mailcorpus


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.mailrate", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="tickets of the desk")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--cache", type=Path, default=desks.cache_folder(), help="where desks are")
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    desk = desks.built(asked.cache, asked.size)
    with tempfile.TemporaryDirectory() as folder:
        copy, mail = Path(folder) / "desk", Path(folder) / "mail"
        shutil.copytree(desk.path, copy, symlinks=True)
        count = mailcorpus.maildir(mail, mailcorpus.requests(asked.messages))
        line = [sys.executable, "-m", "hdcli", "--desk", str(copy), "intake", "maildir", "-q"]
        start = time.perf_counter()
        done = subprocess.run(
            [*line, str(mail)], env=desks.environment(), check=True, stdout=subprocess.PIPE
        )
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        taken, left = len(done.stdout.split()), len(list((mail / "new").iterdir()))
    print(f"{asked.size:,} tickets: {count:,} messages in {seconds:.1f} s, {count / seconds:.0f}/s")
    print(f"{taken:,} went to tickets, {left} are left; peak {peak:.0f} MB")


if __name__ == "__main__":
    main()

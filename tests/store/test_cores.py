from __future__ import annotations

import subprocess
import sys
import time

from hdcli.store.cores import workers
from hdcli.store.lock import is_dead

# Starts workers, says which, and goes to sleep.
_PARENT = """\
import time
from hdcli.store.cores import workers
with workers() as pool:
    pool.submit(abs, 1).result()
    print(*pool._processes, flush=True)
    time.sleep(60)
"""


def test_results_come_in_order() -> None:
    with workers() as pool:
        assert list(pool.map(abs, range(-9, 0))) == list(range(9, 0, -1))


def test_a_parent_that_is_killed_leaves_no_orphans() -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    children = [int(each) for each in parent.stdout.readline().split()]
    assert children
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 30
    while not all(map(is_dead, children)):
        assert time.monotonic() < deadline
        time.sleep(0.01)

"""Freed memory is used again as it is."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import resource
from threading import Thread

import torch

from model.allocator import keep_freed_memory


def faults():
    for _ in range(20):
        torch.ones(100_000_000, dtype=torch.uint8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        torch.ones(100_000_000, dtype=torch.uint8)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)


faults()
keep_freed_memory()
faults()
thread = Thread(target=faults)
thread.start()
thread.join()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the setting is of the GNU C library")
def test_large_blocks_are_not_cleared_anew() -> None:
    """Each page of a block that the system gave is a fault; of one that was kept, none. In other threads, too."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True)
    before, after, elsewhere = map(int, done.stdout.split())
    assert before > 10 * max(after, elsewhere, 1)

"""Identifiers: made in the order of time, and never twice, in a forked process neither."""

from __future__ import annotations

import subprocess
import sys
from uuid import RFC_4122, UUID

from tradepost.kernel.ids import RandomIds, made_at

FORKED = r"""
import os
from tradepost.kernel.ids import RandomIds
ids = RandomIds()
ids.new()
child = os.fork()
os.write(1, f"{ids.new()}\n".encode())
if child:
    os.waitpid(child, 0)
"""


def test_none_comes_twice() -> None:
    ids = RandomIds()
    made = [ids.new() for _ in range(5000)]
    assert len(set(made)) == 5000
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    instants = [made_at(one) for one in made]
    assert instants == sorted(instants)


def test_a_forked_process_makes_others() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, check=True
    )
    ours, theirs = (UUID(line) for line in done.stdout.split())
    chance = (1 << 62) - 1  # what follows the instant, the version and the variant
    assert ours.int & chance != theirs.int & chance

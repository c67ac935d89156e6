"""Many clients, dying processes, one store: the laws hold after every commit, and all ends well."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter

import pytest

from tests.house.source import ROOT
from tests.simulation.history import play
from tests.simulation.script import (
    API_FAULTS,
    CLIENT_FAULTS,
    WHOLE_EVERY,
    WISHES_MIN,
    WORKER_FAULTS,
    written,
)
from tests.simulation.shops import SETTINGS
from tests.simulation.shrinking import SEED, told

SMALL, WHOLE = 30, 5
"""Histories of each size; `test_many.py` plays thousands."""
QUIET_MAX = 2
"""A fault is written into each; now and then a history ends before it strikes."""
SHOPS = list(SETTINGS)


def test_the_laws_hold_whatever_goes_wrong() -> None:
    first = int(os.environ.get(SEED) or random.SystemRandom().randrange(2**32))
    sys.stdout.write(f"{SEED}={first}\n")
    seeds = [*range(first, first + SMALL)]
    seeds += range(first - first % WHOLE_EVERY, first + WHOLE * WHOLE_EVERY, WHOLE_EVERY)
    quiet = 0
    for seed in seeds[:1] if os.environ.get(SEED) else seeds:
        outcome = play(written(seed, SHOPS))
        assert outcome.broken is None, told(outcome)
        assert outcome.commands >= WISHES_MIN
        quiet += not outcome.struck.total()
        assert len({step.client for step in outcome.script.steps}) >= 3
    assert quiet <= QUIET_MAX, f"{SEED}={first}: {quiet} histories in which nothing went wrong"


def test_every_fault_strikes() -> None:
    struck = Counter[str]()
    for seed in (*range(1, WHOLE_EVERY), *range(0, 20 * WHOLE_EVERY, WHOLE_EVERY)):
        struck += play(written(seed, SHOPS)).struck
        if set(struck) == {*API_FAULTS, *WORKER_FAULTS, *CLIENT_FAULTS}:
            return
    pytest.fail(f"never struck: { ({*WORKER_FAULTS, *CLIENT_FAULTS} - set(struck)) }")


def test_a_seed_says_everything() -> None:
    """The same trace twice, however long it takes, and where strings are hashed differently."""
    first, again = ([play(written(seed, SHOPS)) for seed in range(11, 26)] for _ in range(2))
    assert [one.trace for one in first] == [one.trace for one in again]
    assert len({one.trace for one in first}) == len(first)
    outcome = first[0]
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation"],
        env={**os.environ, SEED: "11", "PYTHONHASHSEED": "1", "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert outcome.trace in done.stdout

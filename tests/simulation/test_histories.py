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
from tests.simulation.script import API_FAULTS, CLIENT_FAULTS, WORKER_FAULTS, written
from tests.simulation.shops import SETTINGS
from tests.simulation.shrinking import SEED, told

HISTORIES = 24
SHOPS = list(SETTINGS)


def test_the_laws_hold_whatever_goes_wrong() -> None:
    first = int(os.environ.get(SEED) or random.SystemRandom().randrange(2**32))
    sys.stdout.write(f"{SEED}={first}\n")
    struck = Counter[str]()
    commands = []
    for seed in range(first, first + (1 if os.environ.get(SEED) else HISTORIES)):
        outcome = play(written(seed, SHOPS))
        assert outcome.broken is None, told(outcome)
        struck += outcome.struck
        commands.append(outcome.commands)
    assert sum(commands) > 30 * len(commands)
    assert len(commands) == 1 or struck.total() > HISTORIES


def test_every_fault_strikes() -> None:
    struck = Counter[str]()
    for seed in range(40):
        struck += play(written(seed, SHOPS)).struck
        if set(struck) == {*API_FAULTS, *WORKER_FAULTS, *CLIENT_FAULTS}:
            return
    pytest.fail(f"never struck: { ({*WORKER_FAULTS, *CLIENT_FAULTS} - set(struck)) }")


def test_a_seed_says_everything() -> None:
    """The same trace twice, and in a process that hashes its strings differently."""
    outcome = play(written(11, SHOPS))
    assert play(written(11, SHOPS)).trace == outcome.trace != play(written(12, SHOPS)).trace
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation"],
        env={**os.environ, SEED: "11", "PYTHONHASHSEED": "1", "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert outcome.trace in done.stdout

"""Thousands of histories on all processors: no law is broken, and twice they come to the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.house.source import ROOT
from tests.simulation.script import WISHES_MIN

FIRST = 1
HISTORIES = 5000
TWICE = 250
SECONDS_MAX = 900
"""Several times what they take on two processors that have nothing else to do: other tests run."""


def _played(histories: int, processes: int) -> tuple[str, re.Match[str]]:
    """What the command says of these histories: their trace, and how much they came to."""
    wanted = f"--first {FIRST} --histories {histories} --processes {processes}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation", *wanted.split()],
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    said = re.search(
        r"(\d+) histories of at least (\d+) wishes and (\d+) faults.*in ([\d.]+) s", done.stdout
    )
    trace = re.search(r"trace: (\w{64})", done.stdout)
    assert said and trace, done.stdout
    return trace[1], said


@pytest.mark.acceptance
@pytest.mark.timeout(4 * SECONDS_MAX)
def test_five_thousand_histories_keep_the_laws() -> None:
    _, said = _played(HISTORIES, os.cpu_count() or 2)
    histories, wishes, faults = map(int, said.groups()[:3])
    assert histories == HISTORIES
    assert wishes >= WISHES_MIN and faults >= 1
    assert float(said[4]) < SECONDS_MAX


@pytest.mark.acceptance
@pytest.mark.timeout(SECONDS_MAX)
def test_the_same_histories_come_to_the_same_trace() -> None:
    assert _played(TWICE, 2)[0] == _played(TWICE, 3)[0]

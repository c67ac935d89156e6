"""Play histories for a while, or one again.

``python -m tests.simulation --histories 5000 --first 1`` plays that many from a seed on, on all
processors, and prints how far it is: the same histories come to the same trace. ``--seconds`` says
how long at most; without ``--first`` it begins at a random seed. With
``TRADEPOST_SIMULATION_SEED`` that one seed is played.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import sys

from tests.simulation.many import Run, Tally, played, quiet
from tests.simulation.shrinking import SEED, told

HISTORIES = 100_000
WIDTH = 24


def main() -> int:
    """Play; 1 if a law was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seconds", type=float, default=math.inf)
    parser.add_argument("--histories", type=int, default=HISTORIES)
    parser.add_argument("--first", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    if seed := os.environ.get(SEED):
        return _one(int(seed))
    _say(f"{asked.histories} histories from seed {asked.first} on\n")
    run = Run(asked.first, asked.histories, asked.seconds, asked.processes)
    tally = Tally()
    for tally in run.tallies():
        if sys.stdout.isatty():
            done = int(WIDTH * max(tally.histories / run.histories, run.elapsed_s / run.seconds))
            bar = "#" * min(done, WIDTH)
            _say(f"\r[{bar:.<{WIDTH}}] {tally}, {tally.histories / run.elapsed_s:.1f}/s ")
    _say(f"\n{tally} in {run.elapsed_s:.1f} s: {tally.histories / run.elapsed_s:.1f}/s\n")
    _say(f"faults: {dict(sorted(tally.struck.items()))}\ntrace: {tally.trace}\n")
    return 0 if tally.failed is None else _one(tally.failed)


def _one(seed: int) -> int:
    """Play one history; what breaks a law is shrunk and told."""
    quiet()
    outcome = played(seed)
    if outcome.broken:
        _say(f"\n{told(outcome)}\n")
        return 1
    _say(f"seed {outcome.script.seed}: {outcome.commands} wishes, {outcome.commits} commits, ")
    _say(f"no law broken, trace {outcome.trace}\n")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

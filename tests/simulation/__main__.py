"""Play histories for a while, or one again.

``python -m tests.simulation --seconds 60`` goes on from a random seed and prints how far it is;
``--histories`` says how many instead. With ``TRADEPOST_SIMULATION_SEED`` that one seed is played.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter

import structlog

from tests.simulation.history import Outcome, play
from tests.simulation.script import written
from tests.simulation.shops import SETTINGS
from tests.simulation.shrinking import SEED, told

SHOW_EVERY_S = 2.0


def main() -> int:
    """Play; 1 if a law was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--histories", type=int, default=10**9)
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    if seed := os.environ.get(SEED):
        return _ended(play(written(int(seed), list(SETTINGS))))
    first = random.SystemRandom().randrange(2**32)
    _say(f"seeds from {first} on\n")
    return _many(first, asked.histories, time.monotonic() + asked.seconds)


def _many(first: int, histories: int, until: float) -> int:
    began = shown = time.monotonic()
    commands, struck = 0, Counter[str]()
    for number in range(histories):
        outcome = play(written(first + number, list(SETTINGS)))
        commands += outcome.commands
        struck += outcome.struck
        if outcome.broken:
            return _ended(outcome)
        now = time.monotonic()
        if now - shown > SHOW_EVERY_S or now > until or number + 1 == histories:
            shown = now
            each = (number + 1) / (now - began)
            _say(f"\r{number + 1} histories, {each:.1f}/s, {commands} wishes, {struck.total()} ")
            _say("faults, no law broken")
        if now > until:
            break
    _say(f"\nfaults: {dict(sorted(struck.items()))}\n")
    return 0


def _ended(outcome: Outcome) -> int:
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

"""Play histories for a while, or one again.

``python -m tests.simulation --seconds 60`` goes on from a random seed, on all processors, and
prints how far it is; ``--histories`` says how many instead, ``--first`` where to begin: the same
histories come to the same trace. With ``TRADEPOST_SIMULATION_SEED`` that one seed is played.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from tests.simulation.history import Outcome
from tests.simulation.many import Tally, pieces, play_piece, played, quiet
from tests.simulation.shrinking import SEED, told


def main() -> int:
    """Play; 1 if a law was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--histories", type=int, default=10**9)
    parser.add_argument("--first", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    quiet()
    if seed := os.environ.get(SEED):
        return _ended(played(int(seed)))
    _say(f"histories from seed {asked.first} on\n")
    with ProcessPoolExecutor(
        asked.processes, multiprocessing.get_context("spawn"), initializer=quiet
    ) as pool:
        until = time.monotonic() + asked.seconds
        tally = _many(pool, asked.first, asked.histories, until, asked.processes)
    _say(f"\nfaults: {dict(sorted(tally.struck.items()))}\ntrace: {tally.trace}\n")
    return _ended(played(tally.failed)) if tally.failed is not None else 0


def _many(
    pool: ProcessPoolExecutor, first: int, histories: int, until: float, processes: int
) -> Tally:
    """Pieces in order, until time or histories have run out, or a law is broken."""
    began, tally = time.monotonic(), Tally()
    waiting = pieces(first, histories)
    running: deque[Future[Tally]] = deque()
    while True:
        if time.monotonic() < until and tally.failed is None:
            more = islice(waiting, 2 * processes - len(running))
            running.extend(pool.submit(play_piece, *piece) for piece in more)
        if not running:
            return tally
        tally.add(running.popleft().result())
        each = tally.histories / (time.monotonic() - began)
        broken = "a law is broken" if tally.failed is not None else "no law broken"
        _say(f"\r{tally.histories} histories, {each:.1f}/s, {tally.commands} wishes, ")
        _say(f"{tally.commits} commits, {tally.struck.total()} faults, {broken}")


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

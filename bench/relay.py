"""Facts on their way: numbered, passed on, consumed once; each step against its floor in one run.

    python -m bench.relay [--stores postgresql sqlite] [--facts 20000] [--rounds 3] [--json FILE]

The facts are those that the product's own orders tell. Floors write or send the same rows with
the bare driver in batches of the same size, decide nothing and keep no position.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

from bench import relay_floors
from bench.asking import arguments, tell_by_store
from bench.relay_yard import Round, Yard, yard
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.process import loop_factory, tune_memory
from tradepost.platform.transport.redis import RedisTransport

LOOK_S = 0.005
WANTED = {"relay": 5000, "consumer": 3000}


async def measure(kind: str, facts: int, rounds: int) -> dict[str, Any]:
    """All figures of one store."""
    found: dict[str, list[Round]] = {}
    async with yard(kind) as place:
        for number in range(rounds + 1):  # the first warms up
            one = await _round(place, facts if number else facts // 10)
            for name, done in one.items():
                if number:
                    found.setdefault(name, []).append(done)
                    print(f"{kind:<10} {name:<22} {_line(done)}", flush=True)
    told = _summed(found)
    for name, ratio in told["to_floor"].items():
        print(f"{kind:<10} {name:<22} {ratio:.2f} x its floor")
    for name, wanted in WANTED.items():
        reached = told["per_second"][name]
        print(f"{kind:<10} {name:<22} {reached:,.0f}/s of {wanted:,} wanted")
    return told


async def _round(place: Yard, facts: int) -> dict[str, Round]:
    """One turn of every step, each beside its floor; everybody has seen everything before."""
    found: dict[str, Round] = {}
    await place.pour(facts)
    numbering = place.worker()
    found["numbered"] = await place.timed(facts, numbering.sequencer.drain)
    await numbering.sequencer.resign()
    await place.floors.prepare(place.rows, facts)
    found["numbered, floor"] = await place.timed(facts, place.floors.number)
    found["passed on"] = await _passed_on(place, facts)
    sending = partial(relay_floors.send, place.redis_url, place.rows, facts)
    found["passed on, floor"] = await place.timed(facts, sending)
    for name, consumer, redis in place.consumers:
        found[name] = await _consumed(place, facts, consumer, redis=redis)
    found["consumer, floor"] = await place.timed(facts, place.floors.consume)
    await place.pour(facts)
    found["relay"] = await _together(place, facts, [])
    for _, consumer, redis in place.consumers:  # of which they see nothing more
        await _consumed(place, facts, consumer, redis=redis)
    await place.pour(facts)
    found["all at once"] = await _together(place, facts, [one for _, one, _ in place.consumers])
    return found


async def _passed_on(place: Yard, facts: int) -> Round:
    """What is in the log, to Redis."""
    worker = place.worker(redis=True)
    while await worker.tail.follow():
        pass
    done = await place.timed(facts, worker.transport.drain)
    await worker.transport.close()
    return done


async def _consumed(place: Yard, facts: int, consumer: Consumer, *, redis: bool) -> Round:
    """What is in the log, by one consumer."""
    worker = place.worker(consumer, redis=redis)
    (runner,) = worker.runners
    while await worker.tail.follow():
        pass

    async def job() -> None:
        while runner.tally.handled < facts:
            await runner.step(0.25)

    done = await place.timed(facts, job)
    await runner.rest()
    await worker.transport.close()
    return done


async def _together(place: Yard, facts: int, consumers: Sequence[Consumer]) -> Round:
    """All parts of a worker side by side, from the outbox to Redis or to the last consumer."""
    worker = place.worker(*consumers, redis=True)
    assert isinstance(worker.transport, RedisTransport)
    publisher = worker.transport.publisher

    async def job() -> None:
        working = asyncio.create_task(worker.run())
        counts: Sequence[Callable[[], int]] = [
            lambda: publisher.published,
            *(lambda tally=one.tally: tally.handled for one in worker.runners),  # type: ignore[misc]
        ]
        for reached in counts:
            while reached() < facts:  # noqa: ASYNC110  whoever is watched knows nothing of us
                await asyncio.sleep(LOOK_S)
        worker.stop()
        await working

    return await place.timed(facts, job)


def _summed(found: dict[str, list[Round]]) -> dict[str, Any]:
    """The middle of each figure, and how each compares with its floor, turn by turn."""
    floors = {"consumer, redis": "consumer", "timeline": "consumer", "relay": "numbered"}
    ratios = {}
    for name, rounds in found.items():
        floor = found.get(f"{floors.get(name, name)}, floor")
        if floor is not None and not name.endswith("floor"):
            pairs = zip(rounds, floor, strict=True)
            ratios[name] = round(median(ours.rate / theirs.rate for ours, theirs in pairs), 2)
    return {
        "per_second": {name: round(median(o.rate for o in done)) for name, done in found.items()},
        "cpu_us": {
            name: {
                "app": round(median(o.app_cpu_s / o.facts for o in done) * 1e6, 1),
                "database": round(median(o.database_cpu_s / o.facts for o in done) * 1e6, 1),
            }
            for name, done in found.items()
        },
        "to_floor": ratios,
    }


def _line(one: Round) -> str:
    app, database = one.app_cpu_s / one.facts * 1e6, one.database_cpu_s / one.facts * 1e6
    return f"{one.rate:9.0f}/s  CPU us a fact: app {app:5.0f}  database {database:5.0f}"


def main() -> None:
    """Measure and tell."""
    asked = arguments(__doc__, rounds=3)
    asked.add_argument("--facts", type=int, default=20_000)
    given = asked.parse_args()
    tune_memory()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        tell_by_store(
            given, "relay", lambda kind: runner.run(measure(kind, given.facts, given.rounds))
        )


if __name__ == "__main__":
    main()

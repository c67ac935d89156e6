"""The checkers of histories: what is sound passes, what is unknown is no fault, faults are told."""

from __future__ import annotations

import asyncio
import random
from uuid import uuid4

import asyncpg
import pytest

from tests.chaos.cycles import Transaction, anomalies
from tests.chaos.history import (
    History,
    Interval,
    Kind,
    counter_faults,
    sequence_faults,
    set_faults,
    taken,
)

KEYS = 4
CLIENTS = 8
TURNS = 40


def history(*steps: tuple[Kind, str, int]) -> History:
    found = History()
    for kind, key, units in steps:
        found.note(kind, 0, key, "mug", units)
    return found


BEGUN = [(Kind.INVOKE, key, 2) for key in ("a", "b", "c")]
KNOWN = history(*BEGUN, (Kind.OK, "a", 2), (Kind.FAIL, "b", 2), (Kind.INFO, "c", 2))


def test_what_nobody_knows_counts_both_ways() -> None:
    assert taken(KNOWN) == {"mug": Interval(2, 4)}
    assert counter_faults(KNOWN, {"mug": 4}, {"mug": 2}) == []
    assert counter_faults(KNOWN, {"mug": 4}, {"mug": 4}) == []
    assert counter_faults(KNOWN, {"mug": 1}, {"mug": 5}) == [
        "mug: 2 taken of 1",
        "mug: 5 sold, 2 to 4 seen",
    ]


def test_a_later_try_under_the_same_key_ends_a_doubt() -> None:
    later = history(*BEGUN, (Kind.INFO, "a", 2), (Kind.INVOKE, "a", 2), (Kind.OK, "a", 2))
    assert later.ends()["a"][1] is Kind.OK
    with pytest.raises(AssertionError, match="ok, then fail"):
        history(*BEGUN, (Kind.OK, "a", 2), (Kind.FAIL, "a", 2)).ends()


def test_sets_and_sequences() -> None:
    assert set_faults(KNOWN, ["a"]) == set_faults(KNOWN, ["a", "c"]) == []
    assert set_faults(KNOWN, ["b", "c", "c", "d"]) == [
        "c: 2 times",
        "d: never wished",
        "a: lost",
        "b: refused, and there",
    ]
    assert sequence_faults({"x": [1, 2, 3]}, {"x": 3}).sound
    tally = sequence_faults({"x": [1, 3, 2, 2], "z": [1]}, {"x": 4, "y": 1})
    assert (tally.lost, tally.doubled, tally.out_of_order, tally.unasked) == (2, 1, 1, 1)


def test_knots_are_named() -> None:
    def run(*ran: Transaction, final: dict[str, list[int]]) -> list[str]:
        return [one.name for one in anomalies(ran, final)]

    one = Transaction({"x": [1], "y": [1]}, {})
    two = Transaction({"x": [2], "y": [2]}, {})
    assert run(one, two, final={"x": [1, 2], "y": [1, 2]}) == []
    assert run(one, two, final={"x": [1, 2], "y": [2, 1]}) == ["G0"]
    told = [Transaction({"x": [1]}, {"y": [2]}), Transaction({"y": [2]}, {"x": [1]})]
    assert run(*told, final={"x": [1], "y": [2]}) == ["G1c"]
    skew = [Transaction({"x": [1]}, {"y": []}), Transaction({"y": [2]}, {"x": []})]
    assert run(*skew, final={"x": [1], "y": [2]}) == ["G2"]
    assert run(Transaction({}, {"x": [2]}), final={"x": [1, 2]}) == ["torn read"]


@pytest.fixture
async def lists(postgres_url: str) -> str:
    connection = await asyncpg.connect(postgres_url)
    table = f"lists_{uuid4().hex}"
    await connection.execute(f"create table {table} (key text, value int, at serial)")
    await connection.close()
    return table


@pytest.mark.parametrize(
    ("level", "is_sound"),
    [("read committed", False), ("repeatable read", False), ("serializable", True)],
)
async def test_the_checker_finds_what_postgresql_allows(
    postgres_url: str, lists: str, level: str, is_sound: bool
) -> None:
    """Two levels that allow write skew are told, and the one that does not passes."""
    ran: list[Transaction] = []
    numbers = iter(range(1, 10_000))
    chance = random.Random(7)

    async def client(connection: asyncpg.Connection) -> None:
        for _ in range(TURNS):
            one = Transaction()
            wanted = chance.sample([f"k{n}" for n in range(KEYS)], 2)
            try:
                async with connection.transaction(isolation=level.replace(" ", "_")):
                    look = f"select value from {lists} where key = $1 order by at"
                    one.read[wanted[0]] = [r[0] for r in await connection.fetch(look, wanted[0])]
                    await asyncio.sleep(0)
                    value = next(numbers)
                    append = f"insert into {lists} (key, value) values ($1, $2)"
                    await connection.execute(append, wanted[1], value)
                    one.appended[wanted[1]] = [value]
            except asyncpg.SerializationError:
                continue
            ran.append(one)

    connections = [await asyncpg.connect(postgres_url) for _ in range(CLIENTS)]
    await asyncio.gather(*(client(one) for one in connections))
    rows = await connections[0].fetch(f"select key, value from {lists} order by at")
    for one in connections:
        await one.close()
    final: dict[str, list[int]] = {}
    for key, value in rows:
        final.setdefault(key, []).append(value)
    found = [one for one in anomalies(ran, final) if one.name != "torn read"]
    assert (found == []) is is_sound, found

"""Passwords: strong, the same time for everybody, and never in the way of others."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from tests.identity.conftest import PASSWORD, People
from tradepost.identity.domain import SubjectKind
from tradepost.identity.errors import TooManyTries, WrongCredentials
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.identity.http.doors import Visitor
from tradepost.identity.storage import accounts
from tradepost.kernel.messages import Scope
from tradepost.platform.db.statement import Statement, param, scoped, scoped_update
from tradepost.platform.db.work import Reader, Work

CUSTOMER = SubjectKind.CUSTOMER
_WEAKEN = Statement(scoped_update(accounts).values(password_hash=param("password_hash")))
_HASHES = Statement(scoped(accounts, accounts.c.password_hash))


@pytest.fixture(scope="module")
def hasher() -> Iterator[Argon2Hasher]:
    """At the cost that the product asks for."""
    made = Argon2Hasher()
    yield made
    made.close()


async def test_a_hash_fits_its_password_alone(hasher: Argon2Hasher) -> None:
    kept = await hasher.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != await hasher.hash(PASSWORD)
    assert await hasher.verify(kept, PASSWORD)
    for wrong in (PASSWORD + " ", PASSWORD.upper(), "", "\x00"):
        assert not await hasher.verify(kept, wrong)
    for odd in (None, "", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA"):
        assert not await hasher.verify(odd, PASSWORD)


async def test_nobody_waits_in_a_long_queue_and_others_go_on() -> None:
    hasher = Argon2Hasher(threads=1, waiting_max=3)
    kept = await hasher.hash(PASSWORD)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    answers = await asyncio.gather(
        *(hasher.verify(kept, PASSWORD) for _ in range(10)), return_exceptions=True
    )
    ticking.cancel()
    assert answers.count(True) == 4
    assert sum(isinstance(answer, TooManyTries) for answer in answers) == 6
    assert ticks > 20
    assert await hasher.verify(kept, PASSWORD)
    hasher.close()


async def test_knowing_an_address_takes_no_longer_than_not_knowing_it(
    people: People, shop: Scope
) -> None:
    by = Visitor(shop.tenant_id, "192.0.2.1")
    await people.doors.sign_up(by, "jane@example.com", PASSWORD)

    async def seconds(email: str) -> float:
        start = time.perf_counter()
        with pytest.raises(WrongCredentials):
            await people.doors.sign_in(by, CUSTOMER, email, "wrong password")
        return time.perf_counter() - start

    async def ratio() -> float:
        known, unknown = [], []
        for _ in range(15):
            known.append(await seconds("jane@example.com"))
            unknown.append(await seconds("nobody@example.com"))
        return statistics.median(known) / statistics.median(unknown)

    ratios = [await ratio()]
    while not 0.75 < ratios[-1] < 1.33:  # a busy machine is unfair at times, but not each time
        assert len(ratios) < 4, ratios
        ratios.append(await ratio())


async def test_a_weaker_hash_is_replaced_when_its_owner_comes(people: People, shop: Scope) -> None:
    by = Visitor(shop.tenant_id, "192.0.2.1")
    await people.doors.sign_up(by, "jane@example.com", PASSWORD)
    weak = PasswordHasher(1, 8192, 1).hash(PASSWORD)

    async def weaken(work: Work) -> int:
        return await work.run(_WEAKEN, password_hash=weak)

    async def kept(db: Reader) -> str:
        return str(await db.value(_HASHES))

    assert await people.bus.store.write(shop, weaken) == 1
    with pytest.raises(WrongCredentials):
        await people.doors.sign_in(by, CUSTOMER, "jane@example.com", "wrong password")
    assert await people.bus.ask(shop, kept) == weak
    await people.doors.sign_in(by, CUSTOMER, "jane@example.com", PASSWORD)
    assert "m=19456,t=2,p=1" in await people.bus.ask(shop, kept)
    await people.doors.sign_in(by, CUSTOMER, "jane@example.com", PASSWORD)

"""Limits: a burst, then a pace; the same in one process and in Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.servers import free_port
from tests.web.conftest import Town
from tradepost.platform.web.rates import (
    KEYS_KEPT_MAX,
    KEYS_LOOKED_AT_MIN,
    Limit,
    LocalLimiter,
    RateLimiter,
)
from tradepost.platform.web.settings import WebSettings
from tradepost.platform.web.shared_rates import SharedLimiter

STRICT = WebSettings(signing_secrets=(b"s" * 32,))


@pytest.fixture(params=["local", "shared"])
async def limiter(request: pytest.FixtureRequest) -> AsyncIterator[RateLimiter]:
    """Both counters behind the port."""
    if request.param == "local":
        yield LocalLimiter()
        return
    shared = SharedLimiter.at(request.getfixturevalue("redis_url"))
    yield shared
    await shared.close()


async def test_a_burst_of_the_limit_passes_and_no_more(limiter: RateLimiter) -> None:
    limit = Limit(5, 60)
    verdicts = [await limiter.take("burst", limit) for _ in range(7)]
    assert [one.allowed for one in verdicts] == [True] * 5 + [False] * 2
    assert [one.remaining for one in verdicts] == [4, 3, 2, 1, 0, 0, 0]
    assert [one.reset_s for one in verdicts[:5]] == [12, 24, 36, 48, 60]
    assert 11 <= verdicts[5].retry_after_s <= 12
    assert (await limiter.take("somebody else", limit)).allowed


async def test_after_a_burst_requests_come_at_the_pace_of_the_limit(limiter: RateLimiter) -> None:
    limit = Limit(4, 1)
    for _ in range(4):
        assert (await limiter.take("pace", limit)).allowed
    assert not (await limiter.take("pace", limit)).allowed
    await asyncio.sleep(0.3)
    assert (await limiter.take("pace", limit)).allowed
    assert not (await limiter.take("pace", limit)).allowed


async def test_at_once_no_more_than_the_limit_pass(limiter: RateLimiter) -> None:
    verdicts = await asyncio.gather(*(limiter.take("rush", Limit(10, 60)) for _ in range(30)))
    assert sum(one.allowed for one in verdicts) == 10


async def test_who_does_not_come_again_is_forgotten() -> None:
    now = 0.0
    limiter = LocalLimiter(lambda: now)
    for n in range(20_000):
        now = n / 100  # a hundred a second, each counted for a second
        await limiter.take(f"guest {n}", Limit(60, 60))
    assert len(limiter) <= KEYS_LOOKED_AT_MIN
    for n in range(KEYS_KEPT_MAX + 10):
        await limiter.take(f"crowd {n}", Limit(1, 3600))
    assert KEYS_KEPT_MAX * 9 // 10 <= len(limiter) <= KEYS_KEPT_MAX
    assert not (await limiter.take(f"crowd {KEYS_KEPT_MAX + 9}", Limit(1, 3600))).allowed


async def test_without_redis_each_process_counts_for_itself() -> None:
    shared = SharedLimiter.at(f"redis://127.0.0.1:{free_port()}/0")
    verdicts = [await shared.take("alone", Limit(2, 60)) for _ in range(3)]
    assert [one.allowed for one in verdicts] == [True, True, False]
    await shared.close()


async def test_a_guest_is_limited_by_address_whatever_the_headers_claim(town: Town) -> None:
    async with town.client(town.app(web=STRICT)) as client:
        statuses = [
            (await client.get("/things", headers={"x-forwarded-for": f"10.0.0.{n}"})).status_code
            for n in range(103)
        ]
        assert statuses == [200] * 100 + [429] * 3
        refused = await client.get("/things")
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["ratelimit-limit"] == "100"
        assert refused.headers["ratelimit-remaining"] == "0"
        assert refused.json()["code"] == "platform.too_many_requests"
        other_shop = await client.get("/things", headers={"x-tenant": town.other_code})
        assert other_shop.status_code == 200

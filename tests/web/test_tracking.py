"""Following an order over a real WebSocket: from the log, without a gap, and only by who may."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from tests.web.followed import SUBPROTOCOL, Followed, ended, followed, heard
from tradepost.kernel.ids import OrderId, TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.feed import feed
from tradepost.platform.live import Following, Position, Positions
from tradepost.platform.relay.log import Logged
from tradepost.platform.tokens import Audience, Tokens, TokenType
from tradepost.platform.web.settings import SocketLimits

COME_BACK = 4503
"""A line is closed so when the store is busy: whoever follows comes again."""


@pytest.fixture
async def shop(lone_store: Store) -> AsyncIterator[Followed]:
    """A shop in each store in turn."""
    async with followed(lone_store) as made:
        yield made


async def test_an_order_is_told_from_the_log_until_its_end(shop: Followed) -> None:
    order = await shop.ordered()
    async with shop.following(order, await shop.token(order)) as line:
        assert line.subprotocol == SUBPROTOCOL
        first = await heard(line)
        assert first["type"] == "order"
        assert first["order"]["status"] == "pending_payment"
        assert first["order"]["lines"][0]["quantity"] == 1
        assert "email" not in json.dumps(first) and "Shopper" not in json.dumps(first)
        await shop.paid(order)
        await shop.shipped(order)
        await shop.completed(order)
        code, told = await ended(line)
    facts = [one for one in told if one["type"] == "fact" and one["version"] > 1]
    assert {one["name"] for one in facts} == {"order.status_changed"}
    assert [one["body"]["status"] for one in facts] == ["pending_shipment", "shipped", "completed"]
    assert [one["version"] for one in facts] == [2, 3, 4]
    numbers = [one["seq"] for one in told if one["type"] == "fact"]
    assert numbers == sorted(set(numbers)) and numbers[0] > first["seq"]
    assert code == 1000
    async with shop.following(order, await shop.token(order)) as line:
        code, told = await ended(line)
    assert (code, [one["type"] for one in told]) == (1000, ["order"])
    assert told[0]["order"]["status"] == "completed"


async def test_whoever_comes_back_misses_nothing_and_hears_nothing_twice(shop: Followed) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    draw = random.Random(seed)
    order = await shop.ordered()
    token = await shop.token(order)
    seen: dict[int, Any] = {}
    since: int | None = 0
    steps = [shop.paid, shop.shipped, shop.completed]

    async def happens() -> None:
        for step in steps:
            await asyncio.sleep(draw.random() * 0.2)
            await step(order)

    trade = asyncio.create_task(happens())
    while True:
        async with shop.following(order, token, since) as line:
            try:
                async with asyncio.timeout(draw.random() * 0.15):
                    while True:
                        told = json.loads(await line.recv())
                        assert told["seq"] not in seen or told["type"] == "beat"
                        if told["type"] == "fact":
                            seen[told["seq"]], since = told, told["seq"]
            except TimeoutError:
                continue
            except Exception:
                if line.close_code == COME_BACK:
                    continue
                if line.close_code != 1000:
                    raise
        break
    await trade
    statuses = [seen[seq]["body"].get("status") for seq in sorted(seen)]
    assert statuses == ["pending_payment", "pending_shipment", "shipped", "completed"]
    assert len(shop.house.services[Following]) == 0


async def test_a_token_may_be_the_first_message_and_none_opens_nothing(shop: Followed) -> None:
    order = await shop.ordered()
    token = await shop.token(order)
    async with shop.following(order) as line:
        await line.send(json.dumps({"token": token}))
        assert (await heard(line))["type"] == "order"
    for said in ("", "no json", '{"token": "none"}', '{"token": 1}', json.dumps({"t": token})):
        async with shop.following(order) as line:
            await line.send(said)
            await _refused(line, 4401, "ordering.tracking_refused")
    async with shop.following(order, "none") as line:
        await _refused(line, 4401, "ordering.tracking_refused")
    async with shop.following(order, token) as line:
        assert (await heard(line))["type"] == "order"
        await line.send("hello")
        await _refused(line, 4422, "ordering.tracking_talk")


async def test_tokens_of_other_kinds_orders_and_shops_open_nothing(
    shop: Followed, lone_store: Store
) -> None:
    order, another = await shop.ordered(), await shop.ordered()
    tokens: Tokens = shop.house.services[Tokens]
    tenant, id = shop.shop.scope.tenant_id, UUID(order["id"])
    day = timedelta(minutes=5)
    wrong = tokens.issue(Audience.PUBLIC, TokenType.CUSTOMER, id, tenant, day)
    staff = tokens.issue(Audience.ADMIN, TokenType.STAFF, id, tenant, day)
    long_ago = datetime.now(UTC) - timedelta(days=2)
    late = tokens.issue(Audience.PUBLIC, TokenType.TRACKING, id, tenant, day, at=long_ago)
    for token in (wrong, staff, late):
        async with shop.following(order, token) as line:
            await _refused(line, 4401, "ordering.tracking_refused")
    async with shop.following(order, await shop.token(another)) as line:
        await _refused(line, 4404, "kernel.unknown")
    nowhere = tokens.issue(Audience.PUBLIC, TokenType.TRACKING, uuid4(), tenant, day)
    async with shop.following(order, nowhere) as line:
        await _refused(line, 4404, "kernel.unknown")
    async with followed(lone_store) as other:
        token = await shop.token(order)
        async with other.following(order, token) as line:
            await _refused(line, 4404, "kernel.unknown")
    closed = await shop.public.get(f"/api/v1/orders/{order['id']}/tracking")
    assert closed.status_code == 404
    with pytest.raises(InvalidStatus) as refused:
        async with shop.following(order, token, x_tenant="nowhere"):
            pass
    assert refused.value.response.status_code == 404
    assert refused.value.response.headers["content-type"] == "application/problem+json"
    with pytest.raises(InvalidStatus) as refused:
        async with shop.following(order, token, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_a_number_that_was_never_given_out_is_refused(shop: Followed) -> None:
    order = await shop.ordered()
    token = await shop.token(order)
    for since in ("10000000", "-1", "x", "1.5", "", "9" * 30, "0&since=1", "٣"):
        async with shop.following(order, token, since) as line:
            await _refused(line, 4422, "ordering.bad_since")


async def test_a_position_is_told_and_stands_in_no_fact(shop: Followed) -> None:
    order = await shop.ordered()
    positions: Positions = shop.house.services[Positions]
    tenant, id = shop.shop.scope.tenant_id, OrderId(UUID(order["id"]))
    before = Position(1, 2, datetime(2026, 3, 1, tzinfo=UTC))
    await positions.report(tenant, id, before)
    async with shop.following(order, await shop.token(order)) as line:
        assert (await heard(line))["type"] == "order"
        here = await _of_kind(line, "position")
        assert (here["latitude_e6"], here["longitude_e6"]) == (1, 2)
        await positions.report(tenant, id, Position(5, 6, datetime(2026, 3, 1, tzinfo=UTC), 9))
        there = await _of_kind(line, "position")
        assert (there["latitude_e6"], there["accuracy_m"]) == (5, 9)
        await shop.paid(order)
        assert (await _of_kind(line, "fact"))["type"] == "fact"
    await positions.end(tenant, id)
    trail = await shop.house.bus.ask(Scope(tenant, shop.shop.scope.actor), _bodies)
    assert "latitude" not in trail


async def test_who_never_reads_is_cut_off_and_harms_nobody(lone_store: Store) -> None:
    async with followed(lone_store, sockets=SocketLimits(4, 3)) as shop:
        order = await shop.ordered()
        token = await shop.token(order)
        tenant, id = shop.shop.scope.tenant_id, UUID(order["id"])
        async with shop.following(order, token) as good, shop.following(order, token) as deaf:
            assert (await heard(good))["type"] == "order"
            deaf.transport.pause_reading()
            following: Following = shop.house.services[Following]
            told = 0
            async with asyncio.timeout(20):
                while len(following) == 2:
                    following.see([_row(tenant, id, 1000 + told)])
                    told += 1
                    assert (await heard(good))["seq"] >= 1
            assert told < 10_000
            async with shop.following(order, token), shop.following(order, token) as third:
                assert (await heard(third))["type"] == "order"
                with pytest.raises(InvalidStatus) as refused:
                    async with shop.following(order, token):
                        pass
                assert refused.value.response.status_code == 429
                assert "retry-after" in refused.value.response.headers
            deaf.transport.abort()


async def test_a_process_that_ends_says_so(lone_store: Store) -> None:
    async with followed(lone_store) as shop:
        order = await shop.ordered()
        line = await shop.following(order, await shop.token(order))
        assert (await heard(line))["type"] == "order"
    assert (await ended(line))[0] == 1012


async def test_it_is_the_same_with_redis_between_worker_and_readers(
    lone_store: Store, redis_url: str
) -> None:
    async with followed(lone_store, redis_url=redis_url) as shop:
        order = await shop.ordered()
        async with shop.following(order, await shop.token(order)) as line:
            assert (await heard(line))["type"] == "order"
            await shop.paid(order)
            statuses = [(await heard(line))["body"]["status"]]
            if statuses == ["pending_payment"]:
                statuses = [(await heard(line))["body"]["status"]]
            assert statuses == ["pending_shipment"]


def _row(tenant: TenantId, order: UUID, seq: int) -> Logged:
    """A fact of an order, as the tail reads it; long, so that buffers fill."""
    body = json.dumps({"order_id": str(order), "status": "picking", "more": "x" * 2000})
    at = datetime.now(UTC)
    told = ("order", order, seq, "order.status_changed", 1, body, at)
    return Logged(seq, 0, tenant, uuid4(), *told, "system", None, "", "")


async def _bodies(db: Reader) -> str:
    """All that the log of a shop says."""
    return str([one.body for one in await feed(db, 0, 500)])


async def _refused(line: ClientConnection, code: int, reason: str) -> None:
    closed, told = await ended(line)
    assert (closed, line.close_reason) == (code, reason), told
    assert told[-1]["code"] == reason and told[-1]["remedy"]


async def _of_kind(line: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        told = await heard(line)
        if told["type"] == kind:
            return told

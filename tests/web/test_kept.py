"""What is kept for guests: never older than a fact or than is said, and nobody else's."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

import httpx
import pytest
from litestar import get

from tests.web.kept import MINUTE, Stall, kept_of, served, stall, until, web
from tests.web.market import open_market, order_of
from tests.web.test_doors import problem
from tradepost.kernel.messages import Actor
from tradepost.platform.db.work import Store
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.web.app import AppPlan, build_app
from tradepost.platform.web.door import PUBLIC, NoDoor, Shared, door
from tradepost.platform.web.settings import KeptLimits
from tradepost.tenancy.commands import ChangeHosts, MoveTenant
from tradepost.tenancy.queries import own_profile
from tradepost.wiring.house import build_house

MUG = "/api/v1/products/the-mug"


async def test_a_new_price_is_shown_from_its_fact_on(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        for path in (MUG, "/api/v1/products?limit=24"):
            await one.client.get(path)
            await one.client.get(path)
        assert (one.count("missed"), one.count("hit")) == (2, 2)
        for amount in (500, 650, 425):
            await one.reprice(amount)
            await one.told()
            assert await one.price() == amount
            listed = (await one.client.get("/api/v1/products?limit=24")).json()["items"]
            assert [row["price_from"]["amount"] for row in listed] == [amount]
        hits = one.count("hit")
        assert await one.price() == 425
        assert one.count("hit") == hits + 1


async def test_nobody_waits_for_a_body_of_somebody_else(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        place = one.client.base_url
        _, slow = await asyncio.open_connection(place.host, place.port)
        head = f"GET {MUG} HTTP/1.1\r\nhost: {place.host}:{place.port}\r\n"
        slow.write(f"{head}x-tenant: {one.market.code}\r\ncontent-length: 9\r\n\r\n".encode())
        await asyncio.sleep(0.2)
        async with asyncio.timeout(web().body_seconds_max / 2):
            assert [await one.price(), await one.price()] == [400, 400]
        assert one.count("hit") == 1, "those who bring nothing share theirs"
        slow.close()
        await slow.wait_closed()


async def test_facts_of_other_matters_end_nothing(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        await one.price()
        await one.market.shop.article("hat", "9.00")
        await one.told()
        assert len(one.kept) == 1
        await one.price()
        assert one.count("hit") == 0, "the catalogue's own fact ends it"
        other = await open_market(lone_store)
        await other.shop.article("mug", "1.00")
        await one.told()
        await one.price()
        assert one.count("hit") == 1, "another shop's does not"


async def test_who_lags_behind_never_shows_older_than_is_said(lone_store: Store) -> None:
    limits = KeptLimits(fresh_ms_max=400)
    async with stall(lone_store, web(limits)) as one:
        behind = build_house(lone_store, web(limits), tokens=one.market.tokens)
        async with served(behind) as url, httpx.AsyncClient(base_url=url) as client:
            old = 0
            for amount in (500, 650, 425):
                kept_of(behind).see([])  # it reads the log, and is told of nothing
                await client.get(MUG, headers=dict(one.client.headers))
                await one.reprice(amount)
                changed = time.monotonic()
                while (asked := time.monotonic()) < changed + 0.8:
                    kept_of(behind).see([])
                    answer = await client.get(MUG, headers=dict(one.client.headers))
                    told = answer.json()["price_from"]["amount"]
                    if asked >= changed + 0.4:
                        assert told == amount
                    old += told != amount
            assert old > 0, "nothing was kept, so nothing was shown"


async def test_two_processes_follow_one_log(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        second = build_house(lone_store, web(), tokens=one.market.tokens)
        tail, stop = LogTail(lone_store), asyncio.Event()
        tail.listeners.append(kept_of(second).see)
        following = asyncio.create_task(tail.run(stop))
        async with served(second) as url:
            headers = {"x-tenant": one.market.code}
            async with httpx.AsyncClient(base_url=url, headers=headers) as client:
                there = Stall(one.market, client, one.variant_id)
                for amount in (500, 650):
                    await one.reprice(amount)
                    await one.told()
                    await until(lambda: kept_of(second).seen >= one.kept.seen)
                    assert [await there.price(), await there.price()] == [amount, amount]
                assert len(kept_of(second)) == 1
        stop.set()
        await following


async def test_nobody_is_given_what_is_anothers(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        other = await open_market(lone_store)
        await other.shop.article("mug", "9.00")
        shop = one.market.shop
        hosts = (f"{one.market.code}.example", f"{other.code}.example")
        for place, host in ((shop, hosts[0]), (other.shop, hosts[1])):
            version = (await place.bus.ask(place.scope, own_profile)).version
            await place.bus.send(place.scope, ChangeHosts(version, add=(host,)))
        await one.told()
        async with httpx.AsyncClient(base_url=one.client.base_url) as bare:
            stranger = Stall(one.market, bare, one.variant_id)
            for _ in range(3):
                assert await stranger.price(**{"x-tenant": one.market.code}) == 400
                assert await stranger.price(**{"x-tenant": other.code}) == 900
                assert await stranger.price(host=hosts[0]) == 400
                assert await stranger.price(host=hosts[1]) == 900
                for wrong in ({}, {"host": hosts[0], "x-tenant": other.code}, {"x-tenant": ""}):
                    problem(await bare.get(MUG, headers=wrong), 404, "kernel.unknown")
                empty = {"host": hosts[0], "x-tenant": ""}
                assert (await bare.get(MUG, headers=empty)).status_code == 404
            assert len(one.kept) == 4
            for language in ("en", "ja"):
                await stranger.price(**{"x-tenant": other.code, "accept-language": language})
            assert len(one.kept) == 6


async def test_persons_are_neither_kept_nor_given_what_is_kept(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        await one.price()
        market = one.market
        token = market.tokens.give("public", market.shop.scope.tenant_id, Actor("customer"))
        for header in ("authorization", "x-cart-token", "x-guest-token", "cookie"):
            value = f"Bearer {token}" if header == "authorization" else "a" * 43
            answer = await one.client.get(MUG, headers={header: value})
            assert answer.status_code == 200
        assert (await one.client.get(MUG, headers={"authorization": "x"})).status_code == 401
        assert (one.count("hit"), one.count("missed"), len(one.kept)) == (0, 1, 1)


async def test_a_shop_that_closes_is_closed_from_its_fact_on(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        await one.price()
        shop = one.market.shop
        await shop.bus.send(shop.scope, MoveTenant("suspend", "unpaid"))
        await one.told()
        assert (await one.client.get(MUG)).status_code != 200


async def test_stock_is_shown_with_its_freshness(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        hat = await one.market.shop.article("hat", "9.00", stock=500)
        lesson = await one.market.shop.article("lesson", "30.00", service=True)
        wanted = "&".join(f"variant_id={one}" for one in (one.variant_id, hat, lesson))
        place = f"/api/v1/availability?{wanted}"
        await one.told()
        answers = [await one.client.get(place) for _ in range(2)]
        assert one.count("hit") == 1
        for answer in answers:
            told = answer.json()
            assert told["fresh_within_ms"] == MINUTE.fresh_ms_max
            assert answer.headers["cache-control"].startswith("public, max-age=1,")
            shown = {row["variant_id"]: (row["available"], row["left"]) for row in told["items"]}
            assert shown == {str(one.variant_id): (True, 5), str(hat): (True, None)}
        placed = await one.client.post(
            "/api/v1/checkout", json=order_of("mug", 5), headers={"idempotency-key": str(uuid4())}
        )
        assert placed.status_code == 201
        await one.told()
        items = (await one.client.get(place)).json()["items"]
        assert {"variant_id": str(one.variant_id), "available": False, "left": 0} in items
        many = "&".join(f"variant_id={uuid4()}" for _ in range(101))
        problem(
            await one.client.get(f"/api/v1/availability?{many}"), 422, "platform.bad_parameters"
        )


async def test_an_order_is_its_holders_own_and_told_once(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        key = {"idempotency-key": str(uuid4())}
        placed = await one.client.post("/api/v1/checkout", json=order_of("mug"), headers=key)
        order = placed.json()
        link = f"/api/v1/orders/{order['id']}?token={order['token']}"
        first = await one.client.get(link)
        assert first.headers["cache-control"] == "private, no-store"
        known = {"if-none-match": first.headers["etag"]}
        held = await one.client.get(link, headers=known)
        assert (held.status_code, held.content) == (304, b"")
        assert (await one.client.get(link.partition("?")[0])).status_code == 404
        assert len(one.kept) == one.count("missed") == 0


async def test_limits_count_what_is_kept(lone_store: Store) -> None:
    strict = web(limits_requests=True)
    async with stall(lone_store, strict, public_requests_per_minute=5) as one:
        answers = [await one.client.get(MUG) for _ in range(6)]
        assert [one.status_code for one in answers] == [200] * 5 + [429]
        left = [answer.headers["ratelimit-remaining"] for answer in answers]
        assert left == ["4", "3", "2", "1", "0", "0"]
        assert one.count("hit") == 4
        assert "retry-after" in answers[-1].headers


async def test_what_is_refused_is_not_kept(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        for _ in range(2):
            for wrong in ("?colour=red", "?limit=x", "?limit=1&limit=2", "?cursor=x", "?sort=%ff"):
                assert (await one.client.get(f"/api/v1/products{wrong}")).status_code in {400, 422}
            assert (await one.client.get("/api/v1/products/nothing")).status_code == 404
        assert len(one.kept) == 0
        for spelling in ("?sort=newest&limit=3", "?limit=3&sort=newest", "?limit=3&sort=new%65st"):
            assert (await one.client.get(f"/api/v1/products{spelling}")).status_code == 200
        assert len(one.kept) == 1


async def test_memory_has_its_bounds(lone_store: Store) -> None:
    async with stall(lone_store, web(KeptLimits(60_000, answers_max=3))) as one:
        for limit in range(1, 11):
            await one.client.get(f"/api/v1/products?limit={limit}")
        assert len(one.kept) == 3
        await one.client.get("/api/v1/products?limit=10")
        assert one.count("hit") == 1


async def test_bytes_have_their_bounds(lone_store: Store) -> None:
    limits = KeptLimits(60_000, bytes_max=12_000, answer_bytes_max=5_000)
    async with stall(lone_store, web(limits)) as one:
        for number in range(60):
            name = f"lamp-{number}"
            await one.market.shop.article(name, "4.00")
        await one.told()
        for limit in (1, 2, 3, 1, 2, 3):
            await one.client.get(f"/api/v1/products?limit={limit}&sort=newest")
            assert one.kept.bytes <= 12_000
        assert one.count("hit") == 3
        for _ in range(2):
            whole = await one.client.get("/api/v1/products?limit=60")
            assert len(whole.content) > 5_000
        assert one.count("hit") == 3
        assert 0 < one.kept.bytes <= 12_000


async def test_what_is_old_leaves_memory_by_itself(lone_store: Store) -> None:
    async with stall(lone_store, web(KeptLimits(fresh_ms_max=200))) as one:
        await one.price()
        assert len(one.kept) == 1
        await until(lambda: not len(one.kept))
        assert one.kept.bytes == 0


async def test_a_crowd_is_answered_with_one_rendering(lone_store: Store) -> None:
    async with stall(lone_store) as one:
        for amount in (500, 650):
            await one.reprice(amount)
            await one.told()
            before = one.count("missed")
            prices = await asyncio.gather(*(one.price() for _ in range(40)))
            assert set(prices) == {amount}
            assert one.count("missed") == before + 1
        assert one.count("shared") > 0


async def test_a_kept_answer_is_as_good_as_a_fresh_one(lone_store: Store) -> None:
    page = "https://page.example"
    async with stall(lone_store, cors_origins=[page]) as one:
        named = {"x-request-id": "request-one"}
        fresh = await one.client.get(MUG, headers=named | {"origin": page})
        again = await one.client.get(MUG, headers=named | {"origin": page})
        assert one.count("hit") == 1
        late = {"date"}
        assert {**fresh.headers} | {"date": ""} == {**again.headers} | dict.fromkeys(late, "")
        assert again.content == fresh.content
        plain = await one.client.get(MUG)
        assert "access-control-allow-origin" not in plain.headers
        assert plain.headers["x-request-id"] != "request-one"
        held = await one.client.get(MUG, headers={"if-none-match": fresh.headers["etag"]})
        assert (held.status_code, held.content) == (304, b"")
        assert held.headers["etag"] == fresh.headers["etag"]
        assert held.headers["cache-control"] == fresh.headers["cache-control"]
        head = await one.client.head(MUG)
        assert head.headers["content-length"] == fresh.headers["content-length"]
        assert one.count("hit") == 4
        await one.reprice(500)
        await one.told()
        changed = await one.client.get(MUG, headers={"if-none-match": fresh.headers["etag"]})
        assert changed.status_code == 200


async def test_nothing_is_kept_while_nobody_reads_the_log(store: Store) -> None:
    market = await open_market(store, web())
    await market.shop.article("mug", "4.00")
    async with market.shopper() as guest:
        for _ in range(2):
            assert (await guest.get(MUG)).status_code == 200
    assert len(kept_of(market.house)) == 0


@pytest.mark.parametrize(
    "told",
    [
        {"keeps": ("weather",), "cache": Shared()},
        {"keeps": ("catalog",)},
        {"keeps": ("catalog",), "cache": Shared(), "shop": False},
    ],
)
async def test_a_route_that_cannot_keep_does_not_start(
    store: Store, told: dict[str, object]
) -> None:
    @get("/odd", opt=door(PUBLIC, **told))
    async def odd() -> str:
        """Nothing."""
        return ""

    market = await open_market(store, web(MINUTE))
    with pytest.raises(NoDoor, match="/odd"):
        build_app(market.house.office("public"), AppPlan("Odd", "Odd.", [odd]))

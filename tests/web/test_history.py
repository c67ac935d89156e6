"""Feed, trails and dead letters over the doors of the staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.web.market import Market, key, open_market, order_of
from tests.web.test_doors import problem
from tradepost.events.ordering import OrderPlaced
from tradepost.kernel.messages import Told
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.consumers.parked import Patience
from tradepost.platform.db.work import Store, Work
from tradepost.platform.worker import Worker, WorkerPlan

READS = ("events.read", "dead_letters.read", "dead_letters.replay")
EVENTS = "/api/v1/events"
LETTERS = "/api/v1/dead-letters"


class Clerk:
    """Hears of orders, as long as the clerk is well."""

    def __init__(self) -> None:
        self.ill = True
        self.heard: list[int] = []

    async def effect(self, bus: Bus, work: Work, told: Sequence[Told[Any]]) -> None:
        """Write the numbers down."""
        if self.ill:
            raise ValueError("cannot take it")
        self.heard += [one.fact.number for one in told if isinstance(one.fact, OrderPlaced)]


@pytest.fixture
async def market(lone_store: Store) -> Market:
    """A shop with mugs, and a store of its own."""
    market = await open_market(lone_store)
    await market.shop.article("mug", "4.00", stock=50)
    return market


@pytest.fixture
def clerks() -> list[Clerk]:
    """Two who want the same facts."""
    return [Clerk(), Clerk()]


async def work(market: Market, clerks: Sequence[Clerk] = ()) -> None:
    """Let a worker do all there is to do; whoever fails gives up at once."""
    names = frozenset({OrderPlaced.name})
    consumers = [Consumer(f"clerk_{n}", names, one.effect) for n, one in enumerate(clerks)]
    plan = WorkerPlan(patience=Patience(tries_max=1, first_s=0.0))
    await Worker(market.house.bus, consumers, plan=plan).settle()


async def ordered(market: Market, count: int = 1) -> list[dict[str, Any]]:
    """Orders of a guest."""
    async with market.shopper() as guest:
        answers = [
            await guest.post("/api/v1/checkout", json=order_of("mug"), headers=key())
            for _ in range(count)
        ]
    return [answer.json() for answer in answers]


def told(answer: httpx.Response) -> Any:
    """What was answered."""
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_feed_is_read_from_number_to_number(market: Market) -> None:
    orders = await ordered(market, 3)
    other = await open_market(market.house.store)
    await other.shop.article("lamp")
    await work(market)
    async with market.staff("events.read") as staff, other.staff("events.read") as stranger:
        seen: list[Any] = []
        page = told(await staff.get(EVENTS, params={"limit": 2}))
        while page["items"]:
            seen += page["items"]
            assert page["after"] == seen[-1]["seq"]
            page = told(await staff.get(EVENTS, params={"limit": 2, "after": page["after"]}))
        assert [one["seq"] for one in seen] == sorted({one["seq"] for one in seen})
        assert told(await staff.get(EVENTS, params={"limit": 500}))["items"] == seen
        placed = told(await staff.get(EVENTS, params={"name": "order.placed"}))["items"]
        assert [one["stream_id"] for one in placed] == [order["id"] for order in orders]
        assert [one["body"]["number"] for one in placed] == [order["number"] for order in orders]
        theirs = told(await stranger.get(EVENTS, params={"limit": 500}))["items"]
        assert theirs and not {one["event_id"] for one in theirs} & {o["event_id"] for o in seen}
        for odd in ({"after": -1}, {"limit": 0}, {"limit": 501}):
            problem(await staff.get(EVENTS, params=odd), 422, "platform.bad_parameters")


async def test_trails_tell_who_did_what(market: Market) -> None:
    (order,) = await ordered(market)
    async with market.staff("orders.cancel", "events.read") as staff, market.shopper() as guest:
        headers = key() | {"if-match": '"1"'}
        cancelled = await staff.post(f"/api/v1/orders/{order['id']}/cancel", headers=headers)
        assert cancelled.status_code == 200, cancelled.text
        await work(market)
        place = f"/api/v1/audit/objects/{order['id']}"
        trail = told(await staff.get(place))
        (placed,) = [one for one in trail["items"] if one["name"] == "order.placed"]
        assert placed["actor_kind"] == "guest" and trail["before"] is None
        newest = trail["items"][0]
        assert newest["actor_kind"] == "staff" and newest["request_id"]
        first = told(await staff.get(place, params={"limit": 1}))
        assert first["items"] == [newest] and first["before"] == newest["seq"]
        rest = told(await staff.get(place, params={"before": first["before"]}))
        assert rest["items"] == trail["items"][1:]
        by = told(await staff.get(f"/api/v1/audit/people/{newest['actor_id']}"))["items"]
        assert newest in by and {one["actor_id"] for one in by} == {newest["actor_id"]}
        for what in ("objects", "people"):
            nobody = await staff.get(f"/api/v1/audit/{what}/{uuid4()}")
            problem(nobody, 404, "kernel.unknown")
        problem(await guest.get(place), 404, "platform.no_such_place")


async def test_dead_letters_are_listed_retried_and_discarded(
    market: Market, clerks: list[Clerk]
) -> None:
    first, second = await ordered(market, 2)
    await work(market, clerks)
    async with market.staff(*READS) as staff, market.staff("dead_letters.read") as reader:
        page = told(await staff.get(LETTERS, params={"limit": 3}))
        rest = told(await staff.get(LETTERS, params={"limit": 3, "cursor": page["next_cursor"]}))
        letters = page["items"] + rest["items"]
        assert [(one["consumer"], one["stream_id"]) for one in letters] == [
            (f"clerk_{n}", order["id"]) for order in (first, second) for n in range(2)
        ]
        assert all("cannot take it" in one["error"] for one in letters)
        assert len(told(await staff.get("/api/v1/waiting-facts"))) == 4
        places = [f"{LETTERS}/{one['consumer']}/{one['event_id']}" for one in letters]
        shown = told(await staff.get(places[0]))
        assert (shown["letter"], shown["fact"]["number"]) == (letters[0], first["number"])
        problem(await reader.post(f"{places[0]}/replay"), 403, "kernel.may_not")

        for clerk in clerks:
            clerk.ill = False
        assert (await staff.post(f"{places[0]}/replay")).status_code == 204
        assert (await staff.post(f"{places[1]}/discard")).status_code == 204
        await work(market, clerks)
        assert [clerk.heard for clerk in clerks] == [[first["number"]], []]
        left = told(await staff.get(LETTERS))["items"]
        assert [one["stream_id"] for one in left] == [second["id"]] * 2
        for gone in places[:2]:
            for decision in ("replay", "discard"):
                problem(await staff.post(f"{gone}/{decision}"), 404, "kernel.unknown")
            problem(await staff.get(gone), 404, "kernel.unknown")

        made = told(await staff.get(EVENTS, params={"limit": 500}))["items"]
        decided = [one for one in made if one["stream"] == "dead_letter_decision"]
        assert [one["name"] for one in decided] == ["dead_letter.replayed", "dead_letter.discarded"]
        assert {one["actor_kind"] for one in decided} == {"staff"}
        assert {one["body"]["document_id"] for one in decided} == {first["id"]}

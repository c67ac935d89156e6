"""Checkouts that meet each other at the door: one order for one cart, and bad baskets alone."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.lanes.test_checkout import is_sound
from tests.web.market import Market, key, open_market, order_of
from tests.web.test_doors import problem
from tests.web.test_ordering import CARTS, CHOICES
from tradepost.platform.db.work import Store
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain import TaxRateDraft

CHECKOUT = "/api/v1/checkout"


@pytest.fixture
async def market(store: Store) -> Market:
    """A shop with mugs."""
    market = await open_market(store)
    await market.shop.article("mug", "4.00", stock=5000)
    return market


async def _cart(guest: httpx.AsyncClient, quantity: int = 2) -> str:
    opened = await guest.post(CARTS)
    place = str(opened.headers["location"])
    guest.headers["x-cart-token"] = opened.json()["token"]
    await guest.post(f"{place}/lines", json={"sku": "mug", "quantity": quantity})
    await guest.put(f"{place}/choices", json=CHOICES)
    return place


async def test_one_key_and_cart_from_two_connections_is_one_order(market: Market) -> None:
    for same_key in (True, False):
        async with market.shopper() as one, market.shopper() as two:
            place = await _cart(one)
            two.headers["x-cart-token"] = one.headers["x-cart-token"]
            keys = [key()] * 8 if same_key else [key() for _ in range(8)]
            sent = (
                (one, two)[n % 2].post(f"{place}/checkout", json={}, headers=keys[n])
                for n in range(8)
            )
            answers = await asyncio.gather(*sent)
            assert {one.status_code for one in answers} == {201}, answers[-1].text
            assert len({one.json()["id"] for one in answers}) == 1
    await is_sound(market.house.store, market.shop)


async def test_a_cart_that_changes_while_it_is_ordered_is_ordered_as_it_is(market: Market) -> None:
    async with market.shopper() as one, market.shopper() as two:
        for _ in range(6):
            place = await _cart(one)
            two.headers["x-cart-token"] = one.headers["x-cart-token"]
            line = {"sku": "mug", "quantity": 1}
            placed, *changed = await asyncio.gather(
                one.post(f"{place}/checkout", json={}, headers=key()),
                *(two.post(f"{place}/lines", json=line) for _ in range(4)),
            )
            assert placed.status_code == 201, placed.text
            assert {each.status_code for each in changed} <= {200, 409}
            cart = (await one.get(place)).json()
            in_cart = sum(line["quantity"] for line in cart["lines"])
            assert placed.json()["subtotal"] == 400 * in_cart
    await is_sound(market.house.store, market.shop)


async def test_many_lines_and_one_article_many_times(market: Market) -> None:
    names = [f"n{n:03}" for n in range(200)]
    for name in names:
        await market.shop.article(name, "1.00", stock=9)
    async with market.shopper() as guest:
        lines = [{"sku": name, "quantity": 2} for name in names]
        sent = (
            guest.post(CHECKOUT, json=order_of("x") | {"lines": lines}, headers=key())
            for _ in range(5)
        )
        answers = await asyncio.gather(*sent)
        assert sorted(one.status_code for one in answers) == [201] * 4 + [409]
        more = [*lines, {"sku": "mug", "quantity": 1}]
        many = await guest.post(CHECKOUT, json=order_of("x") | {"lines": more}, headers=key())
        problem(many, many.status_code, "ordering.too_many_lines")
        same = [{"sku": "mug", "quantity": 6}] * 150
        placed = await guest.post(CHECKOUT, json=order_of("x") | {"lines": same}, headers=key())
        assert (placed.status_code, placed.json()["total"]) == (201, 150 * 6 * 400)
        over = [{"sku": "mug", "quantity": 7}] * 150
        much = await guest.post(CHECKOUT, json=order_of("x") | {"lines": over}, headers=key())
        problem(much, much.status_code, "ordering.too_much_of_one")
    await is_sound(market.house.store, market.shop)


@pytest.mark.parametrize("quantity", [0, -1, 1000, 2**63 - 1, 2**63, 10**30, 1.5, True, "1", None])
async def test_a_quantity_nobody_sells_is_refused(market: Market, quantity: Any) -> None:
    async with market.shopper() as guest:
        bad = order_of("mug") | {"lines": [{"sku": "mug", "quantity": quantity}]}
        refused = await guest.post(CHECKOUT, json=bad, headers=key())
        assert refused.status_code in (409, 422), refused.text
        last = await guest.post(CHECKOUT, json=order_of("mug", 999), headers=key())
        assert last.status_code == 201


async def test_two_shops_at_once_sell_their_own(market: Market, store: Store) -> None:
    other = await open_market(store)
    await other.shop.article("mug", "7.00", stock=20)
    async with market.shopper() as ours, other.shopper() as theirs:
        once = key()
        sent = (
            guest.post(CHECKOUT, json=order_of("mug"), headers=once if n == 0 else key())
            for n in range(20)
            for guest in (ours, theirs)
        )
        answers = await asyncio.gather(*sent)
    assert [one.status_code for one in answers] == [201] * 40
    assert [one.json()["total"] for one in answers] == [400, 700] * 20
    assert len({one.json()["id"] for one in answers}) == 40
    for each in (market, other):
        await is_sound(store, each.shop)


@pytest.mark.parametrize("taxed", [False, True])
@pytest.mark.parametrize("lines", [[2_000_000], [600_000, 600_000], [1_000_000], [200]])
async def test_a_basket_worth_more_than_can_be_counted_is_refused_alone(
    store: Store, lines: list[int], taxed: bool
) -> None:
    """A line, the sum of the lines, or that with its tax is more than 64 bits keep; or the sum of
    a few such orders would be, at which SQLite adds no more up."""
    market = await open_market(
        store, quantity_per_line_max=10**9, charges_tax=taxed, prices_include_tax=False
    )
    bus, scope = market.shop.bus, market.shop.scope
    await bus.send(scope, CreateTaxRate(TaxRateDraft("standard", "GB", 200_000, "standard")))
    await market.shop.article("mug", "4.00", stock=5000)
    await market.shop.article("gem", "92000000000.00", stock=10**12)
    many = order_of("gem") | {"lines": [{"sku": "gem", "quantity": n} for n in lines]}
    async with market.shopper() as guest:
        sent = [guest.post(CHECKOUT, json=order_of("mug", n + 1), headers=key()) for n in range(6)]
        sent.insert(3, guest.post(CHECKOUT, json=many, headers=key()))
        answers = await asyncio.gather(*sent)
    assert [one.status_code for n, one in enumerate(answers) if n != 3] == [201] * 6
    problem(answers[3], 422, "kernel.bad_amount")
    await is_sound(store, market.shop)

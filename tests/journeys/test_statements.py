"""What one checkout costs: at most twelve SQL statements, counted where the stores run them."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_changes import _rates
from tests.journeys.test_order import HOME
from tradepost.customers.commands import CreateCustomer
from tradepost.customers.domain import Contact
from tradepost.kernel.ids import CartId, CustomerId, VariantId
from tradepost.ordering.commands import AddToCart, OpenCart, PlaceOrder
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Store

STATEMENTS_MAX = 12
CHANGE_STATEMENTS_MAX = 7
POOL_SIZE = 4


@asynccontextmanager
async def statements(store: Store) -> AsyncIterator[list[str]]:
    """Every statement that the store runs meanwhile, begin and commit among them."""
    seen: list[str] = []
    if isinstance(store, SqliteStore):
        await store.run_script(lambda connection: _trace(connection, seen))
        yield seen
        await store.run_script(lambda connection: _trace(connection, None))
        return
    assert isinstance(store, PostgresStore)

    def heard(record: Any) -> None:
        seen.extend(part.strip() for part in record.query.split(";") if part.strip())

    pool = store._pool
    lent = [await pool.acquire() for _ in range(POOL_SIZE)]
    for one in lent:
        one.add_query_logger(heard)
    for one in reversed(lent):  # the one that knows the types already is lent next
        await pool.release(one)
    yield seen
    lent = [await pool.acquire() for _ in range(POOL_SIZE)]
    for one in lent:
        one.remove_query_logger(heard)
        await pool.release(one)


def _trace(connection: sqlite3.Connection, seen: list[str] | None) -> None:
    connection.set_trace_callback(seen.append if seen is not None else None)


async def _shop(store: Store) -> tuple[Shop, list[VariantId]]:
    """A shop with rates of tax, in which something was ordered before."""
    shop = await open_shop(
        store, charges_tax=True, prices_include_tax=True, shipping_fee_amount=500
    )
    await _rates(shop)
    variants = [await shop.article(sku, "9.99", stock=9) for sku in ("pen", "ink", "pad")]
    await shop.bus.send(shop.scope, PlaceOrder(_basket(variants)), key="the-first-order-1")
    return shop, variants


def _basket(variants: list[VariantId], customer_id: CustomerId | None = None) -> Basket:
    lines = tuple(Wanted(2, variant_id=one) for one in variants)
    return Basket(lines=lines, ship_to=HOME, customer_id=customer_id)


async def _customer(shop: Shop) -> CustomerId:
    made: CustomerId = await shop.bus.send(shop.scope, CreateCustomer(Contact("Jane")))
    return made


async def _filled_cart(
    shop: Shop, variants: list[VariantId], customer_id: CustomerId | None
) -> Basket:
    cart_id = (await shop.bus.send(shop.scope, OpenCart(customer_id))).cart_id
    for one in variants:
        await shop.bus.send(
            shop.scope, AddToCart(cart_id, 2, variant_id=one, customer_id=customer_id)
        )
    choices = ChooseInCart(cart_id, "me@example.com", HOME, customer_id=customer_id)
    await shop.bus.send(shop.scope, choices)
    return Basket(cart_id=cart_id, customer_id=customer_id)


def _check(seen: list[str], what: str, store: Store) -> None:
    sys.stdout.write(f"{store.dialect}, {what}: {len(seen)} statements\n")
    for one in seen:
        sys.stdout.write(f"    {' '.join(one.split())[:110]}\n")
    assert seen[0].startswith("BEGIN") and seen[-1] == "COMMIT" and len(seen) > 4, seen
    assert len(seen) <= STATEMENTS_MAX


@pytest.mark.parametrize("named", ["sku", "id"])
async def test_an_order_in_one_request(store: Store, named: str) -> None:
    shop, variants = await _shop(store)
    basket = _basket(variants)
    if named == "sku":
        lines = tuple(Wanted(2, sku=sku) for sku in ("pen", "INK", "pad"))
        basket = Basket(lines=lines, ship_to=HOME)
    async with statements(store) as seen:
        placed = await shop.bus.send(shop.scope, PlaceOrder(basket), key="a-checkout-00001")
    assert (placed.number, placed.total) == (1002, 6494)
    _check(seen, f"one request by {named}", store)


@pytest.mark.parametrize("buyer", ["guest", "customer"])
async def test_an_order_of_a_filled_cart(store: Store, buyer: str) -> None:
    shop, variants = await _shop(store)
    basket = await _filled_cart(
        shop, variants, await _customer(shop) if buyer == "customer" else None
    )
    async with statements(store) as seen:
        placed = await shop.bus.send(shop.scope, PlaceOrder(basket), key="a-checkout-00001")
    assert (placed.number, placed.total) == (1002, 6494)
    _check(seen, f"a cart of a {buyer}", store)
    again = await shop.bus.send(shop.scope, PlaceOrder(basket), key="another-key-0001")
    assert again == placed


async def test_each_change_of_a_cart(store: Store) -> None:
    """Whatever is changed: one lock, one look at all that is read, one statement that writes."""
    shop, variants = await _shop(store)
    cart_id = CartId(uuid4())
    changes = [AddToCart(cart_id, 2, variant_id=one) for one in (*variants, *variants)]
    chosen = ChooseInCart(cart_id, "me@example.com", HOME)
    for wish in (*changes, chosen, chosen):
        async with statements(store) as seen:
            answer = await shop.bus.send(shop.scope, wish)
    assert (answer.version, answer.page.total) == (8, 12488)
    _check(seen, "a change of a cart", store)
    assert len(seen) <= CHANGE_STATEMENTS_MAX

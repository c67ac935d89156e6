"""Nobody holds the whole shelf: a person's holds count together, in however many carts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.journeys.spine import Shop, open_shop
from tradepost.inventory.commands.carts import ForgetHolders, GrantReservations
from tradepost.inventory.errors import TooMuchHeld
from tradepost.kernel.ids import CartId, CartLineId, CustomerId
from tradepost.kernel.messages import Actor, Scope
from tradepost.ordering.commands import AddToCart, OpenCart, SetCartQuantity
from tradepost.ordering.queries import cart_page
from tradepost.platform.db.work import Store


def guest(shop: Shop, address: str) -> Scope:
    return replace(shop.scope, actor=Actor("guest", origin=address))


async def cart_of(shop: Shop, scope: Scope, customer: CustomerId | None = None) -> CartId:
    cart_id: CartId = (await shop.bus.send(scope, OpenCart(customer))).cart_id
    return cart_id


async def put(shop: Shop, scope: Scope, cart_id: CartId, quantity: int, **more: CustomerId) -> None:
    await shop.bus.send(scope, AddToCart(cart_id, quantity, sku="lamp", customer_id=more.get("of")))


async def test_a_guest_holds_no_more_in_many_carts(store: Store) -> None:
    shop = await open_shop(store, hold_starts="cart", held_quantity_per_customer_max=5)
    await shop.article("lamp", stock=100)
    bot, other = guest(shop, "192.0.2.7"), guest(shop, "192.0.2.8")
    first, second = await cart_of(shop, bot), await cart_of(shop, bot)
    await put(shop, bot, first, 3)
    with pytest.raises(TooMuchHeld) as refused:
        await put(shop, bot, second, 3)
    assert refused.value.facts() == {
        "units_max": 5,
        "wanted": 3,
        "held": 3,
        "retry_after_s": 1200,
    }
    await shop.bus.send(shop.scope, GrantReservations())
    with pytest.raises(TooMuchHeld):
        await put(shop, bot, second, 3)
    await put(shop, bot, second, 2)
    await put(shop, other, await cart_of(shop, other), 5)
    with pytest.raises(TooMuchHeld):
        await put(shop, bot, first, 1)
    line_id = (await shop.bus.ask(shop.scope, cart_page, first, None)).lines[0].id
    await shop.bus.send(bot, SetCartQuantity(first, CartLineId(line_id), 1))
    await shop.bus.send(shop.scope, GrantReservations())
    await put(shop, bot, second, 2)
    assert await shop.bus.send(shop.scope, ForgetHolders()) == 0


async def test_many_carts_at_once_are_counted_one_after_the_other(store: Store) -> None:
    shop = await open_shop(store, hold_starts="cart", held_quantity_per_customer_max=5)
    await shop.article("lamp", stock=100)
    bot = guest(shop, "192.0.2.7")
    carts = [await cart_of(shop, bot) for _ in range(12)]
    sent = (put(shop, bot, cart_id, 1) for cart_id in carts)
    told = await asyncio.gather(*sent, return_exceptions=True)
    assert sorted(type(one).__name__ for one in told) == ["NoneType"] * 5 + ["TooMuchHeld"] * 7


async def test_customers_go_by_their_account_and_guests_by_what_the_shop_says(store: Store) -> None:
    shop = await open_shop(
        store, hold_starts="cart", held_quantity_per_customer_max=5, guests_told_apart_by="cart"
    )
    await shop.article("lamp", stock=100)
    here = guest(shop, "192.0.2.7")
    for _ in range(2):
        await put(shop, here, await cart_of(shop, here), 5)
    customer = CustomerId(uuid4())
    known = replace(shop.scope, actor=Actor("customer", customer, origin="192.0.2.7"))
    carts = [await cart_of(shop, known, customer) for _ in range(2)]
    await put(shop, known, carts[0], 5, of=customer)
    with pytest.raises(TooMuchHeld):
        await put(shop, known, carts[1], 1, of=customer)
    await put(shop, shop.scope, await cart_of(shop, shop.scope), 50)


async def test_a_shop_that_holds_at_checkout_counts_nothing(store: Store) -> None:
    shop = await open_shop(store, held_quantity_per_customer_max=5)
    await shop.article("lamp", stock=100)
    bot = guest(shop, "192.0.2.7")
    for _ in range(2):
        await put(shop, bot, await cart_of(shop, bot), 5)

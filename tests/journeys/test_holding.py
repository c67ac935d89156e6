"""A shop that holds at the cart: put in, granted, ordered; nothing is promised twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tradepost.inventory.commands.carts import GrantReservations
from tradepost.inventory.commands.hot import MarkHot
from tradepost.inventory.queries import availability
from tradepost.kernel.ids import CartId, CustomerId, RandomIds, VariantId
from tradepost.ordering.commands import AddToCart, OpenCart, PlaceOrder
from tradepost.ordering.commands.cart import ChooseInCart, MergeCart
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import SoldOut
from tradepost.platform.db.work import Store
from tradepost.wiring.worker import build_worker


async def free(shop: Shop, variant: VariantId) -> int:
    return sum(one.available for one in await shop.bus.ask(shop.scope, availability, [variant]))


async def filled(shop: Shop, variant: VariantId, quantity: int) -> CartId:
    cart = await shop.bus.send(shop.scope, OpenCart())
    await shop.bus.send(shop.scope, AddToCart(cart.cart_id, quantity, variant_id=variant))
    id: CartId = cart.cart_id
    return id


async def test_goods_in_a_cart_are_held_and_become_its_order(store: Store) -> None:
    shop = await open_shop(store, hold_starts="cart")
    mug = await shop.article("mug", stock=2)
    wrap = await shop.article("wrap", service=True)
    cart_id = await filled(shop, mug, 2)
    await shop.bus.send(shop.scope, AddToCart(cart_id, 1, variant_id=wrap))
    assert await free(shop, mug) == 2
    assert await shop.bus.send(shop.scope, GrantReservations()) == 1
    assert await free(shop, mug) == 0
    other = PlaceOrder(Basket(lines=(Wanted(1, sku="mug"),), ship_to=HOME))
    with pytest.raises(SoldOut):
        await shop.bus.send(shop.scope, other)
    await shop.bus.send(shop.scope, ChooseInCart(cart_id, "me@example.com", HOME))
    placed = await shop.bus.send(shop.scope, PlaceOrder(Basket(cart_id=cart_id)))
    assert placed.number == 1001
    assert await free(shop, mug) == 0


async def test_a_cart_that_is_merged_away_lets_go(store: Store) -> None:
    shop = await open_shop(store, hold_starts="cart")
    mug = await shop.article("mug", stock=5)
    customer = CustomerId(RandomIds().new())
    own, guest = await filled(shop, mug, 1), await filled(shop, mug, 2)
    await shop.bus.send(shop.scope, MergeCart(own, customer))
    assert await shop.bus.send(shop.scope, GrantReservations()) == 2
    assert await free(shop, mug) == 2
    await shop.bus.send(shop.scope, MergeCart(guest, customer))
    assert await free(shop, mug) == 4
    assert await shop.bus.send(shop.scope, GrantReservations()) == 1
    assert await free(shop, mug) == 2


async def test_a_shop_that_holds_at_checkout_holds_nothing_for_carts(store: Store) -> None:
    shop = await open_shop(store)
    mug = await shop.article("mug", stock=5)
    await filled(shop, mug, 2)
    assert await shop.bus.send(shop.scope, GrantReservations()) == 0
    assert await free(shop, mug) == 5


async def test_a_worker_serves_both_lanes_and_frees_what_ran_out(lone_store: Store) -> None:
    clock = Clockwork(datetime(2026, 3, 2, 12, tzinfo=UTC))
    shop = await open_shop(lone_store, hold_starts="cart", hold_minutes=10)
    shop.bus.clock = clock
    mug, hot = await shop.article("mug", stock=5), await shop.article("hot", stock=5)
    await shop.bus.send(shop.scope, MarkHot(hot, True))
    worker = build_worker(shop.bus)
    await filled(shop, mug, 2)
    await filled(shop, hot, 3)
    await worker.settle()
    assert (await free(shop, mug), await free(shop, hot)) == (3, 2)
    clock.instant += timedelta(minutes=10)
    assert await worker.sweeper.step() >= 2
    assert (await free(shop, mug), await free(shop, hot)) == (5, 5)


async def test_a_cart_that_could_not_be_ordered_still_waits_for_its_goods(store: Store) -> None:
    shop = await open_shop(store, hold_starts="cart")
    mug, lamp = await shop.article("mug", stock=5), await shop.article("lamp", stock=1)
    cart_id = await filled(shop, mug, 2)
    await shop.bus.send(shop.scope, AddToCart(cart_id, 2, variant_id=lamp))
    await shop.bus.send(shop.scope, ChooseInCart(cart_id, "me@example.com", HOME))
    with pytest.raises(SoldOut):
        await shop.bus.send(shop.scope, PlaceOrder(Basket(cart_id=cart_id)))
    assert await shop.bus.send(shop.scope, GrantReservations()) == 1
    assert await free(shop, mug) == 3


class Clockwork:
    """A clock that tests move."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

"""Many wishes at once: a bad one is refused alone, and a cart becomes one order for all who ask."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tradepost.fulfillment.commands import TakeBack
from tradepost.fulfillment.commands.take_back import GivenBack
from tradepost.inventory.errors import TooMuchStock
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CartId, CustomerId
from tradepost.ordering.commands import AddToCart, OpenCart, PlaceOrder
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import PriceChanged, SoldOut
from tradepost.payments.errors import MethodUnknown, TakenByGateway
from tradepost.platform.bus import Wish
from tradepost.platform.db.work import Store


async def _all(shop: Shop, *wishes: Any) -> list[Any]:
    return await shop.bus.send_all(shop.scope, [Wish(wish) for wish in wishes])


async def _cart(shop: Shop, sku: str, quantity: int) -> CartId:
    cart_id: CartId = (await shop.bus.send(shop.scope, OpenCart())).cart_id
    await shop.bus.send(shop.scope, AddToCart(cart_id, quantity, sku=sku))
    await shop.bus.send(shop.scope, ChooseInCart(cart_id, "me@example.com", HOME))
    return cart_id


async def test_goods_taken_back_by_an_unknown_method_refuse_nobody_else(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("cup", "3.00")
    good = TakeBack((GivenBack("cup", 2, 3_000_000),), refund_method="cash")
    by_shell, by_gateway = (replace(good, refund_method=way) for way in ("shells", "gateway"))
    first, unknown, last, gateway = await _all(shop, good, by_shell, good, by_gateway)
    assert (first.total, last.total) == (600, 600)
    assert isinstance(unknown, MethodUnknown)
    assert isinstance(gateway, TakenByGateway)
    wish = PlaceOrder(Basket(lines=(Wanted(4, sku="cup"),), ship_to=HOME))
    assert (await shop.bus.send(shop.scope, wish)).total == 1200, "and no more than four are here"


async def test_more_than_a_shelf_can_hold_is_refused_alone(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("cup", "3.00")
    good = TakeBack((GivenBack("cup", 2, 3_000_000),), refund_method="cash")
    heap = TakeBack((GivenBack("cup", 2**63 - 2, 0),), refund_method="cash")
    first, refused, last = await _all(shop, good, heap, good)
    assert (first.total, last.total) == (600, 600)
    assert isinstance(refused, TooMuchStock)


async def test_a_cart_named_twice_at_once_becomes_one_order(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("mug", "4.00", stock=5)
    cart_id = await _cart(shop, "mug", 2)
    wish = PlaceOrder(Basket(cart_id=cart_id))
    other = PlaceOrder(Basket(lines=(Wanted(3, sku="mug"),), ship_to=HOME))
    stranger = PlaceOrder(Basket(cart_id=cart_id, customer_id=CustomerId(uuid4())))
    first, foreign, between, second = await _all(shop, wish, stranger, other, wish)
    assert (first.number, between.number) == (1001, 1002)
    assert second == first
    assert isinstance(foreign, Unknown)
    assert await shop.bus.send(shop.scope, wish) == first


async def test_a_cart_that_could_not_be_ordered_first_may_be_by_the_next(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("mug", "4.00", stock=3)
    cart_id = await _cart(shop, "mug", 2)
    wish = PlaceOrder(Basket(cart_id=cart_id))
    dear = replace(wish, basket=replace(wish.basket, expected_total=1))
    refused, placed, again, cheap = await _all(shop, dear, wish, wish, dear)
    assert isinstance(refused, PriceChanged)
    assert placed.total == 800
    assert again == cheap == placed
    late = PlaceOrder(Basket(cart_id=await _cart(shop, "mug", 2)))
    assert [type(one) for one in await _all(shop, late, late)] == [SoldOut, SoldOut]

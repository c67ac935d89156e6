"""A cart that is being ordered takes nothing more: what it holds is what was ordered."""

from __future__ import annotations

import asyncio

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tradepost.kernel.ids import CartId, OrderId
from tradepost.ordering.commands import AddToCart, OpenCart, PlaceOrder
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import CartClosed
from tradepost.ordering.storage.carts import FIND, load_cart
from tradepost.ordering.storage.orders import order_lines
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader, Store

_ORDERED = Statement(
    scoped(order_lines, order_lines.c.quantity).where(order_lines.c.order_id == param("order_id"))
)


async def _quantities(shop: Shop, cart_id: CartId, order_id: OrderId) -> tuple[int, int]:
    """How many are in the cart, and how many in its order."""

    async def look(db: Reader) -> tuple[int, int]:
        row = await db.one(FIND, ids=[cart_id])
        assert row is not None
        in_cart = sum(line.quantity for line in load_cart(row).lines)
        return in_cart, int(await db.value(_ORDERED, order_id=order_id))

    return await shop.bus.ask(shop.scope, look)


async def test_what_comes_while_a_cart_is_ordered_comes_too_late(store: Store) -> None:
    shop = await open_shop(store)
    mug = await shop.article("mug", stock=99)
    for _ in range(5):
        cart_id = (await shop.bus.send(shop.scope, OpenCart())).cart_id
        more = AddToCart(cart_id, 1, variant_id=mug)
        await shop.bus.send(shop.scope, more)
        await shop.bus.send(shop.scope, ChooseInCart(cart_id, "me@example.com", HOME))
        wishes = [PlaceOrder(Basket(cart_id=cart_id)), more, more, more]
        sent = (shop.bus.send(shop.scope, wish) for wish in wishes)
        placed, *rest = await asyncio.gather(*sent, return_exceptions=True)
        broken = [one for one in rest if isinstance(one, BaseException)]
        assert all(isinstance(one, CartClosed) for one in broken), broken
        assert not isinstance(placed, BaseException), placed
        in_cart, ordered = await _quantities(shop, cart_id, placed.order_id)
        assert in_cart == ordered

"""The path of an order at the bus: every step that a shop takes with one, from cart to look-up."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from tests.journeys.test_order import HOME
from tradepost.fulfillment.commands import ShipOrder
from tradepost.kernel.ids import CustomerId, OrderId, TenantId
from tradepost.kernel.messages import SYSTEM, Actor, Command, Scope
from tradepost.ordering.commands import AddToCart, CancelOrder, CompleteOrder, OpenCart, PlaceOrder
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.ordering.queries.carts import cart_page
from tradepost.ordering.queries.orders import OrderFilter, order_by_number, order_page, order_rows
from tradepost.payments.commands import RecordPayment, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.bus import Bus
from tradepost.platform.lanes import Lanes
from tradepost.wiring.worker import build_worker

EMAIL = "path@example.com"
LOOKED_AT = 24


async def walk(bus: Bus, tenant_id: TenantId, skus: list[str]) -> None:
    """Orders by cart, at once and together with others; paid, sent, called off, looked up."""
    bus.lane = Lanes(bus).send
    guest = Scope(tenant_id, Actor("customer", uuid4()))
    staff = Scope(tenant_id, SYSTEM)
    cart = await bus.send(guest, OpenCart())
    for sku in skus[:2]:
        await bus.send(guest, AddToCart(cart.cart_id, 1, sku=sku))
        await bus.ask(guest, cart_page, cart.cart_id, None)
    await bus.send(guest, ChooseInCart(cart.cart_id, EMAIL, HOME))
    by_cart = await bus.send(guest, PlaceOrder(Basket(cart_id=cart.cart_id)), key=_key())
    basket = Basket((Wanted(1, sku=skus[0]), Wanted(2, sku=skus[1])), ship_to=HOME, email=EMAIL)
    at_once = await bus.send(guest, PlaceOrder(basket), key=_key())
    several = [bus.send(guest, PlaceOrder(basket), key=_key()) for _ in range(6)]
    together = await asyncio.gather(*several)
    for placed in (by_cart, at_once):
        await _brought_to_its_end(bus, staff, placed.order_id)
    await bus.send(staff, CancelOrder(together[0].order_id))
    await bus.send(staff, RecordPayment((Share(together[1].order_id),)))
    await bus.send(staff, RefundPayment(together[1].order_id, amount=100))
    await bus.send(staff, CancelOrder(together[1].order_id))
    await bus.ask(guest, order_page, by_cart.order_id)
    await bus.ask(guest, order_by_number, by_cart.number)
    await bus.ask(staff, order_rows, OrderFilter(), None, LOOKED_AT)
    mine = OrderFilter(customer_id=CustomerId(uuid4()))
    await bus.ask(guest, order_rows, mine, None, LOOKED_AT)


async def _brought_to_its_end(bus: Bus, staff: Scope, order_id: OrderId) -> None:
    wishes: list[Command] = [
        RecordPayment((Share(order_id),)),
        ShipOrder(order_id),
        CompleteOrder(order_id),
    ]
    for wish in wishes:
        await bus.send(staff, wish, key=_key())


async def follow(bus: Bus) -> None:
    """What the worker makes of it."""
    await build_worker(bus).settle()


def _key() -> str:
    return f"walk-{uuid4().hex}"

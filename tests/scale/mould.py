"""Moulds: a few products and their orders, traded by the product itself, to be cast many times.

Everything that one mould leaves in the store bears its mark in its identifiers, its keys and its
articles' names. A cast is the same rows with another mark, another shop, other numbers: whatever
law holds for the mould holds for its casts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tradepost.fulfillment.commands import ShipOrder
from tradepost.kernel.clock import to_micros
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Actor, Command, Scope
from tradepost.ordering.commands import AddToCart, CancelOrder, CompleteOrder, OpenCart, PlaceOrder
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.payments.commands import RecordPayment, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.work import Store
from tradepost.wiring.parts import build_bus
from tradepost.wiring.worker import build_worker

ORDERS = 10
"""Orders of one cast: the last digit of their numbers."""
NUMBERS = 93_704_600
"""What the numbers of a mould's orders begin with, plus the number of the mould."""
NOTES = 81_504_700
"""The number of a mould's credit note, less the number of the mould."""
FIRST_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
CHEAPER = 3
"""Which of them had money given back, so that there is a credit note."""
SHELF = 20
"""Products of the mould that has no orders."""
WORDS = (
    "oak",
    "brass",
    "linen",
    "copper",
    "walnut",
    "cotton",
    "silver",
    "marble",
    "velvet",
    "amber",
)


@dataclass(frozen=True)
class Mould:
    """What is traded: so many products, and ten orders of them; or products alone."""

    number: int
    products: int
    has_orders: bool = True

    @property
    def mark(self) -> str:
        """What stands in every identifier of it."""
        return f"fade{self.number:04x}"

    @property
    def numbers(self) -> int:
        """What the numbers of its orders begin with."""
        return NUMBERS + self.number

    @property
    def note(self) -> int:
        """The number of its credit note."""
        return NOTES + self.number


MOULDS = tuple(Mould(number, products) for number, products in enumerate((2, 3, 1, 2)))
SHELVES = Mould(len(MOULDS), SHELF, has_orders=False)


class MarkedIds:
    """Identifiers of version 7 with a mark in them; what follows it tells them apart."""

    def __init__(self) -> None:
        self.mark = "00000000"
        self.at = FIRST_DAY
        self._count = count(1)

    def new(self) -> UUID:
        """A fresh one."""
        number = next(self._count)
        high = (to_micros(self.at) // 1000) << 80 | 0x7 << 76 | (number >> 16 & 0xFFF) << 64
        low = 0b10 << 62 | int(self.mark, 16) << 16 | number & 0xFFFF
        return UUID(int=high | low)


class SetClock:
    """Shows what it is set to."""

    def __init__(self, ids: MarkedIds) -> None:
        self._ids = ids

    def now(self) -> datetime:
        """A moment later than before, like the identifiers."""
        self._ids.at += timedelta(seconds=1)
        return self._ids.at


@dataclass
class Foundry:
    """The shop in which the moulds are made."""

    shop: Shop
    ids: MarkedIds

    @classmethod
    async def open(cls, store: Store) -> Foundry:
        """A shop, and a bus whose time and identifiers are ours."""
        shop = await open_shop(store)
        ids = MarkedIds()
        shop.bus = build_bus(store, ids=ids, clock=SetClock(ids))
        return cls(shop, ids)

    async def make(self, mould: Mould) -> None:
        """Trade what the mould says, and let every consumer do its part."""
        self.ids.mark, self.ids.at = mould.mark, FIRST_DAY + timedelta(days=mould.number)
        skus = []
        for one in range(mould.products):
            skus.append(f"{WORDS[one % len(WORDS)]}-{one}-{mould.mark}")
            await self.shop.article(skus[-1], f"{4 + one}.50", stock=1000)
        for number in range(ORDERS if mould.has_orders else 0):
            order_id = await self._placed(number, skus, mould.mark)
            await self._brought_on(number, order_id)
        await build_worker(self.shop.bus).settle()

    async def _placed(self, number: int, skus: list[str], mark: str) -> OrderId:
        """Each order is of a guest of its own; one in ten comes by way of a cart."""
        guest = Scope(self.shop.scope.tenant_id, Actor("customer", self.ids.new()))
        email, key = f"{mark}-{number}@example.com", f"order-{mark}-{number:09}"
        wanted = [skus[(number + line) % len(skus)] for line in range(1 + number % 2)]
        if number == 0:
            cart = await self.shop.bus.send(guest, OpenCart())
            for sku in wanted:
                await self.shop.bus.send(guest, AddToCart(cart.cart_id, 1, sku=sku))
            await self.shop.bus.send(guest, ChooseInCart(cart.cart_id, email, HOME))
            basket = Basket(cart_id=cart.cart_id)
        else:
            lines = tuple(Wanted(1, sku=sku) for sku in dict.fromkeys(wanted))
            basket = Basket(lines=lines, ship_to=HOME, email=email)
        placed = await self.shop.bus.send(guest, PlaceOrder(basket), key=key)
        order_id: OrderId = placed.order_id
        return order_id

    async def _brought_on(self, number: int, order_id: OrderId) -> None:
        """One is called off, two wait, two are on their way, five are done with."""
        wishes: list[Command] = [RecordPayment((Share(order_id),))]
        if number == 1:
            wishes = [CancelOrder(order_id)]
        if number == CHEAPER:
            wishes.append(RefundPayment(order_id, amount=100, reason="scratched"))
        if number > 2:
            wishes.append(ShipOrder(order_id))
        if number > 4:
            wishes.append(CompleteOrder(order_id))
        for wish in wishes:
            await self._send(wish)

    async def _send(self, wish: Command) -> Any:
        return await self.shop.bus.send(self.shop.scope, wish)

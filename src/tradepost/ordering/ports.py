"""What ordering needs: its repositories, and what it asks of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import CartId, CustomerId, OrderId, OrderLineId
from tradepost.kernel.messages import Scope
from tradepost.kernel.money import Money
from tradepost.ordering.domain import Cart, Draft, Order, OrderLine
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.quotes import Quotes
from tradepost.ordering.domain.terms import Assessed, Shortage

Booked = tuple[Order, Sequence[OrderLine]]
"""An order with its lines, as the books know it."""


class Orders(Protocol):
    """Where orders are kept."""

    async def numbers(self, count: int, first: int) -> range:
        """Take ``count`` consecutive order numbers, ``first`` being the shop's first ever."""
        ...

    def add(self, made: Sequence[tuple[Order, Sequence[OrderLine]]]) -> None:
        """Keep fresh orders with their lines."""
        ...

    async def lock(self, ids: Sequence[OrderId]) -> dict[OrderId, Order]:
        """The orders, nobody else's until the transaction ends; missing ones are left out."""
        ...

    async def lines(self, ids: Sequence[OrderId]) -> dict[OrderId, list[OrderLine]]:
        """The lines of orders, by position."""
        ...

    async def lock_of(self, customer_id: CustomerId) -> list[Order]:
        """A customer's orders, nobody else's until the transaction ends."""
        ...

    async def save_persons(self, orders: Sequence[Order]) -> None:
        """Write back who locked orders are for; all else stays."""
        ...

    async def save(self, orders: Sequence[Order]) -> None:
        """Write locked orders back, as they are; whoever changed them raised their version."""
        ...

    def add_lines(self, lines: Sequence[OrderLine]) -> None:
        """Keep fresh lines of an order that is there."""
        ...

    async def save_amounts(self, lines: Sequence[OrderLine]) -> None:
        """Write what lines cost after units of them were called off."""
        ...

    async def add_shipped(self, units: Mapping[OrderLineId, int]) -> None:
        """Add units that left to lines of locked orders."""
        ...

    async def save_lines(self, lines: Sequence[OrderLine]) -> None:
        """Write what was shipped, returned and cancelled of lines."""
        ...


class Carts(Protocol):
    """Where carts are kept."""

    async def lock(self, ids: Sequence[CartId]) -> dict[CartId, Cart]:
        """The carts, nobody else's until the transaction ends."""
        ...

    def add(self, cart: Cart) -> None:
        """Keep a fresh cart."""
        ...

    async def save(self, carts: Sequence[Cart]) -> None:
        """Write locked carts back, as they are; whoever changed them raised their version."""
        ...

    async def lock_of(self, customer_id: CustomerId) -> list[Cart]:
        """A customer's carts, whatever became of them, nobody else's until the transaction ends."""
        ...

    async def open_of(self, customer_id: CustomerId) -> Cart | None:
        """The customer's open cart, if there is one."""
        ...


class PriceBook(Protocol):
    """What articles cost, asked of catalogue and pricing."""

    async def quotes(self, baskets: Sequence[Basket]) -> list[Quotes]:
        """For each basket quotes by variant and by case-folded SKU; none for what is unknown."""
        ...


class Taxes(Protocol):
    """What tax is due, asked of pricing."""

    async def assess(self, drafts: Sequence[Draft]) -> list[Assessed]:
        """The tax of each draft."""
        ...


@dataclass(frozen=True, slots=True)
class Fitted:
    """A basket as it can be brought to its shopper: from where, when and for what; ``refusal``
    says why it cannot be brought so."""

    basket: Basket
    refusal: Refusal | None = None


class Carriage(Protocol):
    """How goods reach shoppers, asked of whoever brings them.

    Places are locked before stock, so whoever gives both back begins with the places.
    """

    async def fit(self, baskets: Sequence[Basket]) -> list[Fitted]:
        """Each basket with its location and tariff; what is shipped stays as it is."""
        ...

    async def reserve(self, drafts: Sequence[Draft]) -> list[Refusal | None]:
        """Lock the places that drafts want, in order of arrival; why one cannot have its."""
        ...

    async def take(self, orders: Sequence[Order]) -> None:
        """Give placed orders the places that were locked for them."""
        ...

    async def release(self, orders: Sequence[Order]) -> None:
        """Take back the places of orders that were called off."""
        ...


class StockRoom(Protocol):
    """What the shelves promise, asked of inventory."""

    async def allocate(self, drafts: Sequence[Draft]) -> list[Shortage | None]:
        """Promise each draft its goods, in order of arrival: all lines of one or none."""
        ...

    async def release(self, orders: Sequence[Order], at: datetime) -> None:
        """Take back what orders were promised and has not left."""
        ...

    async def release_units(
        self, order: Order, units: Sequence[tuple[OrderLineId, int]], at: datetime
    ) -> None:
        """Take back so many units of an order's lines; services were promised none."""
        ...

    async def request_holds(self, carts: Sequence[tuple[Cart, Scope]]) -> None:
        """Ask for the goods of carts to be held, each for whoever changed it last.

        :raises Refusal: if one of them would hold more than they may.
        """
        ...

    async def drop_hold(self, cart_id: CartId, at: datetime) -> None:
        """Let go of what a cart holds."""
        ...


class Books(Protocol):
    """Where money is posted, asked of the ledger."""

    def sold(self, order: Order, lines: Sequence[OrderLine]) -> None:
        """Post a placed order: what is owed, for goods, services, shipping and tax."""
        ...

    async def changed(self, before: Booked, after: Booked, at: datetime) -> Money:
        """Post what a changed order is worth less what it was worth; what is credited on it."""
        ...

    async def given_back(self, order_id: OrderId) -> Mapping[OrderLineId, tuple[int, int]]:
        """What units of a locked order that came back were worth, tax inside, and its tax."""
        ...

    async def called_off(self, order: Order, lines: Sequence[OrderLine], at: datetime) -> None:
        """Post the reverse of a placed order."""
        ...

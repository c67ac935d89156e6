"""What the floor asks of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tradepost.kernel.clock import business_date
from tradepost.kernel.ids import (
    CategoryId,
    LocationId,
    OrderId,
    OrderLineId,
    PaymentId,
    ProductId,
    VariantId,
)
from tradepost.kernel.money import Currency, RoundingPolicy


@dataclass(frozen=True, slots=True)
class Terms:
    """The shop's currency, its rounding, and the way its business days are cut."""

    currency: Currency
    rounding: RoundingPolicy
    time_zone: str
    cutoff_hour: int

    def day_of(self, instant: datetime) -> date:
        """The business day of an instant."""
        return business_date(instant, self.time_zone, self.cutoff_hour)


@dataclass(frozen=True, slots=True)
class Dish:
    """What the floor must know of an article; ``category_ids`` from the nearest to the root."""

    variant_id: VariantId
    product_id: ProductId
    sku: str
    title: str
    fulfillment_type: str
    category_ids: tuple[CategoryId, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of an article in an order, in millionths of the major unit if not at its own price."""

    variant_id: VariantId
    quantity: int
    price_micros: int | None = None


@dataclass(frozen=True, slots=True)
class SoldLine:
    """An order line as it was sold; ``gross`` has all tax inside, in minor units."""

    id: OrderLineId
    gross: int


@dataclass(frozen=True, slots=True)
class Sold:
    """An order as it stands; amounts in minor units."""

    order_id: OrderId
    number: int
    total: int
    lines: tuple[SoldLine, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What an order owes, and what its lines came to before tax: minor units."""

    due: int
    paid: int
    worth: int


@dataclass(frozen=True, slots=True)
class Tender:
    """Money taken for orders, each its part; minor units."""

    shares: tuple[tuple[OrderId, int], ...]
    method: str
    tip: int
    reference: str
    at: datetime


class Menu(Protocol):
    """Articles, asked of the catalogue."""

    async def dishes(
        self, skus: Sequence[str], ids: Sequence[VariantId]
    ) -> dict[VariantId | str, Dish]:
        """Articles by their folded SKU and by variant; unknown ones are left out."""
        ...

    async def check_routes(
        self, products: Sequence[ProductId], categories: Sequence[CategoryId]
    ) -> None:
        """Go on if there are all of them; :class:`Unknown` if not."""
        ...


class Locations(Protocol):
    """Where the shop may sell, asked of tenancy."""

    def check(self, location_id: LocationId) -> None:
        """Go on if it is an open location of the shop; :class:`Unknown` if not."""
        ...


class OrderBook(Protocol):
    """Orders with their money and goods, asked of the spine inside this transaction."""

    async def place(
        self, order_id: OrderId, location_id: LocationId, lines: Sequence[Wanted], at: datetime
    ) -> Sold:
        """Place an order at a table: its lines at what they cost now."""
        ...

    async def call_off(
        self, order_id: OrderId, units: Sequence[tuple[OrderLineId, int]], at: datetime
    ) -> Sold | None:
        """Call units of an order off; nothing if it is called off as a whole with that."""
        ...

    async def owed(self, ids: Sequence[OrderId], *, locked: bool = True) -> Mapping[OrderId, Owed]:
        """What orders owe, in the order in which they are named."""
        ...

    async def pay(self, tender: Tender) -> PaymentId:
        """Record a payment for orders."""
        ...

    async def set_stage(self, order_id: OrderId, stage: str, at: datetime) -> None:
        """Tell how far the kitchen is with an order that is still open."""
        ...

    async def finish(self, ids: Sequence[OrderId], at: datetime) -> None:
        """Hand the goods of paid orders over and complete them."""
        ...

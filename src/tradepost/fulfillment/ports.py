"""What fulfillment needs: its repositories, and what it asks of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tradepost.fulfillment.domain import OpenOrder, Return, ReturnLine, Shipment, ShipmentLine
from tradepost.fulfillment.domain.digital import DigitalFile
from tradepost.fulfillment.domain.downloads import DigitalOrder, Download, DownloadGrant
from tradepost.fulfillment.domain.sold import Given, SoldOrder
from tradepost.fulfillment.errors import NotDigital
from tradepost.kernel.clock import business_date
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import (
    CustomerId,
    DownloadGrantId,
    LocationId,
    OrderId,
    OrderLineId,
    ProductId,
    ReturnId,
    ShipmentId,
    VariantId,
)
from tradepost.kernel.money import Currency, RoundingPolicy


@dataclass(frozen=True, slots=True)
class Terms:
    """The shop's rules for returns; ``limit`` in minor units, of those without a receipt.

    With one they are taken for so many ``return_days`` after the goods arrived.
    """

    currency: Currency
    time_zone: str
    cutoff_hour: int
    rounding: RoundingPolicy
    location_id: LocationId | None
    limit_without_receipt: int | None
    return_days: int

    def day_of(self, instant: datetime) -> date:
        """The business day of an instant."""
        return business_date(instant, self.time_zone, self.cutoff_hour)


@dataclass(frozen=True, slots=True)
class Article:
    """What a return without a receipt must know of an article."""

    variant_id: VariantId
    product_id: ProductId
    sku: str
    title: str
    fulfillment_type: str
    price_per: int
    stocked: bool = True


def check_digital(article: Article) -> None:
    """Go on if an article is delivered by a file.

    :raises NotDigital: if not.
    """
    if article.fulfillment_type != "digital":
        raise NotDigital(article.sku, article.fulfillment_type)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Units of an order that leave by a shipment; what is made to order lies on no shelf."""

    order_id: OrderId
    shipment_id: ShipmentId
    at: datetime
    lines: tuple[tuple[OrderLineId, VariantId, int], ...]
    made_to_order: frozenset[OrderLineId] = frozenset()


class Shipments(Protocol):
    """Where shipments are kept."""

    def add(self, shipment: Shipment, lines: Sequence[ShipmentLine]) -> None:
        """Keep a fresh shipment."""
        ...

    async def lock(self, shipment_id: ShipmentId) -> Shipment:
        """The shipment, nobody else's until the transaction ends; :class:`Unknown` if missing."""
        ...

    async def save(self, shipment: Shipment) -> None:
        """Write a locked shipment back."""
        ...


class Parcels(Protocol):
    """The shipments of an order: whose they were, and when they arrived."""

    async def lock_of(self, order_id: OrderId) -> list[Shipment]:
        """An order's shipments, nobody else's until the transaction ends."""
        ...

    async def arrived(self, order_id: OrderId) -> Mapping[OrderLineId, datetime]:
        """When the last units of each line arrived, or left where that is not known."""
        ...

    async def save_numbers(self, changed: Sequence[Shipment]) -> None:
        """Write back the tracking numbers of locked shipments."""
        ...


class Returns(Protocol):
    """Where returns are kept."""

    def add(self, made: Return, lines: Sequence[ReturnLine]) -> None:
        """Keep a fresh return."""
        ...

    async def lock(self, return_id: ReturnId) -> tuple[Return, list[ReturnLine]]:
        """The return with its lines, nobody else's until the transaction ends."""
        ...

    async def save(self, made: Return) -> None:
        """Write a locked return back."""
        ...

    async def save_worth(self, lines: Sequence[ReturnLine]) -> None:
        """Write what is given for lines of a locked return."""
        ...

    async def given_on(self, order_id: OrderId) -> Given:
        """What was given for units of a locked order that came back, refunded yet or not."""
        ...


class OrderBook(Protocol):
    """Orders, asked of ordering."""

    async def to_ship(self, ids: Sequence[OrderId]) -> dict[OrderId, OpenOrder]:
        """The orders, locked, with what of them is still to ship."""
        ...

    async def shipped(self, parcels: Sequence[Parcel]) -> None:
        """Tell that units left."""
        ...

    async def sold(self, order_id: OrderId) -> SoldOrder:
        """The order as it was sold; :class:`Unknown` if missing."""
        ...

    async def returned(self, order_id: OrderId, units: Sequence[tuple[OrderLineId, int]]) -> None:
        """Tell that units came back."""
        ...


class KnownOrders(Protocol):
    """Which orders there are, asked of ordering."""

    async def check(self, order_id: OrderId, owner: CustomerId | None = None) -> None:
        """Go on if there is such an order, of the owner if one is named.

        :raises Unknown: if not.
        """
        ...


class Shelves(Protocol):
    """Stock, asked of inventory."""

    async def ship(self, parcels: Sequence[Parcel]) -> None:
        """Take promised units off the shelf."""
        ...

    async def put_back(
        self, made: Sequence[tuple[Return, Sequence[ReturnLine]]], location_id: LocationId | None
    ) -> Sequence[Refusal | None]:
        """Put goods that came back onto the shelf, or write them off; why not, for each return."""
        ...


@dataclass(frozen=True, slots=True)
class LinkTerms:
    """The shop's own terms for links, where an article has none: hours, and downloads a unit."""

    hours: int
    downloads_per_unit: int


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How large a file of the shop may be."""

    bytes_max: int


class DigitalFiles(Protocol):
    """Where it is kept which file each digital variant has."""

    async def lock_of(self, variant_id: VariantId) -> DigitalFile | None:
        """The file of a variant, nobody else's until the transaction ends."""
        ...

    async def of(self, variant_ids: Sequence[VariantId]) -> Mapping[VariantId, DigitalFile]:
        """The files of variants, those that there are."""
        ...

    def add(self, file: DigitalFile) -> None:
        """Keep a variant's first file."""
        ...

    async def save(self, file: DigitalFile) -> None:
        """Write a locked file back."""
        ...


class Downloads(Protocol):
    """Where grants and the downloads by them are kept."""

    async def lock(self, grant_id: DownloadGrantId) -> DownloadGrant:
        """The grant, nobody else's until the transaction ends; :class:`Unknown` if missing."""
        ...

    async def lock_of(self, order_ids: Sequence[OrderId]) -> list[DownloadGrant]:
        """The grants of orders, nobody else's until the transaction ends."""
        ...

    def add(self, grants: Sequence[DownloadGrant]) -> None:
        """Keep fresh grants."""
        ...

    async def save(self, grants: Sequence[DownloadGrant]) -> None:
        """Write locked grants back."""
        ...

    async def running(self, grant_id: DownloadGrantId, client: str) -> Download | None:
        """What a client began last by a locked grant."""
        ...

    def begin(self, download: Download) -> None:
        """Keep a download that counts."""
        ...

    async def go_on(self, download: Download) -> None:
        """Write back what was promised in a download."""
        ...


class DigitalOrders(Protocol):
    """Orders with something digital in them, asked of ordering and payments."""

    async def among(self, order_ids: Sequence[OrderId]) -> list[OrderId]:
        """Those of the orders that have a digital line, in the order of their identifiers."""
        ...

    async def lock(self, order_ids: Sequence[OrderId]) -> list[DigitalOrder]:
        """The orders, nobody else's until the transaction ends, with their digital lines."""
        ...

    async def complete(self, order_ids: Sequence[OrderId], at: datetime) -> None:
        """Close locked orders of which all is delivered."""
        ...


class Catalogue(Protocol):
    """Articles, asked of the catalogue."""

    async def one(self, variant_id: VariantId) -> Article:
        """The article of a variant; :class:`Unknown` if there is none."""
        ...

    async def by_sku(self, sku_keys: Sequence[str]) -> dict[str, Article]:
        """Articles by their case-folded SKU; unknown ones are left out."""
        ...


class Till(Protocol):
    """Money, asked of ledger and payments."""

    def check_method(self, method: str) -> None:
        """Refuse a method by which nothing can be paid back on the spot."""
        ...

    async def give_back(
        self, made: Sequence[tuple[Return, Sequence[ReturnLine]]], method: str
    ) -> None:
        """Post what came back, and pay for it by a method."""
        ...

    async def refund(self, made: Return, lines: Sequence[ReturnLine], method: str | None) -> None:
        """Post what came back on an order, and refund it from the order's payments.

        It goes back by a ``method``, or as it came.
        """
        ...
